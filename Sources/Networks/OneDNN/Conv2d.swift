import CDNNL
import CKernels

/// A convolution of images, in halves of the batch; forwards in halves of the rows where the batch is
/// one image.
///
/// oneDNN chooses how the kernels lie; they are copied there whenever they have changed. Where the
/// channels don't fill its vectors of sixteen, the gradient of the images is a product instead, whose
/// rows are added where the windows lie: 200 GFLOP/s in place of 120 in the second layer of `LeNet`.
final class Conv2d: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let parts: [ConvolutionPart]
  /// What the gradients are computed in: halves of the batch, or the only image as a whole, since both
  /// halves of its rows would add to the gradient of those between them.
  private let gradients: [Gradient]
  private let kernels: Layout
  private var kernelCopies: [Primitive] = []
  private var forwards: [Primitive] = []
  private var inputGradients: [Primitive] = []
  private var kernelGradients: [Primitive] = []
  private var gradientCopies: [Primitive] = []
  private var owned: [Storage] = []
  private var partial: [(sum: Floats, part: Floats)] = []
  /// The windows whose columns the gradient of the images comes from; nil where oneDNN computes it.
  private let windows: ck_windows?
  private var columnKernels = Floats(start: nil, count: 0)
  private var columns: [Floats] = []
  /// The change of the kernels that was copied last.
  private var copiedChange = -1

  private struct Gradient {
    let part: ConvolutionPart
    let ofInput: PrimitiveDescription
    let ofKernels: PrimitiveDescription
  }

  init(
    _ input: Variable, weight: Variable, bias: Variable?, window: Window, groups: Int,
    convention: Scope.Convention
  ) {
    operands = [input, weight].map { Operand($0.node) } + (bias.map { [Operand($0.node)] } ?? [])
    let (samples, height, width, channels) = input.shape.images
    let outputs = convention == .torch ? weight.shape[0] : groups == 1 ? weight.shape[3] : channels
    let size = window.output(height, width)
    precondition(size.allSatisfy { $0 > 0 }, "A convolution's window fits the padded image.")
    output = Variable.output([samples, size[0], size[1], outputs], of: operands)
    let axes =
      (groups == 1 ? [] : [groups]) + [outputs / groups, channels / groups] + window.kernel
    kernels =
      switch convention {
      case .torch: Layout(axes, groups == 1 ? dnnl_oihw : dnnl_goihw)
      case .keras: Layout(axes, groups == 1 ? dnnl_hwio : dnnl_hwigo)
      }
    windows =
      convention == .torch && groups == 1 && channels % 16 != 0 && window.dilation == [1, 1]
      ? ck_windows(input.shape, window) : nil
    let open = Layout(axes, dnnl_format_tag_any)
    let biasLayout = bias.map { _ in Layout([outputs], dnnl_a) }
    parts = ConvolutionPart.halves(
      of: input.shape, outputs: outputs, window: window, kernels: open, bias: biasLayout)
    let gradientParts =
      samples > 1
      ? parts : [ConvolutionPart(samples: 0..<1, input.shape, outputs, window, open, biasLayout)]
    gradients =
      output.isDifferentiable
      ? gradientParts.map {
        Gradient(part: $0, ofInput: $0.inputGradient(), ofKernels: $0.kernelGradient())
      } : []
  }

  var scratchCount: Int {
    (windows.map { $0.down * $0.across * $0.kernel_height * $0.kernel_width * $0.channels } ?? 0)
      + primitiveScratchCount + beyondScratchCount
  }

  /// What oneDNN 2.6 writes beyond the scratch memory that it asks for: its 1 × 1 convolutions with
  /// strides gather pixels of as many channels as there are, but in places of whole vectors.
  private var beyondScratchCount: Int { output.count / output.shape[0] / output.shape[3] * 16 }

  private var primitiveScratchCount: Int {
    (parts.map(\.forward) + gradients.flatMap { [$0.ofInput, $0.ofKernels] })
      .map(\.scratchCount).max() ?? 0
  }

  func prepare(scratch: [Floats]) {
    let (x, weight) = (operands[0], operands[1])
    let forwardKernels = laidOut(weight.value, parts[0].kernels, scratch)
    forwards = zip(parts, scratch).map { part, scratch in
      Primitive(
        part.forward, scratch: scratch,
        [
          (DNNL_ARG_SRC, part.forward.layout(dnnl_query_src_md), x.value.numbers(part.input)),
          (DNNL_ARG_WEIGHTS, part.kernels, forwardKernels),
          (DNNL_ARG_DST, part.forward.layout(dnnl_query_dst_md), output.value.numbers(part.output)),
        ] + biasArgument(DNNL_ARG_BIAS, operands.last?.value))
    }
    guard output.gradient.count > 0 else { return }
    if x.wantsGradient, windows != nil {
      columnKernels = laidOut(weight.value, Layout(kernels.axes, dnnl_acdb), scratch)
      columns = scratch
    } else if x.wantsGradient {
      prepareInputGradients(scratch, forwardKernels)
    }
    if weight.wantsGradient { prepareKernelGradients(scratch) }
  }

  private func prepareInputGradients(_ scratch: [Floats], _ forwardKernels: Floats) {
    let layout = gradients[0].ofInput.layout(dnnl_query_weights_md)
    let kernels =
      layout == parts[0].kernels ? forwardKernels : laidOut(operands[1].value, layout, scratch)
    inputGradients = zip(gradients, scratch).map { gradient, scratch in
      Primitive(
        gradient.ofInput, scratch: scratch,
        [
          (
            DNNL_ARG_DIFF_SRC, gradient.ofInput.layout(dnnl_query_diff_src_md),
            operands[0].gradient.numbers(gradient.part.input)
          ),
          (DNNL_ARG_WEIGHTS, layout, kernels),
          (
            DNNL_ARG_DIFF_DST, gradient.ofInput.layout(dnnl_query_diff_dst_md),
            output.gradient.numbers(gradient.part.output)
          ),
        ])
    }
  }

  private func prepareKernelGradients(_ scratch: [Floats]) {
    let layout = gradients[0].ofKernels.layout(dnnl_query_diff_weights_md)
    let sums = gradients.map { _ in own(layout.count) }
    let biasGradients = gradients.indices.map { half in
      operands.count < 3
        ? Floats(start: nil, count: 0)
        : half == 0 && operands[2].wantsGradient
          ? operands[2].gradient : own(operands[2].node.count)
    }
    kernelGradients = gradients.indices.map { half in
      let (part, description) = (gradients[half].part, gradients[half].ofKernels)
      return Primitive(
        description, scratch: scratch[half],
        [
          (
            DNNL_ARG_SRC, description.layout(dnnl_query_src_md),
            operands[0].value.numbers(part.input)
          ),
          (DNNL_ARG_DIFF_WEIGHTS, layout, sums[half]),
          (
            DNNL_ARG_DIFF_DST, description.layout(dnnl_query_diff_dst_md),
            output.gradient.numbers(part.output)
          ),
        ] + biasArgument(DNNL_ARG_DIFF_BIAS, biasGradients[half]))
    }
    if gradients.count > 1 {
      partial = [(sums[0], sums[1])]
      if operands.count > 2 { partial.append((biasGradients[0], biasGradients[1])) }
    }
    gradientCopies = [
      Primitive(
        PrimitiveDescription(from: layout, to: self.kernels), scratch: scratch[0],
        [
          (DNNL_ARG_FROM, layout, sums[0]),
          (DNNL_ARG_TO, self.kernels, operands[1].gradient),
        ])
    ]
  }

  /// The kernels in the layout that oneDNN wants, copied before each run.
  private func laidOut(_ value: Floats, _ layout: Layout, _ scratch: [Floats]) -> Floats {
    if layout == kernels { return value }
    let copy = own(layout.count)
    kernelCopies.append(
      Primitive(
        PrimitiveDescription(from: kernels, to: layout), scratch: scratch[0],
        [(DNNL_ARG_FROM, kernels, value), (DNNL_ARG_TO, layout, copy)]))
    return copy
  }

  private func own(_ count: Int) -> Floats {
    let storage = Storage(count: count)
    owned.append(storage)
    return storage.floats
  }

  private func biasArgument(
    _ argument: Int32, _ floats: Floats?
  ) -> [(argument: Int32, layout: Layout, floats: Floats)] {
    guard operands.count > 2, let floats else { return [] }
    return [(argument, Layout([operands[2].node.count], dnnl_a), floats)]
  }

  func forward(_ team: Team) {
    let change = operands[1].node.weight?.changes ?? copiedChange + 1
    if change != copiedChange { for copy in kernelCopies { copy.run() } }
    copiedChange = change
    run(forwards, team)
  }

  func backward(_ team: Team) {
    if !columns.isEmpty { addColumns(team) }
    run(inputGradients, team)
    guard !kernelGradients.isEmpty else { return }
    run(kernelGradients, team)
    for (sum, part) in partial {
      ck_add_scaled_f32(sum.count, 1, part.baseAddress, sum.baseAddress)
    }
    for copy in gradientCopies { copy.run() }
  }

  /// The gradient of the images: the columns' gradient, ∂L/∂y K, window by window.
  private func addColumns(_ team: Team) {
    guard let windows else { return }
    let images = operands[0]
    let (places, outputs) = (windows.down * windows.across, output.shape[3])
    let size = images.node.count / images.shape[0]
    let width = columnKernels.count / outputs
    team.halves { half in
      for sample in Team.half(half, of: images.shape[0]) {
        multiply(
          output.gradient.from(sample, width: places * outputs), stride: outputs,
          columnKernels.baseAddress, stride: width, into: columns[half].baseAddress,
          stride: width, rows: places, columns: width, inner: outputs)
        let image = images.gradient.rows(sample..<sample + 1, width: size)
        image.update(repeating: 0)
        withUnsafePointer(to: windows) {
          ck_add_window_columns_f32($0, columns[half].baseAddress, image.baseAddress)
        }
      }
    }
  }
}

extension Variable {
  /// A convolution of images, [samples, height, width, channels].
  ///
  /// Its weights are `weight`, outputs × channels / groups × kernel height × kernel width, and
  /// `bias`. With as many groups as channels it is depthwise. In Keras's convention it is `kernel`,
  /// kernel height × kernel width × channels × outputs, or `depthwise_kernel`, kernel height ×
  /// kernel width × channels × 1.
  public func conv2d(
    _ scope: Scope, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, hasBias: Bool = true,
    initialization: Initialization? = nil
  ) -> Variable {
    conv2d(
      scope, outputs, kernel: [kernel, kernel], stride: [stride, stride],
      padding: [padding, padding], dilation: [dilation, dilation], groups: groups,
      hasBias: hasBias, initialization: initialization)
  }

  /// The same with lengths of their own for height and width, and for the padding below and right
  /// where that is another.
  public func conv2d(
    _ scope: Scope, _ outputs: Int, kernel: [Int], stride: [Int] = [1, 1],
    padding: [Int] = [0, 0], paddingAfter: [Int]? = nil, dilation: [Int] = [1, 1],
    groups: Int = 1, hasBias: Bool = true, initialization: Initialization? = nil
  ) -> Variable {
    let channels = shape.images.channels
    precondition(
      channels % groups == 0 && outputs % groups == 0, "Groups divide channels and outputs.")
    let isKeras = scope.convention == .keras
    precondition(
      !isKeras || groups == 1 || groups == channels && groups == outputs,
      "A convolution in Keras's convention has one group, or one for each channel.")
    let fanIn = channels / groups * kernel[0] * kernel[1]
    let (name, shape) =
      !isKeras
      ? ("weight", [outputs, channels / groups] + kernel)
      : groups == 1
        ? ("kernel", kernel + [channels, outputs]) : ("depthwise_kernel", kernel + [channels, 1])
    let weight = scope.weight(name, shape, initialization ?? .uniformFanIn(fanIn))
    let bias =
      hasBias
      ? scope.weight(
        "bias", [outputs], role: .bias, initialization == nil ? .uniformFanIn(fanIn) : .constant(0))
      : nil
    let window = Window(
      kernel: kernel, stride: stride, padding: padding, paddingAfter: paddingAfter,
      dilation: dilation)
    if channels == 1, !isKeras {
      return tape.record(
        PlaneConv2d(
          self, weight: tape.variable(weight), bias: bias.map(tape.variable), window: window))
    }
    return tape.record(
      Conv2d(
        self, weight: tape.variable(weight), bias: bias.map(tape.variable), window: window,
        groups: groups, convention: scope.convention))
  }
}
