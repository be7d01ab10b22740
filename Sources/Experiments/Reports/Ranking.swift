import Dispatch
import Domains
import Foundation
import Methods
import Metrics
import Randomness
import Synchronization

/// How the methods of one setting rank over the pairs of a run, and which beat their reference.
///
/// A pair is one block of the rank tests, with the mean score over its repetitions: repetitions test
/// on overlapping parts of one target, and tests over pairs × repetitions would take what they share
/// for evidence. Ranked together are the methods of one setting, and of one number of shots, that
/// completed every repetition on every pair that their reference completed.
struct Ranking: Sendable {
  /// One method among those it is ranked with.
  struct Line: Sendable {
    let method: PlannedMethod
    /// The mean score over pairs.
    let score: Double
    /// The interquartile mean over pairs and repetitions.
    let interquartileMean: Estimate?
    /// The mean rank over pairs, 1 the best.
    let meanRank: Double
    /// Against the reference; nil for the reference itself or where there is none.
    let comparison: Comparison?
  }

  /// A method against its reference, over pairs.
  struct Comparison: Sendable {
    let signedRanks: SignedRankTest
    let signs: SignTest
    /// The probability of the signed-rank test, corrected by Holm for the methods of the setting.
    let adjustedPValue: Double
    /// The probability that a repetition of the method scores above one of the reference.
    let improvement: Estimate?
    /// Cliff's delta of the mean scores.
    let delta: Double?

    /// Whether the method is better than its reference, at that level of the corrected test.
    func isBetter(level: Double) -> Bool {
      adjustedPValue <= level && signedRanks.positiveRanks > signedRanks.negativeRanks
    }

    /// Whether it is worse.
    func isWorse(level: Double) -> Bool {
      adjustedPValue <= level && signedRanks.positiveRanks < signedRanks.negativeRanks
    }
  }

  let setting: Setting
  /// The number of shots, of a plan with several; else nil.
  let shots: Int?
  /// How hyperparameters were chosen: `none` where they are as stated.
  let selection: String
  let metric: Metric
  let pairCount: Int
  let test: FriedmanTest
  /// The id of the method that the others are compared with; nil where it isn't among them.
  let reference: String?
  /// The methods in the order of the plan.
  let lines: [Line]

  /// The difference of mean ranks beyond which two methods differ at the level 0.05 (Nemenyi).
  var criticalDifference: Double {
    NemenyiTest(methods: lines.count, blocks: pairCount).criticalDifference()
  }

  /// The most resamples behind an interval.
  private static let mostResamples = 2000

  /// The rankings of a run's settings, those of two or more methods on two or more pairs.
  ///
  /// `headlines` are those of each method, pair after pair.
  static func all(
    methods: [PlannedMethod], headlines: [[Headline]], plan: Plan
  ) -> [Ranking] {
    var groups: [Group] = []
    for method in methods where method.entry.setting != .oracle {
      let group = Group(method)
      if !groups.contains(group) { groups.append(group) }
    }
    return groups.compactMap { group in
      let own = methods.indices.filter { Group(methods[$0]) == group }
      let reference = MethodRegistry.referenceID(of: group.setting)
      // What nothing is chosen of is there once, and is the reference of every choice.
      let shared =
        own.contains { methods[$0].id == reference }
        ? []
        : methods.indices.filter {
          methods[$0].id == reference && methods[$0].shots == group.shots
        }.prefix(1)
      return Ranking(
        group, (shared + own).map { Entrant(methods[$0], headlines[$0]) }, plan)
    }
  }

  /// What is ranked together.
  private struct Group: Hashable {
    let setting: Setting
    let shots: Int?
    let selection: String

    init(_ method: PlannedMethod) {
      (setting, shots, selection) = (method.entry.setting, method.shots, method.selection)
    }
  }

  /// A method with its scores on the pairs that it completed.
  private struct Entrant: Sendable {
    let method: PlannedMethod
    let headlines: [Headline]

    init(_ method: PlannedMethod, _ headlines: [Headline]) {
      self.method = method
      self.headlines = headlines
    }

    /// The scores of each repetition on these pairs; nil where any is missing.
    func scores(on pairs: [PairID], repetitions: Int) -> [[Double]]? {
      let found = pairs.compactMap { pair in headlines.first { $0.pair == pair }?.scores }
      guard found.count == pairs.count, found.allSatisfy({ $0.count == repetitions }) else {
        return nil
      }
      return found
    }
  }

  private init?(_ group: Group, _ entrants: [Entrant], _ plan: Plan) {
    let referenceID = MethodRegistry.referenceID(of: group.setting)
    let yardstick = entrants.first { $0.method.id == referenceID } ?? entrants.first
    let pairs = (yardstick?.headlines ?? []).filter { $0.scores.count == plan.repetitions }
      .map(\.pair)
    var ranked: [(method: PlannedMethod, scores: [[Double]])] = []
    for entrant in entrants {
      if let scores = entrant.scores(on: pairs, repetitions: plan.repetitions) {
        ranked.append((entrant.method, scores))
      }
    }
    guard pairs.count > 1, ranked.count > 1, let metric = yardstick?.headlines.first?.score else {
      return nil
    }
    let higherIsBetter = metric.direction == .higherIsBetter
    // Scores that are equal but for rounding are ties.
    let means = ranked.map { method in
      method.scores.map { scores in
        (scores.reduce(0, +) / Double(scores.count) * 1e12).rounded() / 1e12
      }
    }
    let test = FriedmanTest(
      blocks: pairs.indices.map { pair in means.map { $0[pair] } }, higherIsBetter: higherIsBetter)
    let base = ranked.firstIndex { $0.method.id == referenceID }
    let differences = means.map { own in
      base.map { base in
        zip(own, means[base]).map { higherIsBetter ? $0 - $1 : $1 - $0 }
      }
    }
    let compared = ranked.indices.filter { base != nil && $0 != base }
    let tests = compared.map { SignedRankTest(differences: differences[$0] ?? []) }
    let adjusted = HolmCorrection.adjusted(tests.map(\.pValue))
    let key = RandomKey(seed: plan.seed).child("ranking").child(
      group.setting.rawValue, group.shots ?? 0
    )
    .child(group.selection)
    let (methods, resamples) = (ranked, min(plan.resamples, Self.mostResamples))
    let estimates = Self.concurrently(ranked.count) { place in
      let own = key.child(methods[place].method.id).child(methods[place].method.parameters)
      let bootstrap = StratifiedBootstrap(resamples: resamples, key: own)
      return (
        bootstrap.interquartileMean(methods[place].scores),
        base.flatMap { base in
          base == place
            ? nil
            : bootstrap.probabilityOfImprovement(
              higherIsBetter ? methods[place].scores : methods[base].scores,
              over: higherIsBetter ? methods[base].scores : methods[place].scores)
        }
      )
    }
    (setting, shots, selection) = (group.setting, group.shots, group.selection)
    self.metric = metric
    self.test = test
    pairCount = pairs.count
    reference = base.map { methods[$0].method.id }
    lines = ranked.indices.map { place in
      let comparison = compared.firstIndex(of: place).map { index in
        Comparison(
          signedRanks: tests[index], signs: SignTest(differences: differences[place] ?? []),
          adjustedPValue: adjusted[index], improvement: estimates[place].1,
          delta: base.flatMap { Dominance.cliffsDelta(means[place], means[$0]) })
      }
      return Line(
        method: methods[place].method,
        score: means[place].reduce(0, +) / Double(pairs.count),
        interquartileMean: estimates[place].0, meanRank: test.meanRanks[place],
        comparison: comparison)
    }
  }

  private static func concurrently<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let value = body(index)
      values.withLock { $0[index] = value }
    }
    return values.withLock { $0.compactMap(\.self) }
  }
}

extension Ranking {
  /// The columns of `ranks.csv`.
  static let columns = [
    "setting", "shots", "selection", "method", "family", "parameters", "metric", "pairs", "methods",
    "score",
    "iqm", "iqm_ci_low", "iqm_ci_high", "mean_rank", "critical_difference", "friedman_chi2",
    "friedman_p", "iman_davenport_f", "iman_davenport_p", "reference", "wins", "losses", "sign_p",
    "wilcoxon_p", "wilcoxon_p_holm", "cliffs_delta", "improvement", "improvement_ci_low",
    "improvement_ci_high",
  ]

  /// The rows of `ranks.csv`, a method each.
  var rows: [[String]] {
    let difference = CSV.number(criticalDifference)
    return lines.map { line in
      let own = line.comparison
      return [
        setting.rawValue, shots.map(String.init) ?? "", selection, line.method.id,
        line.method.entry.card.family.name, line.method.parameters, metric.id, String(pairCount),
        String(lines.count), CSV.number(line.score), CSV.number(line.interquartileMean?.value),
        CSV.number(line.interquartileMean?.low), CSV.number(line.interquartileMean?.high),
        CSV.number(line.meanRank), difference, CSV.number(test.chiSquared), CSV.number(test.pValue),
        CSV.number(test.fisher), CSV.number(test.fisherPValue), own == nil ? "" : reference ?? "",
        own.map { String($0.signs.positive) } ?? "", own.map { String($0.signs.negative) } ?? "",
        CSV.number(own?.signs.pValue), CSV.number(own?.signedRanks.pValue),
        CSV.number(own?.adjustedPValue), CSV.number(own?.delta),
        CSV.number(own?.improvement?.value), CSV.number(own?.improvement?.low),
        CSV.number(own?.improvement?.high),
      ]
    }
  }

  /// What is ranked together, in words.
  var name: String {
    setting.rawValue + (shots.map { ", \($0) shots" } ?? "")
      + (selection == SelectionRule.stated.id ? "" : " by \(selection)")
  }

  /// What the table's readers ask for: whether methods rank apart, which are the best, and which
  /// differ from the reference.
  var text: String {
    let best = lines.sorted { ($0.meanRank, $0.method.id) < ($1.meanRank, $1.method.id) }.prefix(3)
    func rank(_ line: Line) -> String {
      "\(ResultTable.name(line.method)) \(String(format: "%.1f", line.meanRank))"
    }
    let chance = Self.probability(test.fisherPValue ?? test.pValue)
    var text = """
      \(name): \(lines.count) methods, p \(chance) that all rank alike; best mean ranks \
      \(best.map(rank).joined(separator: ", ")); critical difference \
      \(String(format: "%.1f", criticalDifference)).
      """
    if let reference {
      func names(_ isChosen: (Comparison) -> Bool) -> String {
        let names = lines.filter { $0.comparison.map(isChosen) ?? false }
          .map { ResultTable.name($0.method) }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
      }
      text +=
        " Better than \(reference): \(names { $0.isBetter(level: 0.05) }); worse: "
        + "\(names { $0.isWorse(level: 0.05) })."
    }
    return text
  }

  private static func probability(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : "= \(String(format: "%.3f", value))"
  }
}

/// The rankings of a run as text under its table.
public struct RankingText: Sendable {
  /// The text, ending in a newline.
  public let text: String

  /// The fewest pairs of which the signed-rank test can tell anything at the level 0.05.
  private static let leastPairs = 6

  /// Nil where no setting has two methods on six pairs.
  public init?(_ summary: Summary) {
    let shown = summary.rankings.filter { $0.pairCount >= Self.leastPairs }
    guard !shown.isEmpty else { return nil }
    let counts = shown.map(\.pairCount)
    let pairs =
      counts.min() == counts.max()
      ? "\(counts[0])" : "\(counts.min() ?? 0) to \(counts.max() ?? 0)"
    text =
      "Ranks over \(pairs) pairs, each the mean of its repetitions (Friedman as of Iman and "
      + "Davenport, Nemenyi; Wilcoxon with Holm's correction at 0.05):\n"
      + shown.map { $0.text + "\n" }.joined()
  }
}
