/// A range of the first axis or of the last.
///
/// Backwards, what is outside of the range gets the gradient 0.
final class Slice: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let rows: Int
  /// The numbers of a row, and those that are taken.
  private let width: Int
  private let taken: Range<Int>

  init(_ input: Variable, _ range: Range<Int>, along axis: Variable.Axis) {
    operands = [Operand(input.node)]
    var shape = input.shape
    let place = axis.index(of: shape)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[place], "A slice is part of its axis.")
    let inner = shape[(place + 1)...].reduce(1, *)
    rows = shape[..<place].reduce(1, *)
    width = shape[place] * inner
    taken = range.lowerBound * inner..<range.upperBound * inner
    shape[place] = range.count
    output = Variable.output(shape, of: operands)
  }

  func forward(_ team: Team) {
    team.split(rows, width: taken.count) { range in
      for row in range {
        guard let x = operands[0].value.from(row * width + taken.lowerBound) else { continue }
        output.value.from(row, width: taken.count)?.update(from: x, count: taken.count)
      }
    }
  }

  func backward(_ team: Team) {
    team.split(rows, width: width) { range in
      for row in range {
        guard let slopes = output.gradient.from(row, width: taken.count) else { continue }
        let gradient = operands[0].gradient.from(row, width: width)
        gradient?.update(repeating: 0, count: taken.lowerBound)
        gradient?.advanced(by: taken.lowerBound).update(from: slopes, count: taken.count)
        gradient?.advanced(by: taken.upperBound)
          .update(repeating: 0, count: width - taken.upperBound)
      }
    }
  }
}

extension Variable {
  /// A range of an axis: of samples, or of features.
  public func slice(_ range: Range<Int>, along axis: Axis) -> Variable {
    tape.record(Slice(self, range, along: axis))
  }
}
