import Methods
import Parameters
import Randomness

/// How the settings to try are taken from the grids.
public enum SettingSearch: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every combination.
  case grid
  /// So many combinations, drawn at random.
  case random
  /// As many as `random` on the first fold, and on each further one the better half of the last.
  case halving
}

extension PlannedMethod {
  /// The settings to try, the stated one first: all combinations of the grids, or `budget` of them.
  ///
  /// Grids are those of the numeric hyperparameters that the plan doesn't set: what a method is
  /// (its learner, its switches) and what only buys precision (its landmarks) isn't tuned unless
  /// the plan gives it a grid of its own.
  func candidates(
    grid: [String: [String]], fixed: Set<String>, limit: Int?, key: RandomKey
  ) throws(PlanError) -> [PlannedMethod] {
    let axes = entry.parameters.compactMap { parameter -> (name: String, values: [String])? in
      if let values = grid[parameter.name] { return (parameter.name, values) }
      guard !fixed.contains(parameter.name), parameter.isNumeric, parameter.isTuned,
        parameter.grid.count > 1
      else { return nil }
      return (parameter.name, parameter.grid.map(\.description))
    }
    guard !axes.isEmpty else { return [self] }
    let most = 1_000_000
    let count = axes.reduce(1) { min($0 * $1.values.count, most + 1) }
    guard count <= most else {
      throw .outOfRange(
        name: "grid", value: "more than \(most) combinations", range: "at most \(most)")
    }
    var candidates = [self]
    var seen: Set<String> = [parameters]
    for index in Self.indices(count, limit, key) {
      var texts = ParametersJSON.decode(parameters) ?? [:]
      var rest = index
      for axis in axes.reversed() {
        texts[axis.name] = axis.values[rest % axis.values.count]
        rest /= axis.values.count
      }
      let candidate = try PlannedMethod(Plan.MethodSetting(id: id, parameters: texts))
        .granted(shots)
      if seen.insert(candidate.parameters).inserted { candidates.append(candidate) }
      if candidates.count == limit { break }
    }
    return candidates
  }

  /// The combinations in the order in which they are tried: all in order, or random ones.
  private static func indices(_ count: Int, _ limit: Int?, _ key: RandomKey) -> [Int] {
    guard let limit, count > limit else { return Array(0..<count) }
    var stream = RandomStream(key)
    var drawn: [Int] = []
    while drawn.count < limit {
      let index = stream.integer(below: count)
      if !drawn.contains(index) { drawn.append(index) }
    }
    return drawn
  }
}
