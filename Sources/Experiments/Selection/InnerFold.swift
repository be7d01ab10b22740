import Randomness

/// One fold of the inner split, on which a setting is fitted to be judged without target labels.
public struct InnerFold: Sendable, Hashable, Codable {
  /// The fold, counted from 0.
  public let index: Int
  /// The number of folds.
  public let count: Int
  /// Whether the method is also fitted back from the target, for circular validation.
  public let isReversed: Bool
}

extension Split {
  /// What methods see of this split, divided once more: `fold` is held out.
  ///
  /// The source's folds hold every class alike. The target's are drawn without its labels. Where
  /// this split tests on the samples that methods see, so does the inner one.
  func inner(_ fold: InnerFold, sourceLabels: [Int], key: RandomKey) -> Split {
    let byClass = Dictionary(grouping: sourceFit) { sourceLabels[$0] }
    let classes = byClass.keys.sorted().flatMap { label in
      Self.shuffled(byClass[label] ?? [], key.child("source").child("class", label))
    }
    let (held, rest) = Self.divided(classes, fold)
    guard targetTest != nil else {
      return Split(sourceFit: rest, sourceTest: held, targetFit: targetFit, targetTest: nil)
    }
    let (test, fit) = Self.divided(Self.shuffled(targetFit, key.child("target")), fold)
    return Split(sourceFit: rest, sourceTest: held, targetFit: fit, targetTest: test)
  }

  private static func shuffled(_ rows: [Int], _ key: RandomKey) -> [Int] {
    var stream = RandomStream(key)
    return stream.permutation(rows.count).map { rows[$0] }
  }

  /// Every row whose place falls to the fold, and the others, each in ascending order.
  private static func divided(_ rows: [Int], _ fold: InnerFold) -> (held: [Int], rest: [Int]) {
    let places = rows.indices
    return (
      places.filter { $0 % fold.count == fold.index }.map { rows[$0] }.sorted(),
      places.filter { $0 % fold.count != fold.index }.map { rows[$0] }.sorted()
    )
  }
}
