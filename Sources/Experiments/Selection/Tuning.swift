import Methods
import Metrics

/// The settings of one method that are tried on every pair and repetition.
struct Tuning: Sendable {
  /// The settings, the stated one first.
  let candidates: [PlannedMethod]
  /// How they are tried.
  let search: SettingSearch
  /// The folds of the inner split.
  let folds: Int
  /// Whether methods are fitted backwards too.
  let isReversed: Bool

  /// The fold cells of one test cell's setting: the same pair and repetition.
  func cell(_ candidate: Int, fold: Int, like cell: Cell) -> Cell {
    var cell = cell.with(candidates[candidate])
    cell.selection = SelectionRule.stated.id
    cell.fold = InnerFold(index: fold, count: folds, isReversed: isReversed)
    return cell
  }
}

/// What is known so far of a method's settings on one pair and repetition.
struct TuningRecord: Sendable {
  private let tuning: Tuning
  /// By candidate, then by fold; nil where the fold wasn't run or gave no model.
  private let judgements: [[FoldJudgement?]]
  /// The target's labels, for the oracle.
  private let truth: PairTruth

  /// Reads what the store holds.
  init(
    _ tuning: Tuning, like cell: Cell, truth: PairTruth,
    judgement: (Cell) throws(StoreError) -> FoldJudgement?
  ) throws(StoreError) {
    self.tuning = tuning
    self.truth = truth
    var judgements: [[FoldJudgement?]] = []
    for candidate in tuning.candidates.indices {
      var folds: [FoldJudgement?] = []
      for fold in 0..<tuning.folds {
        folds.append(try judgement(tuning.cell(candidate, fold: fold, like: cell)))
      }
      judgements.append(folds)
    }
    self.judgements = judgements
  }

  /// The mean score of a candidate over the first `folds` folds; nil where one has none.
  func score(_ candidate: Int, _ rule: SelectionRule, folds: Int? = nil) -> Double? {
    let count = folds ?? tuning.folds
    var sum = 0.0
    for judgement in judgements[candidate].prefix(count) {
      guard let judgement, let score = score(judgement, rule) else { return nil }
      sum += score
    }
    return sum / Double(count)
  }

  private func score(_ judgement: FoldJudgement, _ rule: SelectionRule) -> Double? {
    switch rule {
    case .stated: nil
    case .validator(let validator): judgement.scores[validator.id]
    case .oracle: TargetOracle(opening: truth).score(judgement)
    }
  }

  /// The candidates that are tried on that fold: all, or under halving the better half of those
  /// tried on the fold before, by any of the rules; at least one.
  func tried(onFold fold: Int, _ rules: [SelectionRule]) -> [Int] {
    guard tuning.search == .halving, fold > 0 else { return Array(tuning.candidates.indices) }
    let kept = Set(rules.flatMap { survivors(afterFold: fold - 1, $0) })
    return tuning.candidates.indices.filter(kept.contains)
  }

  /// The better half after a fold by one rule, rounded up.
  private func survivors(afterFold fold: Int, _ rule: SelectionRule) -> [Int] {
    let tried =
      fold == 0 ? Array(tuning.candidates.indices) : survivors(afterFold: fold - 1, rule)
    return Array(ranked(tried, rule, folds: fold + 1).prefix((tried.count + 1) / 2))
  }

  /// The candidates with a score, the best first; of equals the first.
  private func ranked(_ candidates: [Int], _ rule: SelectionRule, folds: Int) -> [Int] {
    candidates.compactMap { candidate in
      score(candidate, rule, folds: folds).map { (candidate, $0) }
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
  }

  /// The candidate that a rule chooses; the stated one, 0, where it can score none.
  func choice(_ rule: SelectionRule) -> Int {
    let last = tuning.folds - 1
    let candidates =
      tuning.search == .halving && last > 0
      ? survivors(afterFold: last - 1, rule) : Array(tuning.candidates.indices)
    return ranked(candidates, rule, folds: tuning.folds).first ?? 0
  }
}
