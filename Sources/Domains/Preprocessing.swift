import LinearAlgebra

/// One step of a card's preprocessing.
///
/// Steps are applied in the card's order. Missing values are NaN until
/// `imputeSourceMean` replaces them; statistics leave them out, and what is left of them at
/// the end is an error.
public enum PreprocessingStep: Sendable, Hashable {
  /// `row-sum`: each row divided by its sum; rows of sum 0 stay.
  case rowSum
  /// `row-l2`: each row divided by its Euclidean norm; zero rows stay.
  case rowL2
  /// `standardize-domain`: each column of each domain by its own mean and population standard
  /// deviation; constant columns become 0.
  case standardizeDomain
  /// `standardize-source`: both domains by the source's means and population standard
  /// deviations; columns constant in the source become 0 in both.
  case standardizeSource
  /// `impute-source-mean`: missing values replaced by the source's mean of the column (0 where
  /// the source has no value), and, to the right, a column of 0 and 1 for each column in which
  /// either domain misses a value, in their order.
  case imputeSourceMean
  /// `scale: x`: every value times x.
  case scale(Double)
  /// `first-columns: k`: the first k columns.
  case firstColumns(Int)
  /// `area-mean: {from: [h, w], to: [h', w']}`: images made smaller; each new pixel is the mean
  /// of the old ones that it covers, by area.
  case areaMean(from: ImageSize, to: ImageSize)
  /// `strokes-to-bitmap: {size: s, pen: w}`: rows x₁, y₁, x₂, y₂, … of a pen's path, y upwards,
  /// drawn with a pen w pixels wide, the longer side fitted to s pixels of a 32 × 32 bitmap, and
  /// counted in 4 × 4 blocks: 64 columns of 0 to 16.
  case strokesToBitmap(size: Double, pen: Double)

  /// The height and width of an image, in pixels.
  public struct ImageSize: Sendable, Hashable {
    /// The number of pixel rows.
    public let height: Int
    /// The number of pixel columns.
    public let width: Int

    /// A size of so many rows and columns.
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// Whether the step's result on one domain depends on the source.
  var needsSource: Bool { self == .standardizeSource || self == .imputeSourceMean }
}

/// Why a step can't be applied: it demands another number of columns, or other values.
struct PreprocessingFailure: Error {
  let reason: String
}

extension PreprocessingStep {
  /// The step applied to the features of a source and a target.
  func applied(
    source: Matrix<Double>, target: Matrix<Double>
  ) throws(PreprocessingFailure) -> (source: Matrix<Double>, target: Matrix<Double>) {
    switch self {
    case .standardizeSource:
      let statistics = ColumnStatistics(source)
      return (statistics.standardized(source), statistics.standardized(target))
    case .imputeSourceMean:
      let means = ColumnStatistics(source).means
      let incomplete = (0..<source.columns).filter { column in
        source.column(column).contains { $0.isNaN } || target.column(column).contains { $0.isNaN }
      }
      return (
        source.imputed(with: means, flagging: incomplete),
        target.imputed(with: means, flagging: incomplete)
      )
    default:
      return (try applied(to: source), try applied(to: target))
    }
  }

  /// A step that looks at one domain only, applied to its features.
  func applied(to x: Matrix<Double>) throws(PreprocessingFailure) -> Matrix<Double> {
    switch self {
    case .rowSum: return x.dividingRows { $0.reduce(0, +) }
    case .rowL2: return x.dividingRows { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    case .standardizeDomain: return ColumnStatistics(x).standardized(x)
    case .scale(let factor): return x.map { $0 * factor }
    case .firstColumns(let count):
      guard count <= x.columns else {
        throw PreprocessingFailure(reason: "first-columns: \(count), but there are \(x.columns)")
      }
      return x.selecting(columns: 0..<count)
    case .areaMean(let from, let to): return try x.areaMean(from: from, to: to)
    case .strokesToBitmap(let size, let pen): return try x.drawn(size: size, pen: pen)
    case .standardizeSource, .imputeSourceMean:
      preconditionFailure("A step that needs the source is applied to both domains.")
    }
  }
}

/// Means and population standard deviations of columns, over the values that aren't missing.
struct ColumnStatistics {
  let means: [Double]
  let deviations: [Double]

  /// The statistics of every column; mean and deviation are 0 where all values are missing.
  init(_ x: Matrix<Double>) {
    var counts = [Double](repeating: 0, count: x.columns)
    var means = [Double](repeating: 0, count: x.columns)
    var squares = means
    var isConstant = [Bool](repeating: true, count: x.columns)
    var firsts = [Double?](repeating: nil, count: x.columns)
    for row in 0..<x.rows {
      for (column, value) in x.row(row).enumerated() where !value.isNaN {
        counts[column] += 1
        means[column] += value
        if let first = firsts[column] {
          if first != value { isConstant[column] = false }
        } else {
          firsts[column] = value
        }
      }
    }
    for column in 0..<x.columns where counts[column] > 0 { means[column] /= counts[column] }
    for row in 0..<x.rows {
      for (column, value) in x.row(row).enumerated() where !value.isNaN {
        squares[column] += (value - means[column]) * (value - means[column])
      }
    }
    self.means = means
    // A constant column has deviation 0 exactly, whatever the rounding of its mean.
    deviations = (0..<x.columns).map {
      isConstant[$0] ? 0 : (squares[$0] / counts[$0]).squareRoot()
    }
  }

  /// (x − mean) / deviation in each column, 0 where the deviation is; missing values stay.
  func standardized(_ x: Matrix<Double>) -> Matrix<Double> {
    var result = x
    for row in 0..<x.rows {
      for column in 0..<x.columns where !x[row, column].isNaN {
        result[row, column] =
          deviations[column] > 0 ? (x[row, column] - means[column]) / deviations[column] : 0
      }
    }
    return result
  }
}

extension Matrix<Double> {
  /// Each row divided by a number made from it; rows for which that is 0 or NaN stay.
  fileprivate func dividingRows(by divisor: (ArraySlice<Double>) -> Double) -> Matrix<Double> {
    var result = self
    for row in 0..<rows {
      let value = divisor(self.row(row))
      guard value != 0, !value.isNaN else { continue }
      for index in row * columns..<(row + 1) * columns { result.elements[index] /= value }
    }
    return result
  }

  /// Missing values replaced, and a column of 0 and 1 appended for each of `flagged`.
  fileprivate func imputed(with means: [Double], flagging flagged: [Int]) -> Matrix<Double> {
    var joined: [Double] = []
    joined.reserveCapacity(rows * (columns + flagged.count))
    for index in 0..<rows {
      let row = Array(self.row(index))
      for (value, mean) in Swift.zip(row, means) { joined.append(value.isNaN ? mean : value) }
      for column in flagged { joined.append(row[column].isNaN ? 1 : 0) }
    }
    return Matrix(rows: rows, columns: columns + flagged.count, elements: joined)
  }

  /// The rows as images, made smaller.
  fileprivate func areaMean(
    from: PreprocessingStep.ImageSize, to: PreprocessingStep.ImageSize
  ) throws(PreprocessingFailure) -> Matrix<Double> {
    guard from.height * from.width == columns else {
      throw PreprocessingFailure(
        reason: "area-mean from \(from.height) × \(from.width), but there are \(columns) columns")
    }
    let (down, across) = (coverage(from.height, to.height), coverage(from.width, to.width))
    let area = Double(from.height * from.width) / Double(to.height * to.width)
    var elements: [Double] = []
    elements.reserveCapacity(rows * to.height * to.width)
    for index in 0..<rows {
      let start = index * columns
      for vertical in down {
        for horizontal in across {
          var sum = 0.0
          for (row, height) in vertical {
            for (column, width) in horizontal {
              sum += height * width * self.elements[start + row * from.width + column]
            }
          }
          elements.append(sum / area)
        }
      }
    }
    return Matrix(rows: rows, columns: to.height * to.width, elements: elements)
  }

  /// The rows as pen paths x₁, y₁, x₂, y₂, …, y upwards, drawn and block-counted.
  fileprivate func drawn(size: Double, pen: Double) throws(PreprocessingFailure) -> Matrix<Double> {
    guard columns >= 2, columns % 2 == 0 else {
      throw PreprocessingFailure(
        reason: "strokes-to-bitmap takes pairs of columns, but there are \(columns)")
    }
    var elements: [Double] = []
    elements.reserveCapacity(rows * 64)
    for index in 0..<rows {
      let values = Array(row(index))
      guard values.allSatisfy({ abs($0) <= 1e6 }) else {
        throw PreprocessingFailure(
          reason: "strokes-to-bitmap takes coordinates up to 1e6, row \(index + 1) has others")
      }
      let points = stride(from: 0, to: columns, by: 2).map {
        PenPoint(x: values[$0], y: -values[$0 + 1])
      }
      let strokes = PenStrokes(lines: [points]).fitted(size: size, canvas: Double(PenStrokes.side))
      elements.append(contentsOf: PenStrokes.blockCounts(strokes.bitmap(penWidth: pen)))
    }
    return Matrix(rows: rows, columns: 64, elements: elements)
  }
}

/// For each of `new` equal parts of a line of `old` cells: the cells in it and how much of each.
private func coverage(_ old: Int, _ new: Int) -> [[(cell: Int, share: Double)]] {
  (0..<new).map { part in
    let (start, end) = (Double(part * old) / Double(new), Double((part + 1) * old) / Double(new))
    return (part * old / new..<((part + 1) * old + new - 1) / new).map { cell in
      (cell, min(end, Double(cell + 1)) - max(start, Double(cell)))
    }
  }
}

extension PreprocessingStep {
  /// The names of all steps, as cards spell them.
  static let names = [
    "row-sum", "row-l2", "standardize-domain", "standardize-source", "impute-source-mean", "scale",
    "first-columns", "area-mean", "strokes-to-bitmap",
  ]

  /// The step that an item of a card's list stands for: a name, or a name with its value.
  init(_ item: CardNode) throws(DomainError) {
    let simple: [(String, PreprocessingStep)] = [
      ("row-sum", .rowSum), ("row-l2", .rowL2), ("standardize-domain", .standardizeDomain),
      ("standardize-source", .standardizeSource), ("impute-source-mean", .imputeSourceMean),
    ]
    let expected = "a step: " + PreprocessingStep.names.joined(separator: ", ")
    if item.isScalar {
      let name = try item.text()
      guard let step = simple.first(where: { $0.0 == name }) else {
        throw item.error(
          expected: PreprocessingStep.names.contains(name) ? "a value after “\(name):”" : expected)
      }
      self = step.1
      return
    }
    let entries = try item.entries()
    guard entries.count == 1, let (name, value) = entries.first else {
      throw item.error(expected: expected)
    }
    switch name {
    case "scale": self = .scale(try value.number())
    case "first-columns": self = .firstColumns(try value.integer(atLeast: 1))
    case "area-mean":
      let fields = try value.fields(["from", "to"])
      let from = try ImageSize(fields.required("from"))
      let to = try ImageSize(fields.required("to"))
      guard to.height <= from.height, to.width <= from.width else {
        throw value.error(expected: "a size no larger than before", found: "a larger one")
      }
      self = .areaMean(from: from, to: to)
    case "strokes-to-bitmap":
      let fields = try value.fields(["size", "pen"])
      let (size, pen) = (try fields.required("size"), try fields.required("pen"))
      guard try (1...32).contains(size.number()) else {
        throw size.error(expected: "a number of pixels from 1 to 32")
      }
      guard try (1...16).contains(pen.number()) else {
        throw pen.error(expected: "a number of pixels from 1 to 16")
      }
      self = .strokesToBitmap(size: try size.number(), pen: try pen.number())
    default: throw item.error(expected: expected, found: "“\(name)” with a value")
    }
  }
}

extension PreprocessingStep.ImageSize {
  /// The size that a list of two numbers stands for.
  init(_ node: CardNode) throws(DomainError) {
    let sides = try node.items()
    guard sides.count == 2 else { throw node.error(expected: "height and width, as in [16, 16]") }
    let (height, width) = (
      try sides[0].integer(atLeast: 1), try sides[1].integer(atLeast: 1)
    )
    guard height <= 4096, width <= 4096 else {
      throw node.error(expected: "sides of at most 4096 pixels")
    }
    self.init(height: height, width: width)
  }
}
