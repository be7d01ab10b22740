import Randomness

/// How the samples of a pair are divided between fitting and testing.
public enum EvaluationProtocol: Sendable, Hashable {
  /// That fraction of each domain is held out: the target's for the test, the source's to
  /// measure the source model at home. Methods see the rest. What a card does to the features,
  /// such as standardising them, is done to whole domains before, without labels.
  case holdout(Double)
  /// Methods see both domains whole, and are tested on the target samples whose labels they
  /// don't see, as in most papers on shallow adaptation.
  case transductive

  /// The names of all protocols in plans and CSV files, in the order in which they are shown.
  public static let names = ["holdout", "transductive"]

  /// Divides a pair of domains of that many samples.
  ///
  /// The division doesn't depend on labels, so none can leak through it.
  func split(sourceCount: Int, targetCount: Int, key: RandomKey) -> Split {
    switch self {
    case .transductive:
      return Split(
        sourceFit: Array(0..<sourceCount), sourceTest: [], targetFit: Array(0..<targetCount),
        targetTest: nil)
    case .holdout(let fraction):
      let (sourceTest, sourceFit) = divide(sourceCount, fraction, key.child("source"))
      let (targetTest, targetFit) = divide(targetCount, fraction, key.child("target"))
      return Split(
        sourceFit: sourceFit, sourceTest: sourceTest, targetFit: targetFit, targetTest: targetTest)
    }
  }

  /// A random part of that fraction and the rest, each in ascending order.
  private func divide(
    _ count: Int, _ fraction: Double, _ key: RandomKey
  ) -> (part: [Int], rest: [Int]) {
    var stream = RandomStream(key)
    let order = stream.permutation(count)
    let size = Int((Double(count) * fraction).rounded())
    return (order.prefix(size).sorted(), order.dropFirst(size).sorted())
  }
}

/// The rows of a pair's domains by their use.
struct Split: Sendable, Hashable {
  /// The labelled source samples that methods see.
  let sourceFit: [Int]
  /// Source samples that no method sees; none under the transductive protocol.
  let sourceTest: [Int]
  /// The target samples that methods see, without their labels unless drawn as shots.
  let targetFit: [Int]
  /// The target samples tested on; nil where they are all those not drawn as shots.
  let targetTest: [Int]?

  /// `count` target samples of each class among those that methods see, drawn at random.
  ///
  /// - Throws: `CellFailure.tooFewShots` where a class has fewer.
  static func drawShots(
    _ count: Int, of seen: [Int], labels: [Int], classes: [String], key: RandomKey
  ) throws(CellFailure) -> [Int] {
    var stream = RandomStream(key)
    var drawn = Array(repeating: [Int](), count: classes.count)
    for position in stream.permutation(seen.count) {
      let row = seen[position]
      if drawn[labels[row]].count < count { drawn[labels[row]].append(row) }
    }
    for (label, rows) in drawn.enumerated() where rows.count < count {
      throw .tooFewShots(className: classes[label], available: rows.count, asked: count)
    }
    return drawn.flatMap(\.self).sorted()
  }
}
