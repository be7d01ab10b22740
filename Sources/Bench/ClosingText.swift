import Experiments
import Foundation
import Metrics

/// What stands below the table of a run.
enum ClosingText {
  /// Learning curves and ranks, where there are any, and how to read the figures; `files` are those
  /// that were written.
  static func text(_ summary: Summary, folder: String, files: [String]) -> String {
    var text = ""
    if let curves = CurveTable(summary) {
      text += "\nLearning curves, means over pairs\n" + curves.text()
    }
    if summary.plan.ablation == nil, let ranking = RankingText(summary) {
      text += "\n" + ranking.text
    }
    return text + "\n" + closing(summary, folder, files)
  }

  private static func count(_ things: some Collection, _ noun: String) -> String {
    "\(things.count) \(noun)\(things.count == 1 ? "" : "s")"
  }

  /// What the learning curves show; empty where there is one number of shots.
  private static func curves(_ plan: Plan) -> String {
    guard plan.shots.counts.count > 1 else { return "" }
    return """

      After @ stand the shots. Of the learning curves, against the reference's: the gain at the
      fewest shots, at the most, and of the area; and how many times the labels the reference needs
      to reach the worse of the two last scores (geometric mean). curves.csv holds them by pair.
      """
  }

  /// Which groups were too small to be shown; empty where none was.
  static func suppressed(_ summary: Summary) -> String {
    let found = summary.suppressedLevels
    guard !found.isEmpty else { return "" }
    let levels = found.map { level, pairs in "\(level.inOneLine) on \(count(0..<pairs, "pair"))" }
    return """

      With fewer than \(GroupIntersections.leastCount) test samples, and so left out of the measures \
      of groups: \(levels.joined(separator: ", ")); results.csv says where.
      """
  }

  /// How the table of a comparison is read.
  private static let gains = """
    The gain is over the setting's own no-transfer reference; "harmed" counts the pairs whose
    interval lies below 0; the bias drift is the growth of the accuracy gap between groups, or
    between classes where a data set has no groups.
    """

  /// How the table of an ablation is read.
  private static let differences = """
    The difference is from the method as stated, on the same splits, shots and seed; "harmed" counts
    the pairs whose interval lies below 0; the bias drift is the growth of the accuracy gap between
    groups, or between classes where a data set has no groups. A curve spans the least and the
    greatest score of its parameter.
    """

  /// What the columns of the table say.
  private static func meaning(_ plan: Plan) -> String {
    if plan.ablation != nil { return differences }
    guard plan.selection == SelectionRule.allID else { return gains }
    let tried = plan.search == .grid ? "every setting" : "up to \(plan.budget) settings"
    return """
      Each rule chose among \(tried) of every method, judged on \(plan.folds) inner folds; "none" is
      the method as stated, "oracle" sees the target's labels. The gain is over the no-transfer
      reference, and "below reference" the share of methods and pairs that do worse than it; the
      price is the oracle's score less the rule's.
      """
  }

  /// What was run and where it lies.
  private static func closing(
    _ summary: Summary, _ out: String, _ files: [String]
  ) -> String {
    let plan = summary.plan
    let fits =
      plan.repetitions > 1
      ? ""
      : "\nWith one repetition intervals are those of the one fit: other splits may differ more."
    let counts = Outcome.allCases.compactMap { outcome -> String? in
      let count = summary.reports.filter { $0.report?.outcome == outcome }.count
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }
    let protocolText =
      plan.protocolName == "holdout" ? "holdout \(plan.holdout)" : plan.protocolName
    return """
      Points of 100, means over \(Self.count(plan.pairs, "pair")) and \
      \(Self.count(0..<plan.repetitions, "repetition")), \(protocolText), \(plan.shots) shots, seed \
      \(plan.seed).
      \(meaning(plan))
      \(summary.reports.count) cells: \(counts.joined(separator: ", ")). Written to \(out)/: plan.yml, \
      \(files.joined(separator: ", ")), results.sqlite.
      """ + fits + curves(plan) + suppressed(summary)
  }
}
