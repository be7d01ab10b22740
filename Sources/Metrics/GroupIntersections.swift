public import Domains

/// Sensitive attributes taken together: the young women, not the young and the women.
///
/// J. Buolamwini, T. Gebru. "Gender shades: intersectional accuracy disparities in commercial gender
/// classification." FAT* 2018: a model that treats each attribute's levels alike may still fail
/// where they meet.
public enum GroupIntersections {
  /// The number of test samples below which a level or a cell of an intersection is suppressed in
  /// comparisons.
  ///
  /// A rate of nine samples has a standard error of up to 17 points: its gap to another rate would
  /// say nothing. As in the tables of statistical offices, where cells under ten aren't published.
  public static let leastCount = 10

  /// The intersections of each two attributes, in order, and that of all where there are more.
  ///
  /// An intersection of `sex` and `age` is named `sex&age`, its levels `female&old`: those that
  /// occur, in the order of the attributes' own levels.
  public static func all(of groups: [Domain.Group]) -> [Domain.Group] {
    var intersections: [Domain.Group] = []
    for (index, first) in groups.enumerated() {
      for second in groups.dropFirst(index + 1) { intersections.append(meet(first, second)) }
    }
    if groups.count > 2, let first = groups.first {
      intersections.append(groups.dropFirst().reduce(first, meet))
    }
    return intersections
  }

  private static func meet(_ first: Domain.Group, _ second: Domain.Group) -> Domain.Group {
    let width = second.levels.count
    let cells = zip(first.members, second.members).map { $0 * width + $1 }
    var places = [Int?](repeating: nil, count: first.levels.count * width)
    for cell in cells { places[cell] = 0 }
    var levels: [String] = []
    for cell in places.indices where places[cell] != nil {
      places[cell] = levels.count
      levels.append("\(first.levels[cell / width])&\(second.levels[cell % width])")
    }
    return Domain.Group(
      name: "\(first.name)&\(second.name)", levels: levels,
      members: cells.compactMap { places[$0] })
  }
}
