/// Every second pixel, with channels of zeros on both sides: a shortcut without weights.
///
/// Option A of He et al., CVPR 2016, section 4.2.
final class PaddedShortcut: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let stride: Int

  init(_ input: Variable, channels: Int, stride: Int) {
    operands = [Operand(input.node)]
    let (samples, height, width, inputs) = input.shape.images
    precondition(channels >= inputs, "A padded shortcut adds channels.")
    self.stride = stride
    output = Variable.output(
      [samples, (height + stride - 1) / stride, (width + stride - 1) / stride, channels],
      of: operands)
  }

  func forward(_ team: Team) {
    let (input, width) = (operands[0].value, output.count / output.shape[0])
    team.split(output.shape[0], width: width) { samples in
      output.value.rows(samples, width: width).update(repeating: 0)
      eachPixel(samples) { from, to in
        _ = output.value.numbers(to).update(fromContentsOf: input.numbers(from))
      }
    }
  }

  func backward(_ team: Team) {
    let (gradient, width) = (operands[0].gradient, operands[0].node.count / output.shape[0])
    team.split(output.shape[0], width: width) { samples in
      gradient.rows(samples, width: width).update(repeating: 0)
      eachPixel(samples) { from, to in
        _ = gradient.numbers(from).update(fromContentsOf: output.gradient.numbers(to))
      }
    }
  }

  /// Calls the body with the places of the channels of a pixel in the operand and in the output.
  private func eachPixel(_ samples: Range<Int>, _ body: (Range<Int>, Range<Int>) -> Void) {
    let (_, height, width, inputs) = operands[0].shape.images
    let (_, rows, columns, channels) = output.shape.images
    for sample in samples {
      for row in 0..<rows {
        for column in 0..<columns {
          let from = ((sample * height + row * stride) * width + column * stride) * inputs
          let to =
            ((sample * rows + row) * columns + column) * channels + (channels - inputs) / 2
          body(from..<from + inputs, to..<to + inputs)
        }
      }
    }
  }
}

extension Variable {
  /// Every `stride`th pixel of images, with channels of zeros before and after up to so many.
  public func paddedShortcut(channels: Int, stride: Int) -> Variable {
    tape.record(PaddedShortcut(self, channels: channels, stride: stride))
  }
}
