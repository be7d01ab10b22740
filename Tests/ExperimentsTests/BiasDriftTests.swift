import Domains
import Metrics
import Randomness
import Testing

@testable import Experiments

/// The bias that is planted in the clinics, measured through the whole path.
struct BiasDriftTests {
  private static let id = PairID(dataset: "clinics", source: "city", target: "county")
  private static let bootstrap = PairedBootstrap(resamples: 400, key: RandomKey(seed: 11))
  private static let measures = [
    (GroupMetric.demographicParityDifference.id, Clinics.planted.demographicParity),
    (GroupMetric.equalOpportunityDifference.id, Clinics.planted.equalOpportunity),
  ]

  /// A method at its defaults on a pair of clinics, as that repetition of a plan.
  private func scored(
    _ method: String, on pair: DomainPair, repetition: Int
  ) throws -> ScoredCell {
    let setting = Plan.MethodSetting(id: method)
    let plan = Plan(
      pairs: [Self.id.description], methods: [setting], repetitions: repetition + 1)
    let cells = plan.cells(
      methods: [try PlannedMethod(setting)], checksums: [Self.id.description: pair.checksum])
    var samples: SplitSamples?
    let result = try cells[repetition].execute(on: pair, samples: &samples)
    return ScoredCell(
      cell: cells[repetition], predictions: try #require(result.predictions),
      truth: PairTruth(pair))
  }

  private func interval(
    _ repetitions: [RepetitionPair], _ measure: String
  ) throws -> ClosedRange<Double> {
    let metric = try #require(MetricRegistry.groupMetric(measure))
    let result = try #require(
      Self.bootstrap.interval(repetitions: repetitions, metric: metric, group: "group"))
    return try #require(result.gainLow)...#require(result.gainHigh)
  }

  /// Every repetition draws other patients: the interval then holds the error of the fits too,
  /// which a single draw of the data can't show.
  @Test(arguments: measures)
  func theDriftAgainstTheTargetsOwnRuleIsThePlantedOne(
    measure: String, planted: Clinics.Gaps
  ) throws {
    let count = 2000
    let repetitions = try (0..<8).map { draw in
      let key = RandomKey(seed: 5).child("clinics", draw)
      let pair = DomainPair(
        id: Self.id, source: Clinics.domain(Clinics.city, count: count, key: key.child("city")),
        target: Clinics.domain(Clinics.county, count: count, key: key.child("county")),
        classes: ["healthy", "ill"], checksum: "draw \(draw)")
      let method = try scored("source-only", on: pair, repetition: 0)
      let oracle = try scored("target-oracle", on: pair, repetition: 0)
      return RepetitionPair(
        sampleIndices: method.rows.map { $0 + draw * count }, method: method.evaluation,
        reference: oracle.evaluation)
    }
    let interval = try interval(repetitions, measure)
    #expect(interval.contains(planted.drift), "\(interval)")
    #expect(interval.lowerBound > 0)
  }

  @Test(arguments: measures)
  func theDriftFromTheSourceIsThePlantedOne(measure: String, planted: Clinics.Gaps) throws {
    let pair = try DataCatalogue(dataRoot: nil).load(Self.id)
    let repetitions = try (0..<5).map { repetition in
      let cell = try scored("source-only", on: pair, repetition: repetition)
      return RepetitionPair(
        sampleIndices: cell.rows, method: cell.evaluation,
        referenceSampleIndices: cell.predictions.sourceRows.map(Int.init),
        reference: try #require(cell.truth.sourceEvaluation(of: cell.predictions)))
    }
    let interval = try interval(repetitions, measure)
    #expect(interval.contains(planted.shift), "\(interval)")
  }
}
