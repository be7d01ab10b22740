import Domains
import Foundation

/// The negative conditional entropy of the target's labels given the source model's answers.
///
/// It needs the target's labels. A. T. Tran, C. V. Nguyen, T. Hassner. "Transferability and Hardness
/// of Supervised Classification Tasks." ICCV 2019.
///
/// ```
/// NCE = Σ_yz P(y, z) log (P(y, z) / P(z))                                   (1)
/// ```
///
/// P(y, z) is the share of samples of class y for which the source model says z. At most 0.
///
/// - Complexity: O(n).
public enum NegativeConditionalEntropy {
  /// The score of class probabilities, of which the largest is the answer; nil without samples.
  public static func score(_ target: SourceOutputs) -> Double? {
    score(
      answers: Predictions(probabilities: target.outputs).classes, labels: target.labels)
  }

  /// The score of answers; nil without samples.
  static func score(answers: [Int], labels: [Int]) -> Double? {
    guard !labels.isEmpty else { return nil }
    let width = (answers.max() ?? 0) + 1
    var joint = [Int](repeating: 0, count: ((labels.max() ?? 0) + 1) * width)
    var marginal = [Int](repeating: 0, count: width)
    for (answer, label) in zip(answers, labels) {
      joint[label * width + answer] += 1
      marginal[answer] += 1
    }
    let sum = joint.enumerated().filter { $0.element > 0 }.reduce(0.0) { sum, cell in
      let given = Double(cell.element) / Double(marginal[cell.offset % width])
      return sum + Double(cell.element) * log(given)  // (1), n times
    }
    return sum / Double(labels.count)
  }
}
