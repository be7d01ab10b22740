/// Variables one after the other, along the first axis or the last.
final class Concatenation: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let rows: Int
  /// What each operand has of a row.
  private let widths: [Int]

  init(_ variables: [Variable], along axis: Variable.Axis) {
    precondition(!variables.isEmpty, "A concatenation is of something.")
    operands = variables.map { Operand($0.node) }
    let shape = variables[0].shape
    let place = axis.index(of: shape)
    precondition(
      variables.allSatisfy { other in
        other.shape.count == shape.count
          && shape.indices.allSatisfy { $0 == place || other.shape[$0] == shape[$0] }
      }, "Variables in a row differ in the length of that axis alone.")
    let inner = shape[(place + 1)...].reduce(1, *)
    rows = shape[..<place].reduce(1, *)
    widths = variables.map { $0.shape[place] * inner }
    var whole = shape
    whole[place] = variables.reduce(0) { $0 + $1.shape[place] }
    output = Variable.output(whole, of: operands)
  }

  private func eachPart(
    _ team: Team, _ body: (_ operand: Operand, _ from: Int, _ to: Int, _ count: Int) -> Void
  ) {
    let width = widths.reduce(0, +)
    team.split(rows, width: width) { range in
      for row in range {
        var start = row * width
        for (operand, count) in zip(operands, widths) {
          body(operand, row * count, start, count)
          start += count
        }
      }
    }
  }

  func forward(_ team: Team) {
    eachPart(team) { operand, from, to, count in
      guard let x = operand.value.from(from) else { return }
      output.value.from(to)?.update(from: x, count: count)
    }
  }

  func backward(_ team: Team) {
    eachPart(team) { operand, from, to, count in
      guard operand.wantsGradient, let slopes = output.gradient.from(to) else { return }
      operand.gradient.from(from)?.update(from: slopes, count: count)
    }
  }
}

extension Variable {
  /// An axis along which variables are put together or cut.
  public enum Axis: Sendable {
    /// The first: samples.
    case first
    /// The last: features, channels.
    case last

    func index(of shape: [Int]) -> Int {
      precondition(!shape.isEmpty, "A single number has no axis.")
      return self == .first ? 0 : shape.count - 1
    }
  }

  /// The variables one after the other along an axis; the others have the same lengths.
  public static func concatenation(_ variables: [Variable], along axis: Axis) -> Variable {
    let operation = Concatenation(variables, along: axis)
    return variables[0].tape.record(operation)
  }
}
