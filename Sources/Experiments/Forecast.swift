public import Domains
public import Metrics

/// What methods gained on pairs, as the `summary.csv` of a comparison states it.
public struct RecordedGains: Sendable {
  /// A method's accuracy on a pair and its gain over no transfer.
  public struct Outcome: Sendable, Hashable {
    /// The pair.
    public let pair: PairID
    /// The mean accuracy, from 0 to 1.
    public let score: Double
    /// The gain over the setting's reference; nil for a reference.
    public let gain: Double?
  }

  /// The methods, in the file's order; one with several settings has its parameters in its name.
  public let methods: [String]
  /// The outcomes of each method, in the file's order.
  public let outcomes: [String: [Outcome]]

  /// Reads a `summary.csv`.
  ///
  /// - Throws: `missing`, or `malformed` where a column isn't there or holds no number.
  public init(contentsOf path: String) throws(DomainError) {
    let table = try CSVFile.read(path, separator: .character(","), hasHeader: true)
    func column(_ name: String) throws(DomainError) -> Int {
      guard let place = table.header.firstIndex(of: name) else {
        throw .malformed(
          path: path, place: "line 1", expected: "the column '\(name)' of a summary",
          found: table.header.joined(separator: ","))
      }
      return place
    }
    let (dataset, source, target) = (
      try column("dataset"), try column("source"), try column("target")
    )
    let (method, metric, group) = (try column("method"), try column("metric"), try column("group"))
    let (mean, gain, parameters) = (
      try column("mean"), try column("gain"), try column("parameters")
    )
    var settings: [String: [String]] = [:]
    let rows = zip(table.rows, table.lines).filter { row, _ in
      row[metric] == "accuracy" && row[group].isEmpty && !row[dataset].isEmpty
    }
    for (row, _) in rows where settings[row[method]]?.contains(row[parameters]) != true {
      settings[row[method], default: []].append(row[parameters])
    }
    var methods: [String] = []
    var outcomes: [String: [Outcome]] = [:]
    for (row, line) in rows {
      func number(_ place: Int) throws(DomainError) -> Double? {
        guard !row[place].isEmpty else { return nil }
        guard let value = Double(row[place]), value.isFinite else {
          throw .malformed(
            path: path, place: "line \(line)", expected: "a number", found: "'\(row[place])'")
        }
        return value
      }
      let isOnly = (settings[row[method]]?.count ?? 0) < 2
      let name = isOnly ? row[method] : "\(row[method])\(row[parameters])"
      guard let score = try number(mean) else { continue }
      if outcomes[name] == nil { methods.append(name) }
      outcomes[name, default: []].append(
        Outcome(
          pair: PairID(dataset: row[dataset], source: row[source], target: row[target]),
          score: score, gain: try number(gain)))
    }
    self.methods = methods
    self.outcomes = outcomes
  }
}

/// How well measures before training foretold what came of it.
///
/// Kendall's weighted τ between what a measure promises of each pair (a divergence with its sign
/// turned) and what was scored or gained there; and the regret of taking, for each target, the
/// source that the measure prefers.
public struct Forecast: Sendable {
  /// What is foretold.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// The accuracy on the target.
    case score
    /// The gain over no transfer.
    case gain
  }

  /// One measure against one method's outcome, or against the mean over methods.
  public struct Line: Sendable {
    /// The data set whose pairs these are; nil for all pairs together.
    public let dataset: String?
    /// The measure.
    public let measure: DiagnosticMeasure
    /// The method; nil for the mean over methods.
    public let method: String?
    /// What is foretold.
    public let outcome: Outcome
    /// The number of pairs.
    public let pairs: Int
    /// Kendall's weighted τ; nil for fewer than three pairs, or where one side is constant.
    public let tau: Double?
    /// The mean over targets of how much less came with the preferred source than with the best
    /// one; nil where no target has several sources.
    public let regret: Double?
  }

  /// The lines by data set, measure, method and outcome; the means come before the methods.
  public let lines: [Line]
  /// The methods, in order.
  public let methods: [String]
  /// All data sets together (nil) where there are several, then each.
  public let scopes: [String?]
  /// The regret of a source drawn at random, by scope and outcome, over the means of the methods.
  public let chance: [Chance]

  /// What a source drawn at random would cost.
  public struct Chance: Sendable, Hashable {
    /// The data set; nil for all together.
    public let dataset: String?
    /// What is lost.
    public let outcome: Outcome
    /// The mean over targets of the best source's outcome less the mean source's.
    public let regret: Double
  }

  /// Compares diagnoses with what came.
  ///
  /// - Returns: nil where no pair is in both.
  public init?(_ diagnoses: [Diagnosis], _ gains: RecordedGains) {
    var datasets: [String] = []
    for diagnosis in diagnoses where !datasets.contains(diagnosis.pair.dataset) {
      datasets.append(diagnosis.pair.dataset)
    }
    scopes = datasets.count > 1 ? [nil] + datasets : datasets
    methods = gains.methods
    var lines: [Line] = []
    var chance: [Chance] = []
    for scope in scopes {
      let part = diagnoses.filter { scope == nil || $0.pair.dataset == scope }
      for outcome in Outcome.allCases {
        let mean = Self.mean(of: part, gains, outcome)
        if let regret = Self.regret(of: part, mean, choosing: { _ in nil }) {
          chance.append(Chance(dataset: scope, outcome: outcome, regret: regret))
        }
        for measure in part.first?.entries.map(\.measure) ?? [] {
          let series =
            [(nil, mean)]
            + gains.methods.map { method in
              (method as String?, Self.values(gains.outcomes[method] ?? [], outcome))
            }
          for (method, values) in series {
            let found = part.filter { values[$0.pair] != nil && $0.promise(of: measure) != nil }
            guard !found.isEmpty else { continue }
            lines.append(
              Line(
                dataset: scope, measure: measure, method: method, outcome: outcome,
                pairs: found.count,
                tau: found.count < 3
                  ? nil
                  : WeightedKendall.correlation(
                    found.compactMap { $0.promise(of: measure) },
                    found.compactMap { values[$0.pair] }),
                regret: Self.regret(of: found, values) { $0.preferred(by: measure) }))
          }
        }
      }
    }
    guard !lines.isEmpty else { return nil }
    self.lines = lines
    self.chance = chance
  }

  /// The outcome by pair.
  private static func values(
    _ outcomes: [RecordedGains.Outcome], _ outcome: Outcome
  ) -> [PairID: Double] {
    var values: [PairID: Double] = [:]
    for entry in outcomes { values[entry.pair] = outcome == .score ? entry.score : entry.gain }
    return values
  }

  /// The mean outcome of each pair over the methods that have a gain on every pair.
  private static func mean(
    of diagnoses: [Diagnosis], _ gains: RecordedGains, _ outcome: Outcome
  ) -> [PairID: Double] {
    let recorded = diagnoses.map(\.pair).filter { pair in
      gains.outcomes.values.contains { $0.contains { $0.pair == pair } }
    }
    let complete = gains.methods.filter { method in
      let gained = values(gains.outcomes[method] ?? [], .gain)
      return recorded.allSatisfy { gained[$0] != nil }
    }
    guard !complete.isEmpty else { return [:] }
    let series = complete.map { values(gains.outcomes[$0] ?? [], outcome) }
    var means: [PairID: Double] = [:]
    for pair in recorded {
      means[pair] = series.reduce(0) { $0 + ($1[pair] ?? 0) } / Double(series.count)
    }
    return means
  }

  /// The mean over targets with several sources of the best outcome less the chosen source's; with
  /// no choice, less the mean.
  private static func regret(
    of diagnoses: [Diagnosis], _ values: [PairID: Double], choosing: ([Diagnosis]) -> PairID?
  ) -> Double? {
    let groups = diagnoses.filter { values[$0.pair] != nil }.byTarget.filter { $0.count > 1 }
    let regrets = groups.compactMap { group -> Double? in
      let outcomes = group.compactMap { values[$0.pair] }
      guard let best = outcomes.max() else { return nil }
      let chosen = choosing(group).flatMap { values[$0] }
      return best - (chosen ?? outcomes.reduce(0, +) / Double(outcomes.count))
    }
    return regrets.isEmpty ? nil : regrets.reduce(0, +) / Double(regrets.count)
  }
}
