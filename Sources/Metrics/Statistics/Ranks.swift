/// Ranks from 1, the least value first; equal values share the mean of their ranks.
enum Ranks {
  /// The rank of each value.
  static func ascending(_ values: [Double]) -> [Double] {
    var ranks = [Double](repeating: 0, count: values.count)
    forEachTie(values) { places, first in
      for place in places { ranks[place] = Double(2 * first + places.count + 1) / 2 }
    }
    return ranks
  }

  /// Σ (t³ − t) over the groups of t equal values.
  static func tieTerm(_ values: [Double]) -> Double {
    var sum = 0.0
    forEachTie(values) { places, _ in
      let size = Double(places.count)
      sum += size * size * size - size
    }
    return sum
  }

  /// Calls back with the places of each group of equal values, and how many values are smaller.
  private static func forEachTie(_ values: [Double], _ body: (ArraySlice<Int>, Int) -> Void) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      body(order[first..<end], first)
      first = end
    }
  }
}
