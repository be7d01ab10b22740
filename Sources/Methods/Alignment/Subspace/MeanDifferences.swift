import LinearAlgebra

/// The weights of the samples whose sums are differences of the domains' means.
///
/// ```
/// e_i = 1 / n_S for the source's samples,  −1 / n_T for the target's     (1)
/// ```
func marginalDifference(sources: Int, targets: Int) -> [Double] {
  Array(repeating: 1 / Double(sources), count: sources)
    + Array(repeating: -1 / Double(targets), count: targets)  // (1)
}

/// How the discrepancies of whole domains and of classes are added up.
///
/// ```
/// M = w_0 C M_0 + w_1 Σ_c M_c = E Eᵀ                                      (2)
/// M_c = e_c e_cᵀ;  e_c is 1 / n_S,c on the source's class c and
///   −α_c / n_T,c on the target samples that are taken for c              (3)
/// α_c = 1,  or  (n_T,c / n_T) / (n_S,c / n_S)                             (4)
/// ```
///
/// M_0 = e eᵀ is that of the whole domains, C the number of classes in the source.
struct MeanDifferences: Sendable {
  /// w_0.
  var marginal = 1.0
  /// w_1.
  var conditional = 1.0
  /// Whether α_c is the ratio of the class's shares in target and source.
  var followsShares = false

  /// The columns of E, n × (1 + classes), or n × 1 where no target sample has a label.
  ///
  /// A class without a target sample keeps its source part.
  func columns(
    sourceLabels: [Int], targetLabels: [Int]?, targets: Int, classCount: Int
  ) -> Matrix<Double> {
    let sourceCounts = counts(sourceLabels, classCount)
    let present = sourceCounts.filter { $0 > 0 }.count
    let root = (marginal * Double(present)).squareRoot()
    var columns = [
      marginalDifference(sources: sourceLabels.count, targets: targets).map { $0 * root }
    ]
    if let targetLabels {
      let root = conditional.squareRoot()
      let targetCounts = counts(targetLabels, classCount)
      for label in 0..<classCount where sourceCounts[label] > 0 {
        let onSource = 1 / Double(sourceCounts[label])
        // (4): α_c / n_T,c is n_S / (n_T n_S,c), whatever n_T,c.
        let onTarget =
          followsShares
          ? Double(sourceLabels.count) / (Double(targets) * Double(sourceCounts[label]))
          : 1 / Double(targetCounts[label])
        columns.append(
          sourceLabels.map { $0 == label ? onSource * root : 0 }
            + targetLabels.map { $0 == label ? -onTarget * root : 0 })  // (3)
      }
    }
    return Matrix(columns).transposed  // (2)
  }

  private func counts(_ labels: [Int], _ classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
