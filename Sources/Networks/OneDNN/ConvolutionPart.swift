import CDNNL

/// A part of a convolution that oneDNN computes at once: some images of a batch, or some rows of the
/// output of one image.
struct ConvolutionPart {
  /// Which numbers of the images it reads, and which of the output it writes.
  let input: Range<Int>
  let output: Range<Int>
  let forward: PrimitiveDescription
  private let arrays: Arrays
  private let window: Window

  /// The layouts of what a convolution reads and writes; that of the kernels is open.
  private struct Arrays {
    let x: Layout
    let kernels: Layout
    let bias: Layout?
    let y: Layout

    func forward(_ window: Window) -> PrimitiveDescription {
      var (x, kernels, y) = (x.descriptor, kernels.descriptor, y.descriptor)
      var bias = bias?.descriptor ?? dnnl_memory_desc_t()
      var operation = dnnl_convolution_desc_t()
      Layout.check(
        dnnl_dilated_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &x, &kernels, &bias, &y,
          window.strides, window.dilates, window.before, window.after))
      return PrimitiveDescription(&operation)
    }
  }

  /// Both halves of a convolution of images of this shape; one part where there aren't two that read
  /// one copy of the kernels.
  static func halves(
    of images: [Int], outputs: Int, window: Window, kernels: Layout, bias: Layout?
  ) -> [ConvolutionPart] {
    let (samples, height, width, _) = images.images
    let length = samples > 1 ? samples : window.output(height, width)[0]
    let halves = [0, 1].compactMap { half in
      let range = Team.half(half, of: length)
      return samples > 1
        ? ConvolutionPart(samples: range, images, outputs, window, kernels, bias)
        : ConvolutionPart(rows: range, images, outputs, window, kernels, bias)
    }
    if halves.count == 2, halves[0].kernels == halves[1].kernels { return halves }
    return [ConvolutionPart(samples: 0..<samples, images, outputs, window, kernels, bias)]
  }

  /// Some images.
  init(
    samples: Range<Int>, _ images: [Int], _ outputs: Int, _ window: Window, _ kernels: Layout,
    _ bias: Layout?
  ) {
    let (_, height, width, channels) = images.images
    let size = window.output(height, width)
    input = samples.scaled(by: height * width * channels)
    output = samples.scaled(by: size.product * outputs)
    arrays = Arrays(
      x: .images(samples.count, channels, height, width), kernels: kernels, bias: bias,
      y: .images(samples.count, outputs, size[0], size[1]))
    self.window = window
    forward = arrays.forward(window)
  }

  /// Some rows of the output of the only image; nil where these read nothing but padding.
  private init?(
    rows: Range<Int>, _ images: [Int], _ outputs: Int, _ window: Window, _ kernels: Layout,
    _ bias: Layout?
  ) {
    let (_, height, width, channels) = images.images
    let size = window.output(height, width)
    let first = rows.lowerBound * window.stride[0] - window.padding[0]
    let end =
      (rows.upperBound - 1) * window.stride[0] - window.padding[0]
      + window.dilation[0] * (window.kernel[0] - 1) + 1
    guard !rows.isEmpty, max(first, 0) < min(end, height) else { return nil }
    // Whole strides where there are rows for them: what oneDNN's fast 1 × 1 convolutions ask for.
    let read = max(first, 0)..<min(end + window.stride[0] - 1, height)
    var window = window
    window.paddingAfter = [max(0, end - height), (window.paddingAfter ?? window.padding)[1]]
    window.padding[0] = read.lowerBound - first
    input = read.scaled(by: width * channels)
    output = rows.scaled(by: size[1] * outputs)
    arrays = Arrays(
      x: .images(1, channels, read.count, width), kernels: kernels, bias: bias,
      y: .images(1, outputs, rows.count, size[1]))
    self.window = window
    forward = arrays.forward(window)
  }

  /// How the kernels lie that it reads.
  var kernels: Layout { forward.layout(dnnl_query_weights_md) }

  /// The gradient of the images.
  func inputGradient() -> PrimitiveDescription {
    var (x, kernels, y) = (arrays.x.descriptor, arrays.kernels.descriptor, arrays.y.descriptor)
    var operation = dnnl_convolution_desc_t()
    Layout.check(
      dnnl_dilated_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &x, &kernels, &y, window.strides, window.dilates,
        window.before, window.after))
    return PrimitiveDescription(&operation, forward: forward)
  }

  /// The gradients of the kernels and of the offsets.
  func kernelGradient() -> PrimitiveDescription {
    var (x, kernels, y) = (arrays.x.descriptor, arrays.kernels.descriptor, arrays.y.descriptor)
    var bias = arrays.bias?.descriptor ?? dnnl_memory_desc_t()
    var operation = dnnl_convolution_desc_t()
    Layout.check(
      dnnl_dilated_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &x, &kernels, &bias, &y, window.strides,
        window.dilates, window.before, window.after))
    return PrimitiveDescription(&operation, forward: forward)
  }
}

/// A window in oneDNN's terms.
extension Window {
  fileprivate var strides: [dnnl_dim_t] { stride.map { dnnl_dim_t($0) } }
  fileprivate var dilates: [dnnl_dim_t] { dilation.map { dnnl_dim_t($0 - 1) } }
  fileprivate var before: [dnnl_dim_t] { padding.map { dnnl_dim_t($0) } }
  fileprivate var after: [dnnl_dim_t] { (paddingAfter ?? padding).map { dnnl_dim_t($0) } }
}

extension Range<Int> {
  fileprivate func scaled(by factor: Int) -> Range<Int> {
    lowerBound * factor..<upperBound * factor
  }
}
