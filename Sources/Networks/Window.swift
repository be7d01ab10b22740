import CKernels

/// The geometry of a convolution or of a pooling window.
struct Window {
  var kernel: [Int]
  var stride: [Int]
  /// Above and left of the image.
  var padding: [Int]
  /// Below and right of it; nil where it is the same.
  var paddingAfter: [Int]?
  var dilation = [1, 1]

  /// The height and width of the output.
  func output(_ height: Int, _ width: Int) -> [Int] {
    zip([height, width], 0..<2).map { length, axis in
      (length + padding[axis] + (paddingAfter ?? padding)[axis] - dilation[axis]
        * (kernel[axis] - 1) - 1) / stride[axis] + 1
    }
  }
}

extension Window {
  /// A square window that pools images of this shape; with `roundsUp` the last may reach beyond the
  /// padded image, but not begin there.
  init(pooling kernel: Int, stride: Int, padding: Int, roundsUp: Bool, of shape: [Int]) {
    let (_, height, width, _) = shape.images
    let after = [height, width].map { length in
      let room = length + 2 * padding - kernel
      let begins = (room / stride + 1) * stride < length + padding
      return padding + (roundsUp && room % stride > 0 && begins ? stride - room % stride : 0)
    }
    self.init(
      kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding],
      paddingAfter: after)
    precondition(
      output(height, width).allSatisfy { $0 > 0 }, "A pooling window fits the padded image.")
  }
}

extension ck_windows {
  /// The windows of images of this shape.
  init(_ shape: [Int], _ window: Window) {
    let (_, height, width, channels) = shape.images
    let size = window.output(height, width)
    self.init(
      height: height, width: width, channels: channels, kernel_height: window.kernel[0],
      kernel_width: window.kernel[1], stride_down: window.stride[0],
      stride_across: window.stride[1], padding_down: window.padding[0],
      padding_across: window.padding[1], dilation_down: window.dilation[0],
      dilation_across: window.dilation[1], down: size[0], across: size[1])
  }
}
