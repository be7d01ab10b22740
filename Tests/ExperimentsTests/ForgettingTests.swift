import Domains
import Methods
import Metrics
import Randomness
import Testing

@testable import Experiments

/// The adapted model back on the held-out source.
struct ForgettingTests {
  private static let id = PairID(dataset: "clinics", source: "city", target: "county")
  private let pair = DomainPair(
    id: id,
    source: Clinics.domain(Clinics.city, count: 300, key: RandomKey(seed: 3).child("city")),
    target: Clinics.domain(Clinics.county, count: 300, key: RandomKey(seed: 3).child("county")),
    classes: ["healthy", "ill"], checksum: "forgetting")

  private func scored(
    _ method: String, protocolName: String = "holdout"
  ) throws -> ScoredCell {
    let setting = Plan.MethodSetting(id: method)
    let plan = Plan(
      pairs: [Self.id.description], methods: [setting], protocolName: protocolName, repetitions: 1)
    let cells = plan.cells(
      methods: [try PlannedMethod(setting)], checksums: [Self.id.description: pair.checksum])
    var samples: SplitSamples?
    let result = try cells[0].execute(on: pair, samples: &samples)
    return ScoredCell(
      cell: cells[0], predictions: try #require(result.predictions), truth: PairTruth(pair))
  }

  private func forgetting(_ own: ScoredCell, _ sourceOnly: ScoredCell) -> Double? {
    own.observations(against: Counterparts(sourceOnly: sourceOnly))
      .first { $0.metric == DerivedMetric.forgetting }?.value
  }

  @Test(arguments: ["coral", "target-oracle", "target-only", "biased-logistic"])
  func itIsTheDifferenceOfTheAccuraciesOnTheHeldOutSource(method: String) throws {
    let (own, sourceOnly) = (try scored(method), try scored("source-only"))
    #expect(own.predictions.sourceRows.count == 150)
    let back = try #require(own.truth.sourceEvaluation(of: own.predictions))
    let home = try #require(sourceOnly.truth.sourceEvaluation(of: sourceOnly.predictions))
    let expected =
      try #require(Metric.accuracy.value(back)) - #require(Metric.accuracy.value(home))
    #expect(forgetting(own, sourceOnly) == expected)
    #expect(forgetting(sourceOnly, sourceOnly) == nil)
  }

  /// The model of the other clinic doesn't know this one's patients.
  @Test func theOracleOfTheTargetForgets() throws {
    #expect(try #require(forgetting(scored("target-oracle"), scored("source-only"))) < 0)
  }

  @Test func nothingIsHeldOutUnderTheTransductiveProtocolAndClusteringsKnowNoClasses() throws {
    let transductive = try scored("coral", protocolName: "transductive")
    #expect(transductive.predictions.sourceRows.isEmpty)
    #expect(
      forgetting(transductive, try scored("source-only", protocolName: "transductive")) == nil)
    let clustering = try scored("transfer-fcm")
    #expect(clustering.predictions.sourceRows.isEmpty)
    #expect(forgetting(clustering, try scored("source-only")) == nil)
  }
}
