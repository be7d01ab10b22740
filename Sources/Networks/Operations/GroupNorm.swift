import CKernels

/// Each group of an image's channels less its mean, over its deviation (Wu & He, ECCV 2018).
///
/// ```
/// z = (x − m) s,   s = 1/√(v + ε),   y = γ z + β                         (1)
/// ∂L/∂x = s (g − A/n − z B/n),   g = γ ∂L/∂y,   A = Σ g,   B = Σ g z     (2)
/// ```
///
/// m, v, A and B are of the n numbers of a sample's group, γ and β of a channel. Images are
/// [samples, height, width, channels].
final class GroupNorm: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  let sharing = MemorySharing.overwriting
  private let epsilon: Float
  private let groups: Int
  private let samples: Int
  private let pixels: Int
  private let channels: Int
  /// The mean and the scale s of each sample's groups.
  private let moments: Storage
  private var scratch: [Floats] = []
  /// Of each half: two rows of sums over pixels, and two of them over samples.
  private let sums: [Doubles]

  init(_ input: Variable, factors: Variable, offsets: Variable, groups: Int, epsilon: Float) {
    operands = [input, factors, offsets].map { Operand($0.node) }
    output = Variable.output(input.shape, of: operands)
    let (samples, height, width, channels) = input.shape.images
    precondition(groups > 0 && channels % groups == 0, "Groups divide the channels.")
    self.epsilon = epsilon
    self.groups = groups
    self.samples = samples
    self.channels = channels
    pixels = height * width
    moments = Storage(count: 2 * samples * groups)
    sums = [Doubles(count: 4 * channels), Doubles(count: 4 * channels)]
  }

  var scratchCount: Int { 3 * channels }

  func prepare(scratch: [Floats]) { self.scratch = scratch }

  func forward(_ team: Team) {
    let (factors, offsets) = (operands[1].value, operands[2].value)
    team.split(samples, width: 4 * pixels * channels) { range in
      let half = range.lowerBound == 0 ? 0 : 1
      let slopes = scratch[half]
      for sample in range {
        let x = operands[0].value.from(sample, width: pixels * channels)
        takeMoments(sample, x, sums[half])
        for channel in 0..<channels {
          let (mean, scale) = moments(sample, channel)
          slopes[channel] = scale * factors[channel]
          slopes[channels + channel] = offsets[channel] - mean * slopes[channel]
        }
        ck_affine_f32(
          pixels, channels, x, slopes.baseAddress, slopes.from(channels), nil, 0,
          output.value.from(sample, width: pixels * channels))
      }
    }
  }

  /// The mean and the scale of each group, by way of sums about the first pixel.
  private func takeMoments(_ sample: Int, _ x: UnsafeMutablePointer<Float>?, _ sums: Doubles) {
    guard let x else { return }
    let numbers = sums.numbers
    ck_shifted_moments_f32(
      pixels, channels, x, x, numbers.baseAddress, numbers.baseAddress?.advanced(by: channels))
    let width = channels / groups
    let count = Double(width * pixels)
    for group in 0..<groups {
      let members = group * width..<(group + 1) * width
      let mean =
        members.reduce(0.0) { $0 + Double(pixels) * Double(x[$1]) + numbers[$1] } / count
      let squares = members.reduce(0.0) { sum, channel in
        let shift = Double(x[channel]) - mean
        return sum + numbers[channels + channel] + 2 * shift * numbers[channel]
          + Double(pixels) * shift * shift
      }
      let place = 2 * (sample * groups + group)
      moments.floats[place] = Float(mean)
      moments.floats[place + 1] = Float(
        1 / (max(0, squares / count) + Double(epsilon)).squareRoot())
    }
  }

  private func moments(_ sample: Int, _ channel: Int) -> (mean: Float, scale: Float) {
    let place = 2 * (sample * groups + channel * groups / channels)
    return (moments.floats[place], moments.floats[place + 1])
  }

  func backward(_ team: Team) {
    for half in sums { half.numbers.update(repeating: 0) }
    team.split(samples, width: 4 * pixels * channels) { range in
      let half = range.lowerBound == 0 ? 0 : 1
      for sample in range { backward(sample, scratch[half], sums[half].numbers) }
    }
    let (one, other) = (sums[0].numbers, sums[1].numbers)
    for (place, operand) in operands.dropFirst().enumerated() where operand.wantsGradient {
      let start = (2 + place) * channels
      for channel in 0..<channels {
        operand.gradient[channel] = Float(one[start + channel] + other[start + channel])
      }
    }
  }

  private func backward(
    _ sample: Int, _ scratch: Floats, _ sums: UnsafeMutableBufferPointer<Double>
  ) {
    let factors = operands[1].value
    let x = operands[0].value.from(sample, width: pixels * channels)
    let dy = output.gradient.from(sample, width: pixels * channels)
    for channel in 0..<channels { scratch[channel] = moments(sample, channel).mean }
    // Of each channel: Σ ∂L/∂y, and Σ (x − m) ∂L/∂y.
    ck_affine_sums_f32(
      pixels, channels, x, scratch.baseAddress, nil, nil, dy, sums.baseAddress,
      sums.baseAddress?.advanced(by: channels))
    for channel in 0..<channels {
      sums[2 * channels + channel] +=
        sums[channels + channel] * Double(moments(sample, channel).scale)
      sums[3 * channels + channel] += sums[channel]
    }
    guard operands[0].wantsGradient else { return }
    let width = channels / groups
    for group in 0..<groups {
      let members = group * width..<(group + 1) * width
      let (mean, scale) = moments(sample, members.lowerBound)
      let count = Double(width * pixels)
      let a = members.reduce(0.0) { $0 + Double(factors[$1]) * sums[$1] } / count
      let b =
        members.reduce(0.0) { $0 + Double(factors[$1]) * sums[channels + $1] } * Double(scale)
        / count
      // (2) is affine in ∂L/∂y and x.
      let slope = -Double(scale) * Double(scale) * b
      for channel in members {
        scratch[channel] = scale * factors[channel]
        scratch[channels + channel] = Float(slope)
        scratch[2 * channels + channel] = Float(-Double(scale) * a - slope * Double(mean))
      }
    }
    ck_affine_slopes_f32(
      pixels, channels, x, nil, nil, dy, scratch.baseAddress, scratch.from(channels),
      scratch.from(2 * channels), operands[0].gradient.from(sample, width: pixels * channels))
  }
}

extension Variable {
  /// Group normalisation of images, [samples, height, width, channels].
  ///
  /// Its weights are `weight`, the factors, and `bias`, the offsets, of each channel. With one
  /// group it is layer normalisation of images, with as many as channels instance normalisation.
  public func groupNorm(_ scope: Scope, groups: Int, epsilon: Float = 1e-5) -> Variable {
    let channels = shape.images.channels
    let weight = scope.weight("weight", [channels], role: .scale, .constant(1))
    let bias = scope.weight("bias", [channels], role: .bias, .constant(0))
    return tape.record(
      GroupNorm(
        self, factors: tape.variable(weight), offsets: tape.variable(bias), groups: groups,
        epsilon: epsilon))
  }
}
