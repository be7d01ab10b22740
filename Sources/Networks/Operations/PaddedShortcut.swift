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
    eachPixel(team) { from, to, inputs, before in
      let channels = output.shape[3]
      for channel in 0..<channels { output.value[to + channel] = 0 }
      for channel in 0..<inputs {
        output.value[to + before + channel] = operands[0].value[from + channel]
      }
    }
  }

  func backward(_ team: Team) {
    operands[0].gradient.update(repeating: 0)
    eachPixel(team) { from, to, inputs, before in
      for channel in 0..<inputs {
        operands[0].gradient[from + channel] = output.gradient[to + before + channel]
      }
    }
  }

  /// Calls the body with the places of a pixel in the operand and in the output, the operand's
  /// channels, and how many channels of zeros come first.
  private func eachPixel(_ team: Team, _ body: (Int, Int, Int, Int) -> Void) {
    let (_, height, width, inputs) = operands[0].shape.images
    let (samples, rows, columns, channels) = output.shape.images
    team.split(samples, width: rows * columns * channels) { range in
      for sample in range {
        for row in 0..<rows {
          for column in 0..<columns {
            let from = ((sample * height + row * stride) * width + column * stride) * inputs
            let to = ((sample * rows + row) * columns + column) * channels
            body(from, to, inputs, (channels - inputs) / 2)
          }
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
