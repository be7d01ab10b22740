/// How alike two orders of the same things are.
public enum RankCorrelation {
  /// Spearman's ρ: Pearson's correlation of the ranks, things alike at their mean rank.
  ///
  /// C. Spearman. "The Proof and Measurement of Association between Two Things." The American
  /// Journal of Psychology 15(1), 1904. Nil where one of the two has no order: fewer than two
  /// things, or all alike.
  public static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "A correlation is of two values of each thing.")
    let (left, right) = (Ranks.ascending(left), Ranks.ascending(right))
    let centre = Double(left.count + 1) / 2
    func product(_ one: [Double], _ other: [Double]) -> Double {
      zip(one, other).reduce(0) { $0 + ($1.0 - centre) * ($1.1 - centre) }
    }
    let scale = (product(left, left) * product(right, right)).squareRoot()
    return scale > 0 ? product(left, right) / scale : nil
  }
}
