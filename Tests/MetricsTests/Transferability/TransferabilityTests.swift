import Domains
import LinearAlgebra
import Randomness
import Testing

@testable import Metrics

@Suite struct TransferabilityTests {
  private let key = RandomKey(seed: 8)

  private func score(_ id: String, _ outputs: SourceOutputs) throws -> Double? {
    switch id {
    case "gbc-spherical": return GaussianBhattacharyya.score(outputs, covariance: .spherical)
    default:
      let nothing = LabelledSample(
        features: Matrix(rows: 0, columns: 1), labels: [], classCount: 1)
      return try #require(DiagnosticRegistry.measure(id)).value(
        source: nothing, target: nothing.unlabelled, outputs: outputs,
        settings: .init(permutations: 0, key: key))?.value
    }
  }

  @Test func valuesAgreeWithTheFormulasInNumPy() throws {
    var compared = 0
    for target in try DiagnoseGolden.read().targets {
      let outputs = SourceOutputs(outputs: Matrix(target.outputs), labels: target.labels)
      for id in target.values.keys.sorted() {
        let value = try score(id, outputs)
        #expect(agrees(value, target.values[id] ?? nil), "\(target.name), \(id): \(value ?? .nan)")
        compared += 1
      }
    }
    #expect(compared == 9 * 8 + 3 * 6)
  }

  /// Probabilities of three classes that name the label with the given skill.
  private func outputs(_ count: Int, skill: Double, key: RandomKey) -> SourceOutputs {
    var stream = RandomStream(key)
    let labels = (0..<count).map { _ in stream.integer(below: 3) }
    let rows = labels.map { label in
      let raw = (0..<3).map { stream.uniform() + (label == $0 ? skill : 0) }
      return raw.map { $0 / raw.reduce(0, +) }
    }
    return SourceOutputs(outputs: Matrix(rows), labels: labels)
  }

  @Test(arguments: DiagnosticRegistry.transferabilities.map(\.id))
  func aBetterSourceModelScoresHigher(_ id: String) throws {
    let values = try [0, 0.3, 1].map { skill in
      try #require(try score(id, outputs(200, skill: skill, key: key)))
    }
    #expect(values == values.sorted())
    #expect(values[0] < values[2])
  }

  /// Source classes under other names say as much about the target's.
  @Test(arguments: DiagnosticRegistry.transferabilities.map(\.id))
  func namesOfSourceClassesDoNotCount(_ id: String) throws {
    let given = outputs(60, skill: 0.5, key: key)
    let order = [2, 0, 1]
    let renamed = SourceOutputs(
      outputs: Matrix(
        (0..<60).map { row in order.map { given.outputs[row, $0] } }), labels: given.labels)
    let (value, other) = (try score(id, given), try score(id, renamed))
    #expect(agrees(value, other))
  }

  @Test func intervalsHoldTheScoreAndShrinkWithSamples() throws {
    func interval(_ count: Int) throws -> ClosedRange<Double> {
      let outputs = outputs(count, skill: 0.5, key: key.child("n", count))
      let score = try #require(LEEP.score(outputs))
      let found = outputs.interval(of: score, resamples: 200, key: key) { LEEP.score($0) }
      let interval = try #require(found)
      #expect(interval.contains(score))
      return interval
    }
    let (small, large) = (try interval(50), try interval(1000))
    #expect(large.upperBound - large.lowerBound < 0.5 * (small.upperBound - small.lowerBound))
  }

  /// The mean score over many targets lies in 19 of 20 intervals, give or take chance.
  @Test(arguments: ["leep", "nce", "h-score"]) func intervalsCover(_ id: String) throws {
    func score(_ outputs: SourceOutputs) throws -> Double? { try self.score(id, outputs) }
    let samples = (0..<200).map { outputs(60, skill: 0.4, key: key.child("draw", $0)) }
    let scores = try samples.map { try #require(try score($0)) }
    let mean = scores.reduce(0, +) / Double(scores.count)
    let intervals = try (0..<100).map { draw in
      try #require(
        try samples[draw].interval(
          of: scores[draw], resamples: 60, key: key.child("resamples", draw), score))
    }
    let covered = Double(intervals.count { $0.contains(mean) }) / 100
    #expect(covered > 0.88, "\(covered)")
  }

  @Test func parcOfRandomLabelsHasUniformPValues() throws {
    let values = try (0..<200).map { draw in
      let key = key.child("draw", draw)
      let found = PARC.measure(outputs(20, skill: 0, key: key), permutations: 39, key: key)
      return try #require(found?.pValue)
    }
    let share = Double(values.count { $0 <= 0.1 }) / 200
    #expect(share < 0.18 && share > 0.03)
    let skilled = PARC.measure(outputs(40, skill: 1, key: key), permutations: 39, key: key)
    #expect(skilled?.pValue == 0.025)
  }

  /// A source model that is certain of the truth, as 1-NN may be, has finite scores.
  @Test(arguments: DiagnosticRegistry.transferabilities.map(\.id))
  func certainAnswersAreFinite(_ id: String) throws {
    let labels = (0..<30).map { $0 % 3 }
    let rows = labels.map { label in (0..<3).map { $0 == label ? 1.0 : 0 } }
    let value = try score(id, SourceOutputs(outputs: Matrix(rows), labels: labels))
    #expect(try #require(value).isFinite)
  }

  @Test func noSamplesHaveNoScore() throws {
    let none = SourceOutputs(outputs: Matrix(rows: 0, columns: 3), labels: [])
    for measure in DiagnosticRegistry.transferabilities {
      #expect(try score(measure.id, none) == nil, "\(measure.id)")
    }
  }
}
