import Networks
import Randomness
import Testing

@Suite("Programs")
struct ProgramTests {
  /// A small network of dense layers on drawn numbers.
  private func losses(threads: Int, steps: Int) -> [Float] {
    let weights = Weights(key: RandomKey(seed: 1))
    let scope = Scope(weights)
    let tape = Tape(mode: .training)
    let input = tape.input([33, 40])
    let classes = tape.indices(33)
    let loss = input.dense(scope("hidden"), 300).relu().dense(scope("output"), 4)
      .crossEntropy(classes)
    let team = Team(threads: threads)
    let program = Program(minimizing: loss, team: team)
    let optimizer = SGD(weights, rate: 0.1)
    var stream = RandomStream(RandomKey(seed: 2))
    program.set(input, (0..<33 * 40).map { _ in Float(stream.normal()) })
    classes.set((0..<33).map { $0 % 4 })
    return (0..<steps).map { _ in
      let value = program.forward()
      program.backward()
      optimizer.step(team: team)
      return value
    }
  }

  @Test("Training lowers the loss")
  func trains() {
    let losses = losses(threads: 1, steps: 30)
    #expect(abs(losses[0] - 1.386) < 0.2)
    #expect(losses[29] < 0.1 * losses[0])
  }

  @Test("One thread and two give the same bits")
  func threads() {
    #expect(losses(threads: 1, steps: 10) == losses(threads: 2, steps: 10))
  }
}
