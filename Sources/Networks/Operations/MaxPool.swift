import CKernels

/// The greatest number of each window; padding counts as −∞.
///
/// Own loops: with AVX2 and channels that don't fill its vectors of eight, oneDNN's took half of a
/// step of `LeNet`.
final class MaxPool: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let windows: ck_windows
  /// Which pixel of its window each number is.
  private let pixels: UnsafeMutableBufferPointer<Int32>

  init(_ input: Variable, window: Window) {
    operands = [Operand(input.node)]
    windows = ck_windows(input.shape, window)
    output = Variable.output(
      [input.shape[0], windows.down, windows.across, windows.channels], of: operands)
    pixels = .allocate(capacity: output.count)
    pixels.initialize(repeating: 0)
  }

  deinit { pixels.deallocate() }

  func forward(_ team: Team) {
    let width = windows.across * windows.channels
    team.split(output.shape[0] * windows.down, width: width) { range in
      for row in range {
        let (sample, down) = row.quotientAndRemainder(dividingBy: windows.down)
        withUnsafePointer(to: windows) {
          ck_max_pool_f32(
            $0, down, operands[0].value.from(sample, width: imageCount),
            output.value.from(row, width: width), pixels.baseAddress?.advanced(by: row * width))
        }
      }
    }
  }

  func backward(_ team: Team) {
    let width = output.count / output.shape[0]
    team.split(output.shape[0], width: imageCount) { range in
      for sample in range {
        withUnsafePointer(to: windows) {
          ck_max_pool_slopes_f32(
            $0, pixels.baseAddress?.advanced(by: sample * width),
            output.gradient.from(sample, width: width),
            operands[0].gradient.from(sample, width: imageCount))
        }
      }
    }
  }

  private var imageCount: Int { windows.height * windows.width * windows.channels }
}

extension Variable {
  /// The greatest number of each window; padding counts as −∞.
  ///
  /// With `roundsUp` a last window may reach beyond the image.
  public func maxPool(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, roundsUp: Bool = false
  ) -> Variable {
    let window = Window(
      pooling: kernel, stride: stride ?? kernel, padding: padding, roundsUp: roundsUp, of: shape)
    return tape.record(MaxPool(self, window: window))
  }
}
