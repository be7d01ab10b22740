import Domains
import LinearAlgebra

// Validators that compare the model's answers for both domains: where they are distributed alike,
// the domains are aligned. Answers are the one representation that every method has.

extension Validator {
  /// Answers distributed alike for both domains: the negative squared maximum mean discrepancy.
  ///
  /// A. Gretton et al. "A Kernel Two-Sample Test." JMLR 13, 2012.
  ///
  /// ```
  /// −(mean k(p_S, p'_S) + mean k(p_T, p'_T) − 2 mean k(p_S, p_T)),   k = exp(−γ ‖p − q‖²)
  /// ```
  ///
  /// The means are over all pairs of two different samples where the domain is one; γ = 1, since
  /// answers lie in one simplex whatever the method, and a width taken from them would hide how
  /// far apart they are.
  ///
  /// - Complexity: O(n² C), block by block in O(n) memory.
  static let outputDiscrepancy = Validator(
    id: "mmd", title: "Answers distributed alike for both domains, by kernel means"
  ) { fold in
    let (source, target) = (
      fold.sourceAnswers.probabilities, fold.targetAnswers.probabilities
    )
    guard source.rows > 1, target.rows > 1 else { return nil }
    return 2 * kernelMean(source, target) - kernelMeanWithin(source) - kernelMeanWithin(target)
  }

  /// Answers with the same covariance for both domains: the negative CORAL loss.
  ///
  /// B. Sun, K. Saenko. "Deep CORAL." ECCV 2016 Workshops.
  ///
  /// ```
  /// −‖C_S − C_T‖²_F / (4 C²),   covariances of the answers, C × C
  /// ```
  static let outputCorrelation = Validator(
    id: "coral-distance", title: "Answers with one covariance for both domains"
  ) { fold in
    let (source, target) = (
      fold.sourceAnswers.probabilities, fold.targetAnswers.probabilities
    )
    guard source.rows > 1, target.rows > 1 else { return nil }
    let norm = (source.covariance() - target.covariance()).frobeniusNorm
    return -norm * norm / (4 * Double(source.columns * source.columns))
  }

  private static func kernelMean(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Double {
    let kernel = KernelFunction<Double>.rbf(gamma: 1)
    var sum = 0.0
    for rows in left.rowBlocks(against: right.rows) {
      sum += kernel.matrix(left.selecting(rows: Array(rows)), right).elements.reduce(0, +)
    }
    return sum / Double(left.rows * right.rows)
  }

  /// The mean over different samples: each with itself counts 1 in the sum.
  private static func kernelMeanWithin(_ samples: Matrix<Double>) -> Double {
    let count = Double(samples.rows)
    return (kernelMean(samples, samples) * count - 1) / (count - 1)
  }
}
