import Domains
import Metrics
import Randomness
import Testing

@testable import Experiments

/// The bias that is planted in the clinics, measured through the whole path.
struct BiasDriftTests {
  /// The cells of a method at its defaults on the clinics, completed and scored.
  private func cells(_ method: String) throws -> [ScoredCell] {
    let id = PairID(dataset: "clinics", source: "city", target: "county")
    let pair = try DataCatalogue(dataRoot: nil).load(id)
    let plan = Plan(
      pairs: [id.description], methods: [Plan.MethodSetting(id: method)], repetitions: 5)
    let truth = PairTruth(pair)
    let planned = try PlannedMethod(Plan.MethodSetting(id: method))
    return try plan.cells(methods: [planned], checksums: [id.description: pair.checksum]).map {
      ScoredCell(cell: $0, predictions: try $0.execute(on: pair).predictions, truth: truth)
    }
  }

  private let bootstrap = PairedBootstrap(resamples: 400, key: RandomKey(seed: 11))

  @Test(arguments: [
    (GroupMetric.demographicParityDifference.id, Clinics.planted.demographicParity),
    (GroupMetric.equalOpportunityDifference.id, Clinics.planted.equalOpportunity),
  ])
  func theDriftAgainstTheTargetsOwnRuleIsThePlantedOne(
    measure: String, planted: Clinics.Gaps
  ) throws {
    let metric = try #require(MetricRegistry.groupMetric(measure))
    let pairs = try zip(cells("source-only"), cells("target-oracle")).map {
      RepetitionPair(sampleIndices: $0.rows, method: $0.evaluation, reference: $1.evaluation)
    }
    let result = try #require(
      bootstrap.interval(repetitions: pairs, metric: metric, group: "group"))
    let (low, high) = try (#require(result.gainLow), #require(result.gainHigh))
    #expect(low <= planted.drift && planted.drift <= high, "[\(low), \(high)]")
    #expect(low > 0)
  }

  @Test(arguments: [
    (GroupMetric.demographicParityDifference.id, Clinics.planted.demographicParity),
    (GroupMetric.equalOpportunityDifference.id, Clinics.planted.equalOpportunity),
  ])
  func theDriftFromTheSourceIsThePlantedOne(measure: String, planted: Clinics.Gaps) throws {
    let metric = try #require(MetricRegistry.groupMetric(measure))
    let pairs = try cells("source-only").map { cell in
      RepetitionPair(
        sampleIndices: cell.rows, method: cell.evaluation,
        referenceSampleIndices: cell.predictions.sourceRows.map(Int.init),
        reference: try #require(cell.truth.sourceEvaluation(of: cell.predictions)))
    }
    let result = try #require(
      bootstrap.interval(repetitions: pairs, metric: metric, group: "group"))
    let (low, high) = try (#require(result.gainLow), #require(result.gainHigh))
    #expect(low <= planted.shift && planted.shift <= high, "[\(low), \(high)]")
  }
}
