import CKernels

/// The mean of each of h × w bins of an image.
///
/// Of n bins of an axis of length l, bin b reaches from ⌊b l / n⌋ to ⌈(b + 1) l / n⌉: bins may
/// overlap, as in PyTorch.
final class AdaptivePooling: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let samples: Int
  private let size: (height: Int, width: Int, channels: Int)
  private let bins: (down: Int, across: Int)

  init(_ input: Variable, bins: (down: Int, across: Int), shape: [Int]) {
    operands = [Operand(input.node)]
    let (samples, height, width, channels) = input.shape.images
    precondition(
      bins.down > 0 && bins.across > 0 && height > 0 && width > 0,
      "Pooling takes images with pixels to at least one bin.")
    self.samples = samples
    self.bins = bins
    size = (height, width, channels)
    output = Variable.output(shape, of: operands)
  }

  func forward(_ team: Team) {
    let pixels = size.height * size.width * size.channels
    team.split(samples, width: pixels) { range in
      for sample in range {
        ck_adaptive_means_f32(
          size.height, size.width, size.channels, bins.down, bins.across,
          operands[0].value.from(sample, width: pixels),
          output.value.from(sample, width: bins.down * bins.across * size.channels))
      }
    }
  }

  func backward(_ team: Team) {
    let pixels = size.height * size.width * size.channels
    team.split(samples, width: pixels) { range in
      for sample in range {
        ck_adaptive_mean_slopes_f32(
          size.height, size.width, size.channels, bins.down, bins.across,
          output.gradient.from(sample, width: bins.down * bins.across * size.channels),
          operands[0].gradient.from(sample, width: pixels))
      }
    }
  }
}

extension Variable {
  /// The mean of each channel of each image: [samples, height, width, channels] to
  /// [samples, channels].
  public func globalAveragePool() -> Variable {
    let (samples, _, _, channels) = shape.images
    return tape.record(
      AdaptivePooling(self, bins: (1, 1), shape: [samples, channels]))
  }

  /// The means of height × width bins of each image, which may overlap by a pixel.
  public func adaptiveAveragePool(_ height: Int, _ width: Int) -> Variable {
    let (samples, _, _, channels) = shape.images
    return tape.record(
      AdaptivePooling(self, bins: (height, width), shape: [samples, height, width, channels]))
  }
}
