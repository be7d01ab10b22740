/// Numbers in double precision, and the operations of networks on them in their plainest form: what
/// the engine is compared with.
struct Reference {
  var shape: [Int]
  var values: [Double]

  init(_ shape: [Int], _ values: [Double]) {
    precondition(
      shape.reduce(1, *) == values.count, "A tensor has as many values as its shape says.")
    self.shape = shape
    self.values = values
  }

  /// The value of each place.
  init(_ shape: [Int], _ value: ([Int]) -> Double) {
    self.shape = shape
    var place = shape.map { _ in 0 }
    values = (0..<shape.reduce(1, *)).map { _ in
      defer {
        for axis in shape.indices.reversed() {
          place[axis] += 1
          if place[axis] < shape[axis] { break }
          place[axis] = 0
        }
      }
      return value(place)
    }
  }

  init(_ value: Double) { self.init([], [value]) }

  subscript(_ place: Int...) -> Double { values[offset(place)] }

  subscript(_ place: [Int]) -> Double { values[offset(place)] }

  private func offset(_ place: [Int]) -> Int {
    zip(shape, place).reduce(0) { $0 * $1.0 + $1.1 }
  }

  var width: Int { shape[shape.count - 1] }

  var rows: [[Double]] {
    stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  func map(_ function: (Double) -> Double) -> Reference { Reference(shape, values.map(function)) }

  func mapRows(_ function: ([Double]) -> [Double]) -> Reference {
    Reference(shape, rows.flatMap(function))
  }

  func combined(_ other: Reference, _ function: (Double, Double) -> Double) -> Reference {
    Reference(shape, zip(values, other.values).map(function))
  }

  var mean: Double { values.reduce(0, +) / Double(values.count) }

  func dense(_ weight: Reference, _ bias: Reference?) -> Reference {
    Reference(
      shape.dropLast() + [weight.shape[0]],
      rows.flatMap { row in
        (0..<weight.shape[0]).map { output in
          zip(row, weight.rows[output]).reduce(bias?.values[output] ?? 0) { $0 + $1.0 * $1.1 }
        }
      })
  }

  /// Images [samples, height, width, channels]; kernels [out, in by group, height, width].
  func conv2d(
    _ weight: Reference, _ bias: Reference?, stride: [Int], padding: [Int], dilation: [Int],
    groups: Int
  ) -> Reference {
    let size = (0..<2).map { axis -> Int in
      let reach = dilation[axis] * (weight.shape[axis + 2] - 1) + 1
      return (shape[axis + 1] + 2 * padding[axis] - reach) / stride[axis] + 1
    }
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let (x, kernels) = (values, weight.values)
    return Reference([shape[0], size[0], size[1], outputs]) { place in
      var sum = bias?.values[place[3]] ?? 0
      let first = place[3] / (outputs / groups) * inputs
      for i in 0..<weight.shape[2] {
        let row = place[1] * stride[0] - padding[0] + i * dilation[0]
        guard (0..<shape[1]).contains(row) else { continue }
        for j in 0..<weight.shape[3] {
          let column = place[2] * stride[1] - padding[1] + j * dilation[1]
          guard (0..<shape[2]).contains(column) else { continue }
          let pixel = ((place[0] * shape[1] + row) * shape[2] + column) * shape[3] + first
          let area = weight.shape[2] * weight.shape[3]
          let kernel = place[3] * inputs * area + i * weight.shape[3] + j
          for channel in 0..<inputs {
            sum += x[pixel + channel] * kernels[kernel + channel * area]
          }
        }
      }
      return sum
    }
  }

  /// What a function makes of the numbers in each window, and of how many there are with padding.
  func pooled(
    _ kernel: Int, stride: Int, padding: Int, _ function: ([Double]) -> Double
  ) -> Reference {
    let size = (1...2).map { (shape[$0] + 2 * padding - kernel) / stride + 1 }
    return Reference([shape[0], size[0], size[1], shape[3]]) { place in
      var window: [Double] = []
      for row in place[1] * stride - padding..<place[1] * stride - padding + kernel {
        for column in place[2] * stride - padding..<place[2] * stride - padding + kernel
        where (0..<shape[1]).contains(row) && (0..<shape[2]).contains(column) {
          window.append(self[place[0], row, column, place[3]])
        }
      }
      return function(window)
    }
  }

  func adaptivePooled(_ down: Int, _ across: Int) -> Reference {
    Reference([shape[0], down, across, shape[3]]) { place in
      let rows = bin(place[1], of: down, length: shape[1])
      let columns = bin(place[2], of: across, length: shape[2])
      var sum = 0.0
      for row in rows { for column in columns { sum += self[place[0], row, column, place[3]] } }
      return sum / Double(rows.count * columns.count)
    }
  }

  private func bin(_ index: Int, of count: Int, length: Int) -> Range<Int> {
    let start = Int((Double(index * length) / Double(count)).rounded(.down))
    let end = Int((Double((index + 1) * length) / Double(count)).rounded(.up))
    return start..<end
  }

  var softmax: Reference { logSoftmax.map(exponential) }

  var logSoftmax: Reference {
    mapRows { row in
      let top = row.max() ?? 0
      let shift = top + logarithm(row.reduce(0) { $0 + exponential($1 - top) })
      return row.map { $0 - shift }
    }
  }

  func layerNorm(_ factors: Reference, _ offsets: Reference, epsilon: Double) -> Reference {
    mapRows { row in
      let z = standardised(row, epsilon)
      return z.indices.map { z[$0] * factors.values[$0] + offsets.values[$0] }
    }
  }

  func groupNorm(
    _ factors: Reference, _ offsets: Reference, groups: Int, epsilon: Double
  ) -> Reference {
    let width = shape[3] / groups
    var result = self
    for sample in 0..<shape[0] {
      for group in 0..<groups {
        let places = values.indices.filter {
          $0 / (shape[1] * shape[2] * shape[3]) == sample && $0 % shape[3] / width == group
        }
        let z = standardised(places.map { values[$0] }, epsilon)
        for (place, number) in zip(places, z) {
          result.values[place] =
            number * factors.values[place % shape[3]] + offsets.values[place % shape[3]]
        }
      }
    }
    return result
  }

  func batchNorm(_ factors: Reference, _ offsets: Reference, epsilon: Double) -> Reference {
    var result = self
    for channel in 0..<width {
      let places = values.indices.filter { $0 % width == channel }
      let z = standardised(places.map { values[$0] }, epsilon)
      for (place, number) in zip(places, z) {
        result.values[place] = number * factors.values[channel] + offsets.values[channel]
      }
    }
    return result
  }

  /// Attention of [samples, steps, features].
  static func attention(
    _ q: Reference, _ k: Reference, _ v: Reference, heads: Int, mask: Reference?, isCausal: Bool
  ) -> Reference {
    let size = q.shape[2] / heads
    let steps = k.shape[1]
    return Reference(q.shape) { place in
      let first = place[2] / size * size
      let scores = Reference(
        [1, steps],
        (0..<steps).map { step in
          var score = 0.0
          for feature in first..<first + size {
            score += q[place[0], place[1], feature] * k[place[0], step, feature]
          }
          return score / Double(size).squareRoot() + (mask?[place[0], step] ?? 0)
            - (isCausal && step > place[1] ? 1e9 : 0)
        })
      let p = scores.softmax.values
      return (0..<steps).reduce(0) { $0 + p[$1] * v[place[0], $1, place[2]] }
    }
  }

  /// The squared mean discrepancy with kernels exp(−‖a − b‖² / h).
  static func meanDiscrepancy(_ source: Reference, _ target: Reference, _ widths: [Double])
    -> Double
  {
    func mean(_ one: Reference, _ other: Reference) -> Double {
      var sum = 0.0
      for a in one.rows {
        for b in other.rows {
          let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          sum += widths.reduce(0) { $0 + exponential(-distance / $1) }
        }
      }
      return sum / Double(one.rows.count * other.rows.count)
    }
    return mean(source, source) + mean(target, target) - 2 * mean(source, target)
  }

  var covariance: Reference {
    let rows = rows
    let means = (0..<width).map { column in
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    return Reference([width, width]) { place in
      rows.reduce(0) {
        $0 + ($1[place[0]] - means[place[0]]) * ($1[place[1]] - means[place[1]])
      } / Double(rows.count - 1)
    }
  }
}

private func standardised(_ numbers: [Double], _ epsilon: Double) -> [Double] {
  let count = Double(numbers.count)
  let mean = numbers.reduce(0, +) / count
  let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  return numbers.map { ($0 - mean) / (variance + epsilon).squareRoot() }
}
