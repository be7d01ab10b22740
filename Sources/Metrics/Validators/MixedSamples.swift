import Domains
import LinearAlgebra
import Randomness

extension Validator {
  /// Whether a mixture of two target samples is answered as the larger part of it is.
  ///
  /// D. Hu, J. Liang, J. H. Liew, C. Xue, S. Bai, X. Wang. "Mixed Samples as Probes for
  /// Unsupervised Model Selection in Domain Adaptation." NeurIPS 2023.
  ///
  /// ```
  /// x̃_i = λ x_i + (1 − λ) x_π(i),   λ = 0.55, π a random permutation       (1)
  /// a   = share of f(x̃_i) = f(x_i) over pairs of one answer                (2)
  /// b   = the same over pairs of two answers                               (3)
  /// score = (a + b) / 2, or the one that there is                          (4)
  /// ```
  ///
  /// - Deviations: the paper ranks models by a and by b and adds the ranks; (4) needs no other
  ///   models.
  static let mixedSamples = Validator(
    id: "mixval", title: "Consistent answers for mixtures of target samples"
  ) { fold in
    let count = fold.target.count
    guard count > 1 else { return nil }
    var stream = RandomStream(fold.key.child("mixtures"))
    let partners = stream.permutation(count)
    let features = fold.target.features
    let mixed = features * 0.55 + features.selecting(rows: partners) * 0.45  // (1)
    let answers = Predictions(probabilities: fold.model(mixed)).classes
    let own = fold.targetAnswers.classes
    func consistency(_ isCounted: (Int) -> Bool) -> Double? {
      let rows = own.indices.filter(isCounted)
      guard !rows.isEmpty else { return nil }
      return Double(rows.count { answers[$0] == own[$0] }) / Double(rows.count)
    }
    let parts = [
      consistency { own[$0] == own[partners[$0]] },  // (2)
      consistency { own[$0] != own[partners[$0]] },  // (3)
    ].compactMap(\.self)
    return parts.reduce(0, +) / Double(parts.count)  // (4)
  }
}
