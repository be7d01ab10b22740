import Domains
import Learners
import Metrics
import Randomness

/// What is known of a setting after one fold: the validators' scores, and its answers for the
/// target, sealed until an oracle is asked.
public struct FoldJudgement: Sendable, Hashable, Codable {
  /// The score of each validator that applies, by its id.
  public let scores: [String: Double]
  /// The target rows that were held out.
  public let rows: [Int32]
  /// The class answered for each.
  public let classes: [Int32]
}

extension FoldJudgement {
  /// Asks every validator about a fitted model.
  init(of fold: ValidationFold, rows: [Int]) {
    scores = Dictionary(
      uniqueKeysWithValues: ValidatorRegistry.all.compactMap { validator in
        validator.score(fold).map { (validator.id, $0) }
      })
    self.rows = rows.map(Int32.init)
    classes = fold.targetAnswers.classes.map(Int32.init)
  }
}

/// Choosing by the target's labels: no validator, and nothing that a user without labels could do.
///
/// Only a pair's opened truth makes one, in the process that scores.
struct TargetOracle {
  private let labels: (_ rows: [Int32]) -> [Int]

  /// The name in `--select` and in files.
  static let id = "oracle"

  init(opening truth: PairTruth) {
    labels = { truth.targetLabels($0) }
  }

  /// The accuracy of a fold's answers for held-out target samples; nil of none.
  func score(_ judgement: FoldJudgement) -> Double? {
    guard !judgement.rows.isEmpty else { return nil }
    let right = zip(judgement.classes, labels(judgement.rows)).count { Int($0) == $1 }
    return Double(right) / Double(judgement.rows.count)
  }
}
