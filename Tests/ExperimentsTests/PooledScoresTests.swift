import Domains
import LinearAlgebra
import Metrics
import Testing

@testable import Experiments

/// What is told of classes, confidences and small groups, of predictions made by hand.
struct PooledScoresTests {
  private let id = PairID(dataset: "d", source: "s", target: "t")

  /// A target of 16 rows: classes a and b in turn, of which the last three rows are women.
  private func pair() -> DomainPair {
    let count = 16
    let labels = (0..<count).map { $0 % 2 }
    let groups = [
      Domain.Group(
        name: "sex", levels: ["m", "f"], members: (0..<count).map { $0 >= count - 3 ? 1 : 0 })
    ]
    func domain(_ name: String) -> Domain {
      Domain(
        name: name, features: Matrix<Double>(rows: count, columns: 1), labels: labels,
        groups: groups)
    }
    return DomainPair(
      id: id, source: domain("s"), target: domain("t"), classes: ["a", "b"], checksum: "by hand")
  }

  /// A cell that predicts these classes for the first rows, each with confidence 0.75.
  private func cell(_ method: String, repetition: Int, _ predicted: [Int]) throws -> ScoredCell {
    let plan = Plan(
      pairs: [id.description], methods: [Plan.MethodSetting(id: method)],
      repetitions: repetition + 1)
    let planned = try PlannedMethod(Plan.MethodSetting(id: method))
    let cell = plan.cells(methods: [planned], checksums: [:])[repetition]
    let predictions = CellPredictions(
      rows: predicted.indices.map { Int32($0) },
      probabilities: predicted.flatMap { $0 == 0 ? [0.75, 0.25] : [0.25, 0.75] }, clusters: [],
      sourceRows: [], sourceProbabilities: [])
    return ScoredCell(cell: cell, predictions: predictions, truth: PairTruth(pair()))
  }

  private func pooled() throws -> PooledScores {
    let own = [
      try cell("coral", repetition: 0, [0, 0, 0, 1]),
      try cell("coral", repetition: 1, [0, 1, 1, 1]),
    ]
    let reference = [
      try cell("source-only", repetition: 0, [0, 1, 0, 1]),
      try cell("source-only", repetition: 1, [0, 0, 1, 0]),
    ]
    return PooledScores(
      pair: id, method: try PlannedMethod(Plan.MethodSetting(id: "coral")), cells: own,
      reference: "source-only", references: reference)
  }

  @Test func classesHaveTheirScoresAndGainsOverTheRepetitions() throws {
    let classes = try pooled().classes
    #expect(classes.map(\.name) == ["a", "b"])
    #expect(classes.map(\.repetitions) == [2, 2] && classes.map(\.samples) == [4, 4])
    // Recalls of a: 1 and ½ under both; of b: ½ and 1, under the reference 1 and 0.
    #expect(classes.map(\.recall) == [0.75, 0.75])
    #expect(classes.map { $0.gain?.mean } == [0, 0.25])
    #expect(classes.map(\.worse) == [0, 1])
    #expect(classes.allSatisfy { $0.reference == "source-only" })
    // Precision of a: 2/3 and 1; F1 of a: 4/5 and 2/3.
    let first = try #require(classes.first)
    let (precision, f1) = (first.precision ?? .nan, first.f1 ?? .nan)
    #expect(abs(precision - 5.0 / 6) < 1e-12 && abs(f1 - 11.0 / 15) < 1e-12)
  }

  @Test func confusionCountsAllRepetitionsAndLeavesOutZeros() throws {
    let rows = try pooled().confusion.map { "\($0.label) \($0.predicted) \($0.count)" }
    #expect(rows == ["a a 3", "a b 1", "b a 1", "b b 3"])
  }

  @Test func confidencesArePooled() throws {
    let rows = try pooled().reliability.filter { $0.binning == .equalWidth }
    #expect(rows.count == 1)
    let bin = try #require(rows.first?.values)
    #expect(bin.count == 8 && bin.confidence == 0.75 && bin.accuracy == 0.75)
  }

  @Test func aSmallGroupIsNamedAndLeftOut() throws {
    let own = try cell("coral", repetition: 0, (0..<16).map { $0 == 15 ? 0 : $0 % 2 })
    let rows = own.observations(against: Counterparts())
    let suppressed = rows.filter { $0.metric == DerivedMetric.suppressedLevel }
    #expect(suppressed.map(\.group) == ["sex=f"] && suppressed.map(\.value) == [3])
    #expect(
      rows.filter { $0.metric == GroupAccuracy.id }.map(\.group) == ["sex=m"])
    let worst = rows.first { $0.metric == GroupMetric.worstGroupAccuracy.id }
    #expect(worst?.value == 1)
    // One level alone has no gap.
    #expect(!rows.contains { $0.metric == GroupMetric.accuracyGap.id })
  }
}
