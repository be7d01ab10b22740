/// Finds what a mistyped name was meant to be.
enum NearestName {
  /// The name nearest to `text`, if one is near; the first of those equally near.
  ///
  /// Near means: at most one edit for every three characters of `text`, at least one, and fewer
  /// than its length. Case doesn't count.
  static func find(_ text: String, in names: [String]) -> String? {
    let typed = text.lowercased()
    let limit = min(max(1, typed.count / 3), typed.count - 1)
    return
      names
      .map { (name: $0, distance: distance(typed, $0.lowercased())) }
      .filter { $0.distance <= limit }
      .min { $0.distance < $1.distance }?.name
  }

  /// The names in ascending order of their distance to `text`; equal distances keep their order.
  static func sorted(_ names: [String], by text: String) -> [String] {
    names.enumerated()
      .map { (index: $0.offset, name: $0.element, distance: distance(text, $0.element)) }
      .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.map(\.name)
  }

  /// The Damerau-Levenshtein distance: the least number of insertions, deletions, replacements
  /// and swaps of neighbours that turns `first` into `second`, no character edited twice.
  ///
  /// - Complexity: O(mn) in their lengths.
  static func distance(_ first: String, _ second: String) -> Int {
    let (from, into) = (Array(first), Array(second))
    var beforePrevious: [Int] = []
    var previous = Array(0...into.count)
    for row in 0..<from.count {
      var current = [row + 1]
      for column in 0..<into.count {
        var cost = min(
          previous[column + 1] + 1, current[column] + 1,
          previous[column] + (from[row] == into[column] ? 0 : 1))
        if row > 0, column > 0, from[row] == into[column - 1], from[row - 1] == into[column] {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[into.count]
  }
}
