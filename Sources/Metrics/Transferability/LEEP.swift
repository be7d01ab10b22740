import Foundation
import LinearAlgebra

/// The log expected empirical prediction.
///
/// It needs the target's labels.
///
/// C. V. Nguyen, T. Hassner, M. Seeger, C. Archambeau. "LEEP: A New Measure to Evaluate
/// Transferability of Learned Representations." ICML 2020.
///
/// ```
/// P(y, z) = 1/n Σ_{i: y_i = y} θ_z(x_i),   P(y | z) = P(y, z) / Σ_y P(y, z)   (1)
/// LEEP = 1/n Σ_i log Σ_z P(y_i | z) θ_z(x_i)                                  (2)
/// ```
///
/// θ_z(x) is the probability that the source model gives its class z. At most 0, which is reached
/// where each source class goes with one target class.
///
/// - Complexity: O(n k) for k source classes.
public enum LEEP {
  /// The score of class probabilities; nil without samples.
  public static func score(_ target: SourceOutputs) -> Double? {
    guard target.count > 0 else { return nil }
    let (count, width) = (target.count, target.outputs.columns)
    let height = (target.labels.max() ?? 0) + 1
    var joint = [Double](repeating: 0, count: height * width)
    var marginal = [Double](repeating: 0, count: width)
    for (row, label) in target.labels.enumerated() {
      for (said, probability) in target.outputs.row(row).enumerated() {
        joint[label * width + said] += probability / Double(count)  // (1)
        marginal[said] += probability / Double(count)
      }
    }
    var sum = 0.0
    for (row, label) in target.labels.enumerated() {
      var expected = 0.0
      for (said, probability) in target.outputs.row(row).enumerated() where marginal[said] > 0 {
        expected += joint[label * width + said] / marginal[said] * probability
      }
      sum += log(expected)  // (2)
    }
    return sum / Double(count)
  }
}
