/// How often and how much transfer harms: pure functions of gains and of paired evaluations.
public enum NegativeTransfer {
  /// The share of gains that are on the worse side of 0, over pairs and repetitions.
  ///
  /// Nil where there are no gains or the metric has no better side.
  public static func rate(gains: [Double], direction: Metric.Direction) -> Double? {
    guard let harms = harms(gains, direction) else { return nil }
    return Double(harms.filter { $0 > 0 }.count) / Double(harms.count)
  }

  /// The mean of the gains' negative part, max(0, −gain), over all gains.
  ///
  /// Never negative; 0 where no gain is on the worse side. Its quotient with the rate is the mean
  /// harm where there is harm. Nil where there are no gains or the metric has no better side.
  public static func depth(gains: [Double], direction: Metric.Direction) -> Double? {
    guard let harms = harms(gains, direction) else { return nil }
    return harms.reduce(0, +) / Double(harms.count)
  }

  /// The negative part of each gain; nil where there are no gains or no better side.
  private static func harms(_ gains: [Double], _ direction: Metric.Direction) -> [Double]? {
    guard !gains.isEmpty else { return nil }
    switch direction {
    case .higherIsBetter: return gains.map { max(0, -$0) }
    case .lowerIsBetter: return gains.map { max(0, $0) }
    case .neutral: return nil
    }
  }

  /// The negative transfer gap: the error with the source minus the error without it.
  ///
  /// Z. Wang, Z. Dai, B. Póczos, J. Carbonell. "Characterizing and avoiding negative transfer."
  /// CVPR 2019. Both errors are of the same learner on the same target samples, once with source
  /// and target data and once with target data alone; transfer is negative where the gap is
  /// positive.
  ///
  /// ```
  /// gap = R_T(A(S, T)) − R_T(A(∅, T))
  /// ```
  public static func gap(errorWithSource: Double, errorOnTargetOnly: Double) -> Double {
    errorWithSource - errorOnTargetOnly
  }

  /// The negative transfer gap in the share of samples predicted wrong.
  ///
  /// Nil where the weights sum to 0.
  public static func gap(
    withSource: Evaluation, targetOnly: Evaluation, weights: [Double]
  ) -> Double? {
    checkPairing(withSource, targetOnly)
    guard let accuracy = Metric.accuracy.value(withSource, weights: weights),
      let reference = Metric.accuracy.value(targetOnly, weights: weights)
    else { return nil }
    return gap(errorWithSource: 1 - accuracy, errorOnTargetOnly: 1 - reference)
  }

  /// The recall of each class under the method minus that under the reference; nil where the class
  /// is absent.
  public static func recallGains(
    method: Evaluation, reference: Evaluation, weights: [Double]
  ) -> [Double?] {
    checkPairing(method, reference)
    let recalls = ConfusionMatrix(method, weights: weights).recalls
    let references = ConfusionMatrix(reference, weights: weights).recalls
    return zip(recalls, references).map { recall, other in
      recall.flatMap { recall in other.map { recall - $0 } }
    }
  }

  /// The classes whose recall is lower under the method.
  public static func classesMadeWorse(
    method: Evaluation, reference: Evaluation, weights: [Double]
  ) -> [Int] {
    recallGains(method: method, reference: reference, weights: weights).enumerated()
      .filter { ($0.element ?? 0) < 0 }.map(\.offset)
  }

  /// The share of the present classes whose recall is lower under the method.
  ///
  /// Nil where no class is present.
  public static func shareOfClassesMadeWorse(
    method: Evaluation, reference: Evaluation, weights: [Double]
  ) -> Double? {
    let gains = recallGains(method: method, reference: reference, weights: weights)
      .compactMap { $0 }
    guard !gains.isEmpty else { return nil }
    return Double(gains.filter { $0 < 0 }.count) / Double(gains.count)
  }

  /// The samples that change sides between the reference and the method.
  public struct Flips: Sendable, Hashable {
    /// The share of samples that the reference has right and the method wrong.
    public let negativeRate: Double
    /// The share of samples that the reference has wrong and the method right.
    public let positiveRate: Double
  }

  /// The flip rates between the reference and the method.
  ///
  /// The negative one is that of S. Yan et al. "Positive-congruent training: towards
  /// regression-free model updates." CVPR 2021. The accuracy gain is the positive rate minus the
  /// negative. Nil where the weights sum to 0.
  public static func flips(
    method: Evaluation, reference: Evaluation, weights: [Double]
  ) -> Flips? {
    checkPairing(method, reference)
    precondition(
      weights.count == method.sampleCount, "A statistic needs one weight for each sample.")
    let weight = total(weights)
    guard weight > 0 else { return nil }
    var negative = 0.0
    var positive = 0.0
    for row in 0..<method.sampleCount {
      switch (reference.isCorrect(row), method.isCorrect(row)) {
      case (true, false): negative += weights[row]
      case (false, true): positive += weights[row]
      default: break
      }
    }
    return Flips(negativeRate: negative / weight, positiveRate: positive / weight)
  }

  static func checkPairing(_ method: Evaluation, _ reference: Evaluation) {
    precondition(
      method.labels == reference.labels && method.classCount == reference.classCount,
      "Paired evaluations are of the same samples.")
  }
}
