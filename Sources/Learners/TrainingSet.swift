internal import LinearAlgebra

/// Training samples after the checks that every learner makes.
///
/// Samples of weight 0 are dropped; the classes that remain are numbered anew, in ascending
/// order, so that a learner sees no empty class.
struct TrainingSet {
  /// The features of the n samples that count, n × d.
  let features: Matrix<Double>
  /// The position in `classes` of each sample's class.
  let labels: [Int]
  /// The classes that have a sample, ascending.
  let classes: [Int]
  /// C, the number of classes of the task.
  let classCount: Int
  /// The weight of each sample, above 0; nil where every one counts as 1.
  let weights: [Double]?

  /// Checks the samples and leaves out those that don't count.
  ///
  /// - Throws: `noSamples`, `unusableWeights` or `notFinite`.
  init(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]? = nil
  ) throws(LearnerError) {
    precondition(features.rows == labels.count, "A training set has one label for each row.")
    precondition(
      labels.allSatisfy { (0..<classCount).contains($0) },
      "The labels of a training set lie below its class count.")
    precondition(
      weights.map { $0.count == labels.count } ?? true,
      "A training set has one weight for each row.")
    guard features.rows > 0 else { throw .noSamples }
    guard features.isFinite else { throw .notFinite }
    var features = features
    var labels = labels
    var weights = weights
    if let given = weights {
      guard given.allSatisfy({ $0 >= 0 && $0.isFinite }), given.contains(where: { $0 > 0 }) else {
        throw .unusableWeights
      }
      let counted = given.indices.filter { given[$0] > 0 }
      if counted.count < given.count {
        features = features.selecting(rows: counted)
        labels = counted.map { labels[$0] }
        weights = counted.map { given[$0] }
      }
    }
    var position = [Int?](repeating: nil, count: classCount)
    for label in labels { position[label] = 0 }
    let classes = (0..<classCount).filter { position[$0] != nil }
    for (index, label) in classes.enumerated() { position[label] = index }
    self.features = features
    self.labels = labels.compactMap { position[$0] }
    self.classes = classes
    self.classCount = classCount
    self.weights = weights
  }

  /// The samples by ascending class, in their order within one.
  var sortedByClass: (features: Matrix<Double>, labels: [Int]) {
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    return (features.selecting(rows: order), order.map { labels[$0] })
  }
}
