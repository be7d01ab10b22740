import Domains

extension Validator {
  /// Whether the method, fitted back from the target with its own answers, finds the source's
  /// labels.
  ///
  /// L. Bruzzone, M. Marconcini. "Domain Adaptation Problems: A DASVM Classification Technique and
  /// a Circular Validation Strategy." IEEE TPAMI 32(5), 2010; reverse validation in E. Zhong,
  /// W. Fan, Q. Yang, O. Verscheure, J. Ren. "Cross Validation Framework to Choose amongst Models
  /// and Datasets for Transfer Learning." ECML PKDD 2010.
  ///
  /// ```
  /// f = A(S, T),   g = A((T, f(T)), S),   score = mean recall of g on held-out source samples
  /// ```
  static let circular = Validator(
    id: "circular", title: "Source labels found again by way of the target",
    needsReverseFit: true
  ) { fold in
    guard let answers = fold.reverseAnswers else { return nil }
    return Metric.balancedAccuracy.value(
      Evaluation(
        labels: fold.source.labels, classCount: fold.source.classCount, predictions: answers))
  }
}
