import Domains
import Foundation
import LinearAlgebra

// Validators that look at the model's answers for target samples alone: p_i, one row of n × C.

extension Validator {
  /// How sure the answers are: the mean negative entropy.
  ///
  /// P. Morerio, J. Cavazza, V. Murino. "Minimal-Entropy Correlation Alignment for Unsupervised
  /// Deep Domain Adaptation." ICLR 2018.
  ///
  /// ```
  /// (1/n) Σ_i Σ_c p_ic log p_ic
  /// ```
  static let entropy = Validator(
    id: "entropy", title: "Certainty of the answers for target samples"
  ) { fold in
    meanEntropy(fold.targetAnswers.probabilities).map { -$0 }
  }

  /// How many classes are answered: the entropy of the mean answer.
  ///
  /// ```
  /// −Σ_c p̄_c log p̄_c,   p̄ = (1/n) Σ_i p_i
  /// ```
  static let diversity = Validator(
    id: "diversity", title: "Spread of the answers for target samples over the classes"
  ) { fold in
    guard fold.target.count > 0 else { return nil }
    return negativeEntropy(fold.targetAnswers.probabilities.columnMeans).map { -$0 }
  }

  /// Sure answers of many classes: the mutual information of sample and answer.
  ///
  /// The sum of `entropy` and `diversity`; the criterion of Y. Shi, F. Sha. "Information-Theoretical
  /// Learning of Discriminative Clusters for Unsupervised Domain Adaptation." ICML 2012.
  static let informationMaximization = Validator(
    id: "infomax", title: "Certainty plus spread of the answers"
  ) { fold in
    entropy.score(fold).flatMap { sure in diversity.score(fold).map { sure + $0 } }
  }

  /// How sure each sample is of its neighbours, where neighbours are answered alike.
  ///
  /// K. Saito, D. Kim, P. Teterwak, S. Sclaroff, T. Darrell, K. Saenko. "Tune It the Right Way:
  /// Unsupervised Validation of Domain Adaptation via Soft Neighborhood Density." ICCV 2021.
  ///
  /// ```
  /// z_i = p_i / ‖p_i‖,   P_ij ∝ exp(z_iᵀ z_j / τ) for j ≠ i,   τ = 0.05     (1)
  /// −(1/n) Σ_i Σ_j P_ij log P_ij                                            (2)
  /// ```
  ///
  /// - Complexity: O(n² C), block by block in O(n) memory.
  static let softNeighbourhoodDensity = Validator(
    id: "snd", title: "Soft neighbourhood density of the answers"
  ) { fold in
    let answers = fold.targetAnswers.probabilities.rowsNormalized
    guard answers.rows > 1 else { return nil }
    var total = 0.0
    for rows in answers.rowBlocks(against: answers.rows) {
      let similarities = answers.selecting(rows: Array(rows))
        .multiplied(by: answers, transposingOther: true)
      for (place, row) in rows.enumerated() {
        // (2) is log Z − Σ_j P_ij s_ij, with exponents below 0 once the largest, 1/τ, is taken off.
        var (sum, weighted) = (0.0, 0.0)
        for (column, similarity) in similarities.row(place).enumerated() where column != row {
          let exponent = (similarity - 1) / 0.05  // (1)
          let weight = exp(exponent)
          sum += weight
          weighted += weight * exponent
        }
        total += log(sum) - weighted / sum
      }
    }
    return total / Double(answers.rows)
  }

  /// Sure and diverse answers in one number: the nuclear norm of all answers.
  ///
  /// S. Cui, S. Wang, J. Zhuo, L. Li, Q. Huang, Q. Tian. "Towards Discriminability and Diversity:
  /// Batch Nuclear-norm Maximization under Label Insufficient Situations." CVPR 2020.
  ///
  /// ```
  /// (1/n) Σ_k σ_k(P)
  /// ```
  static let nuclearNorm = Validator(
    id: "bnm", title: "Nuclear norm of the answers for target samples"
  ) { fold in
    let answers = fold.targetAnswers.probabilities
    guard answers.rows > 0, let decomposition = try? answers.singularValues() else { return nil }
    return decomposition.values.reduce(0, +) / Double(answers.rows)
  }

  private static func meanEntropy(_ answers: Matrix<Double>) -> Double? {
    guard answers.rows > 0 else { return nil }
    return negativeEntropy(answers.elements).map { -$0 / Double(answers.rows) }
  }

  private static func negativeEntropy(_ probabilities: [Double]) -> Double? {
    probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
  }
}
