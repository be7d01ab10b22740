import Networks
import Randomness
import Testing

@Suite("Optimisers, schedules and early stopping")
struct OptimizerTests {
  /// The weights after some steps of Adam on a small network.
  private func trained(threads: Int, isDecoupled: Bool) -> WeightSnapshot {
    let weights = Weights(key: RandomKey(seed: 1))
    let scope = Scope(weights)
    let tape = Tape(mode: .training)
    let input = tape.input([40, 60])
    let classes = tape.indices(40)
    let loss = input.dense(scope("hidden"), 300).relu().dropout(0.2).dense(scope("output"), 4)
      .crossEntropy(classes)
    let team = Team(threads: threads)
    let program = Program(minimizing: loss, team: team)
    let optimizer = Adam(weights, rate: 0.01, decay: 0.1, isDecoupled: isDecoupled)
    var stream = RandomStream(RandomKey(seed: 2))
    program.set(input, (0..<2400).map { _ in Float(stream.normal()) })
    classes.set((0..<40).map { $0 % 4 })
    var losses: [Float] = []
    for _ in 0..<20 {
      losses.append(program.forward())
      program.backward()
      optimizer.step(team: team)
    }
    #expect((losses.last ?? 1) < 0.3 * losses[0])
    return weights.snapshot
  }

  @Test("Adam lowers the loss, and gives the same bits with two threads", arguments: [false, true])
  func adam(isDecoupled: Bool) {
    #expect(
      trained(threads: 1, isDecoupled: isDecoupled)
        == trained(threads: 2, isDecoupled: isDecoupled))
  }

  @Test("Schedules at their ends")
  func schedules() {
    #expect(Schedule.constant.factor(step: 7, of: 10) == 1)
    #expect(Schedule.milestones([2, 4], factor: 0.1).factor(step: 1, of: 9) == 1)
    #expect(abs(Schedule.milestones([2, 4], factor: 0.1).factor(step: 4, of: 9) - 0.01) < 1e-15)
    #expect(Schedule.cosine(floor: 0.2).factor(step: 10, of: 10) == 0.2)
    #expect(Schedule.linear(warmUp: 5).factor(step: 10, of: 10) == 0)
    #expect(Schedule.slantedTriangular().factor(step: 10, of: 100) == 1)
    #expect(Schedule.growth().factor(step: 0, of: 10) == 0)
    for schedule in [
      Schedule.constant, .steps(every: 0, factor: 0.5), .milestones([], factor: 0.1), .cosine(),
      .cosine(warmUp: 3), .linear(warmUp: 3), .slantedTriangular(), .annealing(), .growth(),
    ] {
      // Also where there are fewer steps than the warm-up takes.
      for count in 0...4 {
        for step in 0...(count + 1) {
          let factor = schedule.factor(step: step, of: count)
          #expect(factor >= 0 && factor <= 1.4, "\(schedule), step \(step) of \(count)")
        }
      }
    }
  }

  @Test("Early stopping keeps the best weights")
  func earlyStopping() {
    func snapshot(_ value: Float) -> WeightSnapshot {
      WeightSnapshot([("w", Tensor([1], [value]))])
    }
    var stopping = EarlyStopping(patience: 2, goal: .lowest)
    let results = [3.0, 2, .nan, 1, 1, 1.5]
    let stops = results.enumerated().map { place, result in
      stopping.record(result, snapshot(Float(place)))
    }
    #expect(stops == [false, false, false, false, false, true])
    #expect(stopping.best?.result == 1 && stopping.best?.round == 3)
    #expect(stopping.best?.weights["w"]?.values == [3])

    var rising = EarlyStopping(patience: 1, goal: .highest, margin: 0.1)
    let rises = [0.5, 0.7, 0.75].map { rising.record($0, snapshot(0)) }
    #expect(rises == [false, false, true])
    #expect(rising.best?.result == 0.7)
  }
}
