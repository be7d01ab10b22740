/// The weight of the samples of each true and predicted class.
public struct ConfusionMatrix: Sendable, Hashable {
  /// The number of classes, C.
  public let classCount: Int
  /// C × (C + 1) weights, a row for each true class; the last column predicts no class.
  private let weights: [Double]

  /// The confusion matrix of an evaluation under the samples' weights.
  public init(_ evaluation: Evaluation, weights: [Double]) {
    precondition(
      weights.count == evaluation.sampleCount, "A statistic needs one weight for each sample.")
    self = Self.prepared(evaluation)(SampleWeights(weights))
  }

  private init(classCount: Int, weights: [Double]) {
    self.classCount = classCount
    self.weights = weights
  }

  /// The confusion matrix of an evaluation, ready for any weights.
  static func prepared(
    _ evaluation: Evaluation
  ) -> @Sendable (_ weights: SampleWeights) -> ConfusionMatrix {
    let classCount = evaluation.classCount
    let cells = evaluation.confusionCells
    return { weights in
      ConfusionMatrix(classCount: classCount, weights: weights.sums(cells))
    }
  }

  /// The weight of the samples of one true class predicted as another.
  public subscript(label: Int, predicted: Int) -> Double {
    precondition(
      label >= 0 && label < classCount && predicted >= 0 && predicted < classCount,
      "The class lies outside the confusion matrix.")
    return weights[label * (classCount + 1) + predicted]
  }

  /// The weight of the samples of one true class predicted as another, or as no class where
  /// `predicted` is the number of classes.
  public func count(_ label: Int, _ predicted: Int) -> Double {
    precondition(
      label >= 0 && label < classCount && predicted >= 0 && predicted <= classCount,
      "The class lies outside the confusion matrix.")
    return weights[label * (classCount + 1) + predicted]
  }

  /// The share of the weight that is predicted right; nil where there is no weight.
  public var accuracy: Double? {
    let whole = total(weights)
    guard whole > 0 else { return nil }
    return (0..<classCount).reduce(0.0) { $0 + self[$1, $1] } / whole
  }

  /// The weight of each true class.
  public var trueMarginals: [Double] {
    (0..<classCount).map { label in
      var sum = 0.0
      for predicted in 0...classCount { sum += weights[label * (classCount + 1) + predicted] }
      return sum
    }
  }

  /// The weight of each predicted class, and last of what is predicted as no class.
  public var predictedMarginals: [Double] {
    (0...classCount).map { predicted in
      var sum = 0.0
      for label in 0..<classCount { sum += weights[label * (classCount + 1) + predicted] }
      return sum
    }
  }

  /// The recall of each class: the share of its weight predicted right; nil where it is absent.
  public var recalls: [Double?] {
    trueMarginals.enumerated().map { label, weight in
      weight > 0 ? self[label, label] / weight : nil
    }
  }

  /// The precision of each class: the share of the weight predicted as it that is right; nil where
  /// it is never predicted.
  public var precisions: [Double?] {
    zip(0..<classCount, predictedMarginals).map { label, weight in
      weight > 0 ? self[label, label] / weight : nil
    }
  }

  /// F₁ = 2 TP / (2 TP + FP + FN) of each class; nil where it is neither true nor predicted.
  public var f1Scores: [Double?] {
    zip(trueMarginals, predictedMarginals).enumerated().map { label, marginals in
      let weight = marginals.0 + marginals.1
      return weight > 0 ? 2 * self[label, label] / weight : nil
    }
  }

  /// The mean of a score over the classes present in the truth or the predictions, where one that
  /// is undefined counts 0; nil where there is none.
  func macro(_ scores: [Double?]) -> Double? {
    var sum = 0.0
    var present = 0.0
    for (label, marginals) in zip(trueMarginals, predictedMarginals).enumerated()
    where marginals.0 + marginals.1 > 0 {
      sum += scores[label] ?? 0
      present += 1
    }
    return present > 0 ? sum / present : nil
  }
}
