import Foundation
import Randomness
import Testing

@testable import Networks

/// The values that Scripts/golden/finetuning.py recorded with PyTorch.
private struct TuningGolden: Decodable {
  struct Array: Decodable {
    let shape: [Int]
    let values: [Float]
  }

  struct Attributes: Decodable {
    let count: Int?
    let factor: Float?
    let upstream: [Float]?
  }

  struct Case: Decodable {
    let name: String
    let attributes: Attributes
    let inputs: [String: Array]
    let value: Double
    let gradients: [String: [Double]]
  }

  let cases: [Case]

  static func cases(_ prefix: String) throws -> [Case] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/tuning.json")
    let golden = try JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
    return golden.cases.filter { $0.name.hasPrefix(prefix) }
  }
}

@Suite("Operations of fine-tuning")
struct TuningTests {
  @Test("The smallest singular values and their gradients are PyTorch's")
  func singularValues() throws {
    let cases = try TuningGolden.cases("singular values")
    #expect(cases.count == 4)
    for expected in cases {
      let x = try #require(expected.inputs["x"])
      let count = try #require(expected.attributes.count)
      let run = EngineRun([(.input(x.shape), x.values)], upstream: .constant(1)) { _, x, _ in
        x[0].smallestSingularValues(count)
      }
      #expect(distance([run.loss], [expected.value]) < 1e-5, "\(expected.name)")
      let slopes = try #require(expected.gradients["x"])
      #expect(distance(run.gradients[0], slopes) < 1e-5, "\(expected.name)")
    }
  }

  /// A rank that is lower than the number of samples: the smallest singular value is 0, not noise.
  @Test("A singular value of 0 has no gradient")
  func singularValueOfZero() {
    let run = EngineRun([(.input([2, 3]), [1, 2, 3, 2, 4, 6])], upstream: .constant(1)) {
      _, x, _ in x[0].smallestSingularValues(1)
    }
    #expect(abs(run.loss) < 1e-6)
    #expect(run.gradients[0].allSatisfy { abs($0) < 1e-3 })
  }

  @Test("A product of low rank and its gradients are PyTorch's")
  func lowRank() throws {
    let expected = try #require(try TuningGolden.cases("low rank").first)
    let (kernel, a, b) = (
      try #require(expected.inputs["kernel"]), try #require(expected.inputs["a"]),
      try #require(expected.inputs["b"])
    )
    let factor = try #require(expected.attributes.factor)
    let run = EngineRun(
      [
        (.input(kernel.shape), kernel.values), (.input(a.shape), a.values),
        (.input(b.shape), b.values),
      ],
      upstream: .values(try #require(expected.attributes.upstream))
    ) { tape, x, _ in
      tape.record(LowRank(x[0], left: x[2], right: x[1], factor: factor))
    }
    #expect(distance([run.loss], [expected.value]) < 1e-5)
    for (place, name) in ["kernel", "a", "b"].enumerated() {
      #expect(
        distance(run.gradients[place], try #require(expected.gradients[name])) < 1e-5, "\(name)")
    }
  }

  /// Nothing changes at first, and the factors take part in training where the kernel doesn't.
  @Test("A low-rank product begins at 0")
  func lowRankBegins() throws {
    let weights = Weights(key: RandomKey(seed: 1))
    func output(_ prepare: (Tape) -> Void) -> Tensor {
      let tape = Tape(mode: .training)
      prepare(tape)
      let x = tape.input([2, 5])
      let y = x.dense(Scope(weights)("layer"), 4)
      let program = Program(minimizing: y.sum(), outputs: [y], team: Team())
      program.set(x, (0..<10).map { Float($0) / 7 })
      program.forward()
      program.backward()
      return program.value(of: y)
    }
    let plain = output { _ in }
    let kernel = try #require(weights["layer.weight"])
    kernel.isFrozen = true
    let adapted = output { $0.addLowRank(to: kernel, in: weights, rank: 2, factor: 2) }
    #expect(plain == adapted)
    #expect(weights["layer.lora_A"]?.shape == [2, 5] && weights["layer.lora_B"]?.shape == [4, 2])
    #expect(weights["layer.lora_B"]?.gradientTensor.values.contains { $0 != 0 } == true)
  }

  @Test("A distance by channels and its gradients are PyTorch's")
  func channels() throws {
    let expected = try #require(try TuningGolden.cases("channels").first)
    let (x, z) = (try #require(expected.inputs["x"]), try #require(expected.inputs["z"]))
    let run = EngineRun(
      [(.input(x.shape), x.values), (.input(z.shape), z.values)], upstream: .constant(1)
    ) { _, x, _ in x[0].channelDistance(from: x[1], weights: [0.5, 2, 0.25, 1]) }
    #expect(distance([run.loss], [expected.value]) < 1e-5)
    for (place, name) in ["x", "z"].enumerated() {
      #expect(
        distance(run.gradients[place], try #require(expected.gradients[name])) < 1e-5, "\(name)")
    }
  }

  @Test("The distance of weights from a start")
  func startDistance() throws {
    let weights = Weights(key: RandomKey(seed: 1))
    let tape = Tape(mode: .training)
    let x = tape.input([1, 2])
    let y = x.dense(Scope(weights)("layer"), 2)
    let kernel = try #require(weights["layer.weight"])
    let bias = try #require(weights["layer.bias"])
    let start = WeightSnapshot([
      ("layer.weight", Tensor([2, 2], [1, 2, 3, 4])), ("layer.bias", Tensor([2], [5, 6])),
    ])
    let distance = try #require(tape.squaredDistance(of: [kernel, bias], from: start))
    #expect(tape.squaredDistance(of: [kernel], from: WeightSnapshot([])) == nil)
    let program = Program(minimizing: distance.scaled(by: 0.5) + y.sum(), team: Team())
    kernel.tensor = Tensor([2, 2], [1.5, 2, 3, 2])
    bias.tensor = Tensor([2], [5, 7])
    program.set(x, [0, 0])
    #expect(program.forward() == 0.5 * (0.25 + 4 + 1) + 12)
    program.backward()
    #expect(kernel.gradientTensor.values == [0.5, 0, 0, -2])
    #expect(bias.gradientTensor.values == [1, 2])
  }

  @Test("A tape finds what a layer computed")
  func outputs() throws {
    let weights = Weights(key: RandomKey(seed: 1))
    let tape = Tape(mode: .inference)
    _ = LeNet().features(of: tape.input([3, 28, 28, 1]), in: Scope(weights))
    let shapes = weights.all.filter { $0.role == .kernel }.map { tape.output(of: $0)?.shape }
    #expect(shapes == [[3, 24, 24, 20], [3, 8, 8, 50], [3, 500]])
    #expect(Tape(mode: .inference).output(of: weights.all[0]) == nil)
  }
}

@Suite("Batch normalisation in fine-tuning")
struct TunedNormalizationTests {
  private static let values: [Float] = [1, -2, 4, 0.5, 3, 8, -1, 2, 5, 0, 1, 3]

  /// What normalisation makes of 4 samples of 3 channels in its first step: outputs, gradients, and
  /// running statistics afterwards.
  private static func step(share: Float, isFrozen: Bool = false, seed: UInt64 = 1) -> [[Float]] {
    let weights = Weights(key: RandomKey(seed: 0))
    func record(_ tape: Tape) -> (Variable, Variable) {
      let x = tape.input([4, 3], isDifferentiable: true)
      return (x, x.batchNorm(Scope(weights)("norm")))
    }
    _ = record(Tape(mode: .inference))
    weights["norm.running_mean"]?.tensor = Tensor([3], [0.5, 1, -1])
    weights["norm.running_var"]?.tensor = Tensor([3], [2, 0.5, 3])
    weights.freeze { _ in isFrozen }
    let tape = Tape(mode: .training, key: RandomKey(seed: seed))
    tape.batchStatisticsShare = share
    let (x, y) = record(tape)
    let factors = tape.input([4, 3])
    let program = Program(minimizing: (y * factors).sum(), outputs: [y], team: Team())
    program.set(x, values)
    program.set(factors, (0..<12).map { Float($0 * $0 % 7) })
    program.forward()
    program.backward()
    let statistics = weights.all.filter { $0.role == .statistic }.flatMap(\.tensor.values)
    return [program.value(of: y).values, program.gradient(of: x).values, statistics]
  }

  @Test("Each channel goes by the batch or by the running statistics")
  func stochastic() {
    let batch = Self.step(share: 1)
    let running = Self.step(share: 0)
    #expect(batch[0] != running[0] && batch[1] != running[1])
    // Running statistics move alike, whichever were used.
    #expect(batch[2] == running[2])
    var kinds: Set<[Bool]> = []
    for seed in 0..<40 {
      let mixed = Self.step(share: 0.5, seed: UInt64(seed))
      #expect(mixed[2] == batch[2])
      kinds.insert(
        (0..<3).map { channel in
          let places = stride(from: channel, to: 12, by: 3)
          let isBatch = places.allSatisfy {
            mixed[0][$0] == batch[0][$0] && mixed[1][$0] == batch[1][$0]
          }
          let isRunning = places.allSatisfy {
            mixed[0][$0] == running[0][$0] && mixed[1][$0] == running[1][$0]
          }
          #expect(isBatch != isRunning)
          return isBatch
        })
    }
    #expect(kinds.count > 4)
  }

  @Test("A frozen layer goes by its running statistics and keeps them")
  func frozen() {
    let frozen = Self.step(share: 1, isFrozen: true)
    #expect(frozen[2] == [0.5, 1, -1, 2, 0.5, 3])
    #expect(frozen[0] == Self.step(share: 0)[0])
  }
}
