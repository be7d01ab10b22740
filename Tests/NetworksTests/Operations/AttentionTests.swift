import Networks
import Testing

@Suite("Attention")
struct AttentionTests {
  @Test("Attention of several heads", arguments: [false, true], [false, true])
  func attention(isCausal: Bool, isMasked: Bool) {
    let mask = [Argument.input([2, 5], isDifferentiable: false)]
    checkGradients(
      of: [.input([2, 4, 6]), .input([2, 5, 6]), .input([2, 5, 6])] + (isMasked ? mask : []),
      large: [[3, 20, 60], [3, 24, 60], [3, 24, 60], [3, 24]]
    ) { tape, x, _ in
      // The mask is an input that nothing was done to.
      let mask = isMasked ? x[3] : nil
      return Variable.attention(
        queries: x[0], keys: x[1], values: x[2], heads: 3, mask: mask, isCausal: isCausal)
    } reference: {
      .attention($0[0], $0[1], $0[2], heads: 3, mask: isMasked ? $0[3] : nil, isCausal: isCausal)
    }
  }

  @Test("Attention of a variable to itself")
  func selfAttention() {
    checkGradients(of: [.input([2, 4, 6])], large: [[3, 20, 60]]) { _, x, _ in
      Variable.attention(queries: x[0], keys: x[0], values: x[0], heads: 2)
    } reference: {
      .attention($0[0], $0[0], $0[0], heads: 2, mask: nil, isCausal: false)
    }
  }

  @Test("A number far below 0 leaves a key out")
  func padding() {
    let x = (0..<12).map { Float($0 * $0 % 7) / 4 }
    func output(_ steps: Int, mask: [Float]) -> [Float] {
      EngineRun(
        [
          (.input([1, 2, 4]), Array(x[..<8])), (.input([1, steps, 4]), Array(x[..<(4 * steps)])),
          (.input([1, steps], isDifferentiable: false), mask),
        ], upstream: .constant(1)
      ) { _, v, _ in
        Variable.attention(queries: v[0], keys: v[1], values: v[1], heads: 2, mask: v[2])
      }.output
    }
    #expect(output(3, mask: [0, 0, -1e9]) == output(2, mask: [0, 0]))
    #expect(output(3, mask: [0, 0, -.infinity]) == output(2, mask: [0, 0]))
  }

  @Test("Dropped probabilities: the mean stays, gradients are of what was dropped")
  func dropout() {
    // Without scores every probability is 1/40, and values of 1 give the share that is kept.
    let run = EngineRun(
      [
        (.input([20, 40, 8]), Array(repeating: 0, count: 6400)),
        (.input([20, 40, 8]), Array(repeating: 1, count: 6400)),
      ], upstream: .constant(1)
    ) { _, x, _ in
      Variable.attention(queries: x[0], keys: x[0], values: x[1], heads: 2, dropout: 0.25)
    }
    let mean = run.output.reduce(0, +) / Float(run.output.count)
    // 64,000 draws: a standard error of 0.0023.
    #expect(abs(mean - 1) < 0.01)
    #expect(Set(run.output).count > 5)
    // The loss is linear in the values, so that the gradient's sum is the loss.
    let sum = run.gradients[1].reduce(0, +)
    #expect(abs(sum - run.loss) < 1e-4 * abs(run.loss))
    #expect(run.gradients[0].allSatisfy { $0 == 0 })
  }
}
