import Networks
import Randomness
import Testing

@Suite("Memory")
struct MemoryPlanTests {
  /// A network with branches, residual sums, views, shared weights and a variable that is used often.
  private func branching(_ tape: Tape, _ x: Variable, _ scope: Scope) -> Variable {
    let first = x.dense(scope("shared"), 6)
    let left = first.relu()
    let right = first.tanh() + left
    let view = right.reshaped([2, 3, 6])
    let again = view.dense(scope("shared"), 6).sigmoid()
    let sum = (again + view).reshaped([6, 6]) + first
    let product = sum * left.scaled(by: 0.5)
    let reversed = product.reversingGradient(Coefficient(-1)).scaled(by: 0.5)
    let joined = Variable.concatenation(
      [reversed.slice(0..<3, along: .last), sum.slice(3..<6, along: .last)], along: .last)
    return (joined.softmax() + product.relu().scaled(by: 0.25)) * sum.tanh() + sum
  }

  private func branching(_ x: Reference, _ weight: Reference, _ bias: Reference) -> Reference {
    let first = x.dense(weight, bias)
    let left = first.map { max(0, $0) }
    let right = first.map(hyperbolicTangent).combined(left, +)
    let again = right.dense(weight, bias).map { 1 / (1 + exponential(-$0)) }
    let sum = again.combined(right, +).combined(first, +)
    let product = sum.combined(left) { $0 * 0.5 * $1 }
    let joined = Reference(
      [6, 6], (0..<6).flatMap { product.rows[$0][..<3].map { 0.5 * $0 } + sum.rows[$0][3...] })
    return joined.softmax.combined(product) { $0 + 0.25 * max(0, $1) }
      .combined(sum.map(hyperbolicTangent), *).combined(sum, +)
  }

  @Test("A branching network with residual sums and shared weights is computed as without a plan")
  func branching() {
    checkGradients(
      of: [
        .input([6, 6]), .weight("shared.weight", [6, 6]), .weight("shared.bias", [6]),
      ], large: []
    ) { tape, x, scope in
      branching(tape, x[0], scope)
    } reference: {
      branching($0[0], $0[1], $0[2])
    }
  }

  @Test("Random networks are computed as without a plan", arguments: 0..<40)
  func random(seed: Int) {
    // Each step takes two earlier variables, often the last one.
    var stream = RandomStream(RandomKey(seed: UInt64(seed)))
    let steps = (1...14).map { count in
      (
        kind: stream.integer(below: 8),
        one: stream.uniform() < 0.6 ? count - 1 : stream.integer(below: count),
        other: stream.integer(below: count)
      )
    }
    checkGradients(
      of: [.input([4, 4]), .weight("shared.weight", [4, 4]), .weight("shared.bias", [4])],
      large: []
    ) { _, x, scope in
      var made = [x[0].scaled(by: 0.5)]
      // A weight has a gradient where nothing below takes it, too.
      made[0] = made[0].dense(scope("shared"), 4).tanh()
      for step in steps {
        let (one, other) = (made[step.one], made[step.other])
        switch step.kind {
        case 0: made.append((one + other).scaled(by: 0.5))
        case 1: made.append(one * other)
        case 2: made.append(one.tanh())
        case 3: made.append(one.dense(scope("shared"), 4).tanh())
        case 4: made.append(one.reshaped([2, 8]).sigmoid().reshaped([4, 4]))
        case 5: made.append(one.softmax() + other)
        case 6: made.append(one.reversingGradient(Coefficient(-1)))
        default:
          made.append(
            Variable.concatenation(
              [one.slice(0..<2, along: .first), other.slice(2..<4, along: .first)], along: .first))
        }
      }
      return made[14] + made[7]
    } reference: { arguments in
      let dense: (Reference) -> Reference = {
        $0.dense(arguments[1], arguments[2]).map(hyperbolicTangent)
      }
      var made = [dense(arguments[0].map { 0.5 * $0 })]
      for step in steps {
        let (one, other) = (made[step.one], made[step.other])
        switch step.kind {
        case 0: made.append(one.combined(other) { 0.5 * ($0 + $1) })
        case 1: made.append(one.combined(other, *))
        case 2: made.append(one.map(hyperbolicTangent))
        case 3: made.append(dense(one))
        case 4: made.append(one.map { 1 / (1 + exponential(-$0)) })
        case 5: made.append(one.softmax.combined(other, +))
        case 6: made.append(one)
        default:
          made.append(Reference([4, 4], Array(one.values[..<8] + other.values[8...])))
        }
      }
      return made[14].combined(made[7], +)
    }
  }

  @Test("Memory is reused: a deep network takes little more than what its backward pass reads")
  func reuse() {
    func bytes(_ layers: Int, isTraining: Bool) -> Int {
      let scope = Scope(Weights(key: RandomKey(seed: 0)))
      let tape = Tape(mode: .training)
      let input = tape.input([64, 256])
      var x = input
      for layer in 0..<layers { x = x.dense(scope(layer), 256).relu() }
      let team = Team()
      return isTraining
        ? Program(minimizing: x.mean(), team: team).byteCount
        : Program(computing: [x], team: team).byteCount
    }
    let one = 64 * 256 * 4
    // The input and two that take turns; then each layer's output and two gradients.
    #expect(bytes(20, isTraining: false) <= 4 * one)
    #expect(bytes(20, isTraining: true) <= 24 * one)
  }
}
