public import Domains
public import Learners
import LinearAlgebra
public import Randomness

/// How far the target's class shares are from the source's, as a black-box classifier suggests.
///
/// It needs the source's labels. Z. C. Lipton, Y.-X. Wang, A. Smola. "Detecting and Correcting for
/// Label Shift with Black Box Predictors." ICML 2018.
///
/// ```
/// Ĉ_ab = share of held-out source samples of class b for which f says a,
/// μ̂_a = share of target samples for which f says a                         (1)
/// w = argmin ‖Ĉ w − μ̂‖,   the one nearest to 1;   q_b ∝ max(0, w_b) π_b     (2)
/// d = ½ Σ_b |q_b − π_b|                                                     (3)
/// t = ½ Σ_a |μ̂_a − μ̂ˢ_a|                                                    (4)
/// ```
///
/// f is fitted on a random half of the source's samples and asked about the other half, with π the
/// shares of the classes there. d is 0 where no class has become more or less frequent, and 1 where
/// all the target's classes are others. It holds only where the classes themselves look as in the
/// source. The p-value permutes which of f's answers are the source's (μ̂ˢ) in (4), so it tests
/// whether f's answers are distributed alike: any shift that f sees rejects.
///
/// - Complexity: one fit on half of the source, and O(B (n + m)) for B permutations.
public enum LabelShift {
  /// An estimate of the target's class shares.
  public struct Estimate: Sendable, Hashable {
    /// π, one a class.
    public let sourceShares: [Double]
    /// q, one a class.
    public let targetShares: [Double]
    /// d with its p-value.
    public let distance: MeasuredValue
  }

  /// Estimates the target's class shares.
  ///
  /// - Returns: nil where the source has fewer than two samples, or the target none.
  /// - Throws: a `LearnerError` where f can't be fitted.
  public static func estimate(
    source: LabelledSample, target: UnlabelledSample,
    learner: LearnerChoice = .logisticRegression, permutations: Int, key: RandomKey
  ) throws(LearnerError) -> Estimate? {
    guard source.count > 1, target.count > 0 else { return nil }
    var stream = RandomStream(key.child("half"))
    let order = stream.permutation(source.count)
    let fitted = source.selecting(rows: order.prefix(source.count / 2).sorted())
    let held = source.selecting(rows: order.dropFirst(source.count / 2).sorted())
    let model = try learner.fit(
      features: fitted.features, labels: fitted.labels, classCount: source.classCount,
      key: key.child("learner"))
    func answers(_ features: Matrix<Double>) -> [Int] {
      Predictions(probabilities: model.probabilities(of: features)).classes
    }
    return try estimate(
      labels: held.labels, sourceAnswers: answers(held.features),
      targetAnswers: answers(target.features), classCount: source.classCount,
      permutations: permutations, key: key)
  }

  /// The estimate from f's answers about labelled source samples and about the target.
  static func estimate(
    labels: [Int], sourceAnswers: [Int], targetAnswers: [Int], classCount: Int, permutations: Int,
    key: RandomKey
  ) throws(LearnerError) -> Estimate {
    var confusion = Matrix<Double>(rows: classCount, columns: classCount)
    for (answer, label) in zip(sourceAnswers, labels) {
      confusion[answer, label] += 1 / Double(labels.count)  // (1)
    }
    let shares = confusion.columnSums
    let answered = marginal(targetAnswers, classCount)  // (1)
    let missing = Matrix(
      rows: classCount, columns: 1, elements: zip(answered, confusion.rowSums).map { $0 - $1 })
    let shift: Matrix<Double>
    do {
      shift = try confusion.leastSquares(missing)  // (2): w − 1, the shortest
    } catch {
      throw .linearAlgebra(error)
    }
    let masses = zip(shift.elements, shares).map { max(0, 1 + $0) * $1 }
    let total = masses.reduce(0, +)
    let estimated = total > 0 ? masses.map { $0 / total } : shares
    return Estimate(
      sourceShares: shares, targetShares: estimated,
      distance: MeasuredValue(
        value: variation(estimated, shares),  // (3)
        pValue: pValue(sourceAnswers, targetAnswers, classCount, permutations, key)))
  }

  private static func pValue(
    _ source: [Int], _ target: [Int], _ classCount: Int, _ permutations: Int, _ key: RandomKey
  ) -> Double? {
    let pooled = source + target
    func statistic(_ order: [Int]) -> Double {
      variation(
        marginal(order.prefix(source.count).map { pooled[$0] }, classCount),
        marginal(order.dropFirst(source.count).map { pooled[$0] }, classCount))  // (4)
    }
    let permuted = (0..<permutations).map { permutation in
      var stream = RandomStream(key.child("permutation", permutation))
      return statistic(stream.permutation(pooled.count))
    }
    return PermutationTest.pValue(of: statistic(Array(pooled.indices)), among: permuted)
  }

  private static func marginal(_ answers: [Int], _ classCount: Int) -> [Double] {
    var shares = [Double](repeating: 0, count: classCount)
    for answer in answers { shares[answer] += 1 / Double(answers.count) }
    return shares
  }

  private static func variation(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }
}
