import Domains
import Methods
import Metrics
import Testing

@testable import Experiments

@Suite struct TuningTests {
  private static let id = PairID(dataset: "moons", source: "rotated-0", target: "rotated-30")

  private func tuning(
    _ search: SettingSearch, budget: Int = 8, folds: Int = 3
  ) throws -> (Tuning, Plan) {
    let plan = Plan(
      pairs: [Self.id.description], methods: [Plan.MethodSetting(id: "coral")], selection: "all",
      search: search, budget: budget, folds: folds)
    return (try #require(try plan.tunings().first?.value), plan)
  }

  /// A record whose candidate c scores `scores[c]` by entropy on every fold.
  private func record(
    _ tuning: Tuning, _ plan: Plan, scores: [Double?], run: (Cell) -> Bool = { _ in true }
  ) throws -> TuningRecord {
    let pair = try DataCatalogue(dataRoot: nil).load(Self.id)
    let cell = plan.cell(
      tuning.candidates[0], pair: Self.id.description, repetition: 0, checksum: "")
    return try TuningRecord(tuning, like: cell, truth: PairTruth(pair)) { cell in
      guard run(cell),
        let place = tuning.candidates.firstIndex(where: { $0.parameters == cell.parameters }),
        let score = scores[place]
      else { return nil }
      return FoldJudgement(scores: ["entropy": score], rows: [], classes: [])
    }
  }

  private let entropy = SelectionRule("entropy")

  @Test func theHighestScoreIsChosenAndTheFirstOfEquals() throws {
    let (tuning, plan) = try tuning(.grid)
    #expect(tuning.candidates.count == 5)
    let rule = try #require(entropy)
    #expect(try record(tuning, plan, scores: [1, 3, 2, 3, 0]).choice(rule) == 1)
    #expect(try record(tuning, plan, scores: [nil, nil, 2, 3, nil]).choice(rule) == 3)
  }

  @Test func whereNothingCanBeScoredTheStatedSettingStays() throws {
    let (tuning, plan) = try tuning(.grid)
    let rule = try #require(entropy)
    let none = try record(tuning, plan, scores: Array(repeating: nil, count: 5))
    #expect(none.choice(rule) == 0)
    #expect(none.score(2, rule) == nil)
    #expect(none.choice(.stated) == 0)
  }

  @Test func halvingGoesOnWithTheBetterHalf() throws {
    let (tuning, plan) = try tuning(.halving)
    let rule = try #require(entropy)
    let found = try record(tuning, plan, scores: [0, 1, 2, 3, 4])
    #expect(found.tried(onFold: 0, [rule]) == [0, 1, 2, 3, 4])
    #expect(found.tried(onFold: 1, [rule]) == [2, 3, 4])
    #expect(found.tried(onFold: 2, [rule]) == [3, 4])
    #expect(found.choice(rule) == 4)
    // A candidate out after the first fold isn't chosen, whatever is known of it later.
    let first = try record(tuning, plan, scores: [9, 1, 2, 3, 4]) { cell in
      !(cell.fold?.index == 0 && cell.parameters == tuning.candidates[0].parameters)
    }
    #expect(first.choice(rule) == 4)
  }

  @Test func clusteringsAndOraclesAreNotTuned() throws {
    let plan = Plan(
      pairs: [Self.id.description],
      methods: ["transfer-fcm", "target-oracle", "source-only"].map { Plan.MethodSetting(id: $0) },
      selection: "entropy")
    #expect(try plan.tunings().isEmpty)
    #expect(try plan.plannedMethods().allSatisfy { $0.selection == "none" })
  }

  /// The firewall: permuted target labels change the oracle's scores and no validator's.
  @Test(arguments: ["holdout", "transductive"])
  func noValidatorSeesTargetLabels(_ protocolName: String) throws {
    let pair = try DataCatalogue(dataRoot: nil).load(Self.id)
    let target = pair.target
    let flipped = DomainPair(
      id: pair.id, source: pair.source,
      target: Domain(
        name: target.name, features: target.features, labels: target.labels.map { 1 - $0 },
        groups: target.groups),
      classes: pair.classes, checksum: pair.checksum)
    let plan = Plan(
      pairs: [Self.id.description], methods: [Plan.MethodSetting(id: "tca")],
      protocolName: protocolName, selection: "all", budget: 2)
    let tuning = try #require(try plan.tunings().first?.value)
    let test = plan.cell(
      tuning.candidates[0], pair: Self.id.description, repetition: 0, checksum: pair.checksum)
    let cell = tuning.cell(1, fold: 0, like: test)
    var samples: SplitSamples?
    let judgement = try #require(try cell.execute(on: pair, samples: &samples).judgement)
    samples = nil
    #expect(try cell.execute(on: flipped, samples: &samples).judgement == judgement)
    #expect(judgement.scores.count == ValidatorRegistry.all.count)
    let scores = [pair, flipped].map { TargetOracle(opening: PairTruth($0)).score(judgement) }
    let (own, other) = (try #require(scores[0]), try #require(scores[1]))
    #expect(own != other && abs(own + other - 1) < 1e-12)
  }
}
