import CDNNL

/// The mean number of each window, in halves of the batch.
final class AveragePool: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private typealias Half = (
    rows: Range<Int>, forward: PrimitiveDescription, backward: PrimitiveDescription
  )
  private let halves: [Half]
  private var forwards: [Primitive] = []
  private var backwards: [Primitive] = []
  /// What the means of the last row and of the last column are multiplied by: padding beyond the
  /// image's doesn't count.
  private let edges: (row: Float, column: Float)

  init(_ input: Variable, window: Window, countsPadding: Bool) {
    let after = window.paddingAfter ?? window.padding
    let factors = (0..<2).map { axis in
      let (length, extra) = (window.kernel[axis], after[axis] - window.padding[axis])
      return countsPadding ? Float(length) / Float(length - extra) : 1
    }
    edges = (factors[0], factors[1])
    let algorithm =
      countsPadding ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding
    operands = [Operand(input.node)]
    let (samples, height, width, channels) = input.shape.images
    let size = window.output(height, width)
    output = Variable.output([samples, size[0], size[1], channels], of: operands)
    halves = (samples > 1 ? [0, 1] : [0]).map { half in
      let rows = samples > 1 ? Team.half(half, of: samples) : 0..<1
      var x = Layout.images(rows.count, channels, height, width).descriptor
      var y = Layout.images(rows.count, channels, size[0], size[1]).descriptor
      let kernel = window.kernel.map { dnnl_dim_t($0) }
      let strides = window.stride.map { dnnl_dim_t($0) }
      let before = window.padding.map { dnnl_dim_t($0) }
      let after = after.map { dnnl_dim_t($0) }
      var operation = dnnl_pooling_desc_t()
      Layout.check(
        dnnl_pooling_forward_desc_init(
          &operation, dnnl_forward_training, algorithm, &x, &y, strides, kernel, before, after))
      let forward = PrimitiveDescription(&operation)
      Layout.check(
        dnnl_pooling_backward_desc_init(
          &operation, algorithm, &x, &y, strides, kernel, before, after))
      return (rows, forward, PrimitiveDescription(&operation, forward: forward))
    }
  }

  var scratchCount: Int {
    halves.flatMap { [$0.forward.scratchCount, $0.backward.scratchCount] }.max() ?? 0
  }

  func prepare(scratch: [Floats]) {
    let input = operands[0]
    for (half, scratch) in zip(halves, scratch) {
      func rows(_ floats: Floats, _ node: Node) -> Floats {
        floats.rows(half.rows, width: node.count / node.shape[0])
      }
      forwards.append(
        Primitive(
          half.forward, scratch: scratch,
          [
            (DNNL_ARG_SRC, half.forward.layout(dnnl_query_src_md), rows(input.value, input.node)),
            (DNNL_ARG_DST, half.forward.layout(dnnl_query_dst_md), rows(output.value, output)),
          ]))
      guard input.wantsGradient, output.gradient.count > 0 else { continue }
      backwards.append(
        Primitive(
          half.backward, scratch: scratch,
          [
            (
              DNNL_ARG_DIFF_SRC, half.backward.layout(dnnl_query_diff_src_md),
              rows(input.gradient, input.node)
            ),
            (
              DNNL_ARG_DIFF_DST, half.backward.layout(dnnl_query_diff_dst_md),
              rows(output.gradient, output)
            ),
          ]))
    }
  }

  func forward(_ team: Team) {
    run(forwards, team)
    scaleEdges(output.value)
  }

  func backward(_ team: Team) {
    scaleEdges(output.gradient)
    run(backwards, team)
  }

  private func scaleEdges(_ floats: Floats) {
    guard edges != (1, 1) else { return }
    let (samples, height, width, channels) = output.shape.images
    for sample in 0..<samples {
      let last = (sample + 1) * height * width * channels
      for number in last - width * channels..<last { floats[number] *= edges.row }
      for row in 0..<height {
        let end = last - row * width * channels
        for number in end - channels..<end { floats[number] *= edges.column }
      }
    }
  }
}

extension Variable {
  /// The mean of each window.
  ///
  /// Padding counts as 0 where `countsPadding`. With `roundsUp` a last window may reach beyond the
  /// image.
  public func averagePool(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, countsPadding: Bool = true,
    roundsUp: Bool = false
  ) -> Variable {
    let window = Window(
      pooling: kernel, stride: stride ?? kernel, padding: padding, roundsUp: roundsUp, of: shape)
    return tape.record(AveragePool(self, window: window, countsPadding: countsPadding))
  }
}
