import CDNNL

/// The greatest or the mean number of each window, in halves of the batch.
final class Pooling: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private typealias Half = (
    rows: Range<Int>, forward: PrimitiveDescription, backward: PrimitiveDescription
  )
  private let halves: [Half]
  private var forwards: [Primitive] = []
  private var backwards: [Primitive] = []
  private var owned: [Storage] = []
  /// What the means of the last row and of the last column are multiplied by: padding beyond the
  /// image's doesn't count.
  private let edges: (row: Float, column: Float)

  init(_ input: Variable, window: Window, extra: [Int], algorithm: dnnl_alg_kind_t) {
    let factors = zip(window.kernel, extra).map { length, extra in
      algorithm == dnnl_pooling_avg_include_padding ? Float(length) / Float(length - extra) : 1
    }
    edges = (factors[0], factors[1])
    operands = [Operand(input.node)]
    let (samples, height, width, channels) = input.shape.images
    let size = window.output(height + extra[0], width + extra[1])
    precondition(size.allSatisfy { $0 > 0 }, "A pooling window fits the padded image.")
    output = Variable.output([samples, size[0], size[1], channels], of: operands)
    halves = (samples > 1 ? [0, 1] : [0]).map { half in
      let rows = samples > 1 ? Team.half(half, of: samples) : 0..<1
      var x = Layout.images(rows.count, channels, height, width).descriptor
      var y = Layout.images(rows.count, channels, size[0], size[1]).descriptor
      let kernel = window.kernel.map { dnnl_dim_t($0) }
      let strides = window.stride.map { dnnl_dim_t($0) }
      let before = window.padding.map { dnnl_dim_t($0) }
      let after = zip(window.padding, extra).map { dnnl_dim_t($0 + $1) }
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
      let places = half.forward.layout(dnnl_query_workspace_md)
      let memory = Storage(count: places.count + 1)
      owned.append(memory)
      forwards.append(
        Primitive(
          half.forward, scratch: scratch,
          [
            (DNNL_ARG_SRC, half.forward.layout(dnnl_query_src_md), rows(input.value, input.node)),
            (DNNL_ARG_DST, half.forward.layout(dnnl_query_dst_md), rows(output.value, output)),
            (DNNL_ARG_WORKSPACE, places, memory.floats),
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
            (DNNL_ARG_WORKSPACE, places, memory.floats),
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
  /// The greatest number of each window; padding counts as −∞.
  ///
  /// With `roundsUp` a last window may reach beyond the image.
  public func maxPool(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, roundsUp: Bool = false
  ) -> Variable {
    pool(kernel, stride ?? kernel, padding, roundsUp: roundsUp, dnnl_pooling_max)
  }

  /// The mean of each window.
  ///
  /// Padding counts as 0 where `countsPadding`. With `roundsUp` a last window may reach beyond the
  /// image.
  public func averagePool(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, countsPadding: Bool = true,
    roundsUp: Bool = false
  ) -> Variable {
    pool(
      kernel, stride ?? kernel, padding, roundsUp: roundsUp,
      countsPadding ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding)
  }

  private func pool(
    _ kernel: Int, _ stride: Int, _ padding: Int, roundsUp: Bool, _ algorithm: dnnl_alg_kind_t
  ) -> Variable {
    let (_, height, width, _) = shape.images
    let extra = [height, width].map { length in
      let room = length + 2 * padding - kernel
      // A last window begins in the image, or before it.
      let begins = (room / stride + 1) * stride < length + padding
      return roundsUp && room % stride > 0 && begins ? stride - room % stride : 0
    }
    let window = Window(
      kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding])
    return tape.record(Pooling(self, window: window, extra: extra, algorithm: algorithm))
  }
}
