public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Randomness

/// How well a classifier tells the two domains apart.
///
/// It needs no label of the task.
///
/// S. Ben-David, J. Blitzer, K. Crammer, F. Pereira. "Analysis of Representations for Domain
/// Adaptation." NIPS 2006, section 4. The interval: R. G. Newcombe. "Interval estimation for the
/// difference between independent proportions." Statistics in Medicine 17, 1998, method 10.
///
/// ```
/// d_A = 2 (1 − 2ε),   ε = (ε_S + ε_T) / 2                                   (1)
/// p = Σ_{i ≥ k} C(n, i) C(m, c − i) / C(n + m, c)                           (2)
/// l, u of each share by Wilson's score,   p₁ − p₂ ∓ √((p₁ − l₁)² + (u₂ − p₂)²)   (3)
/// ```
///
/// A logistic regression is fitted on a random half of each domain, the halves weighing the same
/// and every column standardised by what is fitted on. ε is the mean over the domains of its share
/// of errors on the other halves, so that d_A is about 0 where the domains can't be told apart,
/// however many samples each has, and 2 where they always can. It may lie below 0. Of n source and
/// m target samples c are called source, k of them rightly: (2) is Fisher's exact test. d_A is
/// 2 (p₁ − p₂), with p₁ and p₂ the shares of the source's and the target's samples that are called
/// source; (3) is its interval.
///
/// - Complexity: one fit of a logistic regression on (n + m)/2 samples.
/// - Deviations: the paper's classifier is linear with a modified Huber loss.
public enum ProxyADistance {
  /// d_A with its p-value and interval.
  ///
  /// - Returns: nil where a domain has fewer than two samples.
  /// - Throws: a `LearnerError` where the classifier can't be fitted.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(LearnerError) -> MeasuredValue? {
    guard source.count > 1, target.count > 1 else { return nil }
    return try measure(
      source: source, target: target, fittedSource: half(source.count, key.child("source")),
      fittedTarget: half(target.count, key.child("target")))
  }

  /// The same with the classifier fitted on these rows.
  static func measure(
    source: UnlabelledSample, target: UnlabelledSample, fittedSource: [Int], fittedTarget: [Int]
  ) throws(LearnerError) -> MeasuredValue {
    let fitted = source.features.selecting(rows: fittedSource)
      .appending(rows: target.features.selecting(rows: fittedTarget))
    let means = fitted.columnMeans
    let factors = fitted.columnStandardDeviations.map { $0 > 0 ? 1 / $0 : 0 }
    func standardized(_ features: Matrix<Double>) -> Matrix<Double> {
      features.subtracting(row: means).scaled(columns: factors)
    }
    let (n, m) = (fittedSource.count, fittedTarget.count)
    let total = Double(n + m) / 2
    let classifier = try LogisticRegression().fit(
      features: standardized(fitted),
      labels: Array(repeating: 0, count: n) + Array(repeating: 1, count: m), classCount: 2,
      weights: Array(repeating: total / Double(n), count: n)
        + Array(repeating: total / Double(m), count: m),
      key: RandomKey(seed: 0))
    func calledSource(_ sample: UnlabelledSample, without rows: [Int]) -> (count: Int, of: Int) {
      let left = Set(rows)
      let rest = (0..<sample.count).filter { !left.contains($0) }
      let answers = Predictions(
        probabilities: classifier.probabilities(
          of: standardized(sample.features.selecting(rows: rest))))
      return (answers.classes.count { $0 == 0 }, rest.count)
    }
    return value(
      source: calledSource(source, without: fittedSource),
      target: calledSource(target, without: fittedTarget))
  }

  /// d_A from how many samples of each domain were called source.
  static func value(
    source: (count: Int, of: Int), target: (count: Int, of: Int)
  ) -> MeasuredValue {
    let (first, second) = (
      Double(source.count) / Double(source.of), Double(target.count) / Double(target.of)
    )
    let (low, high) = difference(first, source.of, second, target.of)
    return MeasuredValue(
      value: 2 * (first - second),  // (1): 1 − 2ε = p₁ − p₂
      pValue: upperTail(source, target), interval: 2 * low...2 * high)
  }

  /// The probability (2) of as many right answers or more, if the answers say nothing.
  private static func upperTail(
    _ source: (count: Int, of: Int), _ target: (count: Int, of: Int)
  ) -> Double {
    func logChoose(_ n: Int, _ k: Int) -> Double {
      lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
    }
    let called = source.count + target.count
    let all = logChoose(source.of + target.of, called)
    let terms = (source.count...min(source.of, called)).filter { called - $0 <= target.of }
    let tail = terms.reduce(0) { sum, right in
      sum + exp(logChoose(source.of, right) + logChoose(target.of, called - right) - all)  // (2)
    }
    return min(1, tail)
  }

  /// The interval (3) of the difference of two shares, at 95 %.
  private static func difference(
    _ first: Double, _ firstCount: Int, _ second: Double, _ secondCount: Int
  ) -> (low: Double, high: Double) {
    func wilson(_ share: Double, _ count: Int) -> (low: Double, high: Double) {
      let z = 1.959963984540054
      let n = Double(count)
      let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
      let reach =
        z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
      return (max(0, centre - reach), min(1, centre + reach))
    }
    let (one, two) = (wilson(first, firstCount), wilson(second, secondCount))
    let below = (first - one.low) * (first - one.low) + (two.high - second) * (two.high - second)
    let above = (one.high - first) * (one.high - first) + (second - two.low) * (second - two.low)
    let gap = first - second
    return (gap - below.squareRoot(), gap + above.squareRoot())  // (3)
  }

  private static func half(_ count: Int, _ key: RandomKey) -> [Int] {
    var stream = RandomStream(key)
    return stream.sample(count / 2, of: count).sorted()
  }
}
