import Metrics

/// The settings tried of a method on one pair and repetition: what every rule says of each, and
/// how each does in the test.
struct TuningResult: Sendable {
  /// The method as stated.
  let method: PlannedMethod
  /// The pair's name.
  let pair: String
  /// The repetition, counted from 0.
  let repetition: Int
  /// The settings, the stated one first.
  let candidates: [PlannedMethod]
  /// For each rule that chooses: its mean score of each candidate over the folds, and its choice.
  let judgements: [(rule: String, scores: [Double?], choice: Int)]
  /// The test's score of each candidate; nil where it was not run.
  let tests: [Double?]
  /// The score of the method's no-transfer reference in the same test.
  let reference: Double?

  /// The setting that a rule chooses; the stated one for a rule that wasn't asked.
  func choice(_ rule: String) -> PlannedMethod { candidates[choiceIndex(rule)] }

  private func choiceIndex(_ rule: String) -> Int {
    judgements.first { $0.rule == rule }?.choice ?? 0
  }

  /// The test's score of a rule's choice.
  func test(_ rule: String) -> Double? { tests[choiceIndex(rule)] }

  /// How a rule's ranking of the settings agrees with the tests': Spearman's ρ, ties at their mean
  /// rank; nil where fewer than two settings differ in either.
  func rankCorrelation(_ rule: String) -> Double? {
    guard let judgement = judgements.first(where: { $0.rule == rule }) else { return nil }
    let both = zip(judgement.scores, tests).compactMap { score, test in
      score.flatMap { score in test.map { (score, $0) } }
    }
    return RankCorrelation.spearman(both.map(\.0), both.map(\.1))
  }
}

extension Run {
  /// The score of a test; nil where it did not complete.
  private func score(of cell: Cell, _ truth: PairTruth) throws(StoreError) -> Double? {
    guard let predictions = try report(of: cell)?.predictions else { return nil }
    let scored = ScoredCell(cell: cell, predictions: predictions, truth: truth)
    return scored.score.value(scored.evaluation)
  }

  /// What tuning found on a pair.
  func tuningResults(on pair: String) throws(StoreError) -> [TuningResult] {
    guard let truth = truths[pair] else { return [] }
    var results: [TuningResult] = []
    for method in tuned {
      for repetition in 0..<plan.repetitions {
        guard let (tuning, record) = try tuning(method, pair: pair, repetition: repetition) else {
          continue
        }
        let test = cell(method, pair: pair, repetition: repetition)
        var tests: [Double?] = []
        for candidate in tuning.candidates {
          tests.append(try score(of: test.with(candidate), truth))
        }
        let reference = methods.first { method.isMeasured(against: $0) }
          .map { cell($0, pair: pair, repetition: repetition) }
        let rules = plan.rules.filter { $0.id != SelectionRule.stated.id }
        let base = try reference.flatMap { (cell) throws(StoreError) in try score(of: cell, truth) }
        results.append(
          TuningResult(
            method: method, pair: pair, repetition: repetition, candidates: tuning.candidates,
            judgements: rules.map { rule in
              (
                rule.id, tuning.candidates.indices.map { record.score($0, rule) },
                record.choice(rule)
              )
            }, tests: tests, reference: base))
      }
    }
    return results
  }
}
