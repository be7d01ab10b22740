import CKernels
import Randomness

/// Each number with probability 1 − r, over 1 − r, else 0 (Srivastava et al., JMLR 2014).
///
/// Which are kept is a function of the key, the step and the number's place: it isn't stored, but
/// computed again backwards.
final class Dropout: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.overwriting
  private let draws: StepDraws
  private let rate: Float

  init(_ input: Variable, rate: Float) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    draws = StepDraws(input.tape)
    self.rate = rate
  }

  func forward(_ team: Team) { drop(operands[0].value, into: output.value, team) }

  func backward(_ team: Team) { drop(output.gradient, into: operands[0].gradient, team) }

  private func drop(_ x: Floats, into y: Floats, _ team: Team) {
    let word = draws.word
    team.split(output.count, width: 4) { range in
      ck_dropout_f32(
        range.count, word, UInt64(range.lowerBound), rate, x.from(range.lowerBound),
        y.from(range.lowerBound))
    }
  }
}

/// What an operation draws: one word for each step, from which a kernel makes as many as it needs.
struct StepDraws {
  private unowned let tape: Tape
  private let key: RandomKey

  /// The draws of another operation.
  init(_ tape: Tape) {
    self.tape = tape
    key = tape.nextKey()
  }

  /// The word of this step.
  var word: UInt64 {
    var stream = RandomStream(key.child("step", tape.step))
    return stream.next()
  }
}

extension Variable {
  /// Sets numbers to 0 with probability `rate`, and scales the others so that means stay; nothing
  /// in inference.
  public func dropout(_ rate: Float) -> Variable {
    precondition(rate >= 0 && rate < 1, "A dropout's rate is at least 0 and below 1.")
    return tape.mode == .inference || rate == 0
      ? self : tape.record(Dropout(self, rate: rate))
  }
}
