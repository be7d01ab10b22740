import CDNNL

/// Images [samples, height, width, channels] as [samples, channels, height, width].
final class ChannelsFirst: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let halves: [Range<Int>]
  private var forwards: [Primitive] = []
  private var backwards: [Primitive] = []

  init(_ input: Variable) {
    operands = [Operand(input.node)]
    let (samples, height, width, channels) = input.shape.images
    output = Variable.output([samples, channels, height, width], of: operands)
    halves = samples > 1 ? [0, 1].map { Team.half($0, of: samples) } : [0..<samples]
  }

  private func layouts(_ half: Range<Int>) -> (last: Layout, first: Layout) {
    let shape = [half.count] + output.shape.dropFirst()
    return (Layout(shape, dnnl_nhwc), Layout(shape, dnnl_nchw))
  }

  var scratchCount: Int {
    halves.flatMap { half in
      let (last, first) = layouts(half)
      return [
        PrimitiveDescription(from: last, to: first), PrimitiveDescription(from: first, to: last),
      ].map(\.scratchCount)
    }.max() ?? 0
  }

  func prepare(scratch: [Floats]) {
    let input = operands[0]
    for (half, scratch) in zip(halves, scratch) {
      let (last, first) = layouts(half)
      func rows(_ floats: Floats) -> Floats {
        floats.rows(half, width: output.count / output.shape[0])
      }
      forwards.append(
        Primitive(
          PrimitiveDescription(from: last, to: first), scratch: scratch,
          [
            (DNNL_ARG_FROM, last, rows(input.value)), (DNNL_ARG_TO, first, rows(output.value)),
          ]))
      guard input.wantsGradient, output.gradient.count > 0 else { continue }
      backwards.append(
        Primitive(
          PrimitiveDescription(from: first, to: last), scratch: scratch,
          [
            (DNNL_ARG_FROM, first, rows(output.gradient)),
            (DNNL_ARG_TO, last, rows(input.gradient)),
          ]))
    }
  }

  func forward(_ team: Team) { run(forwards, team) }

  func backward(_ team: Team) { run(backwards, team) }
}
