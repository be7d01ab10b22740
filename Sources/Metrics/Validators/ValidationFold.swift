public import Domains
public import LinearAlgebra
public import Randomness

/// What a validator sees of a model: held-out source samples with their labels, held-out target
/// samples without.
///
/// No label of the target is in it, nor can one be asked for: choosing by the target's labels is
/// not a validator.
public struct ValidationFold: Sendable {
  /// The source samples that the model was not fitted on.
  public let source: LabelledSample
  /// The model's answers for them.
  public let sourceAnswers: Predictions
  /// The target samples to judge the model by.
  public let target: UnlabelledSample
  /// The model's answers for them.
  public let targetAnswers: Predictions
  /// The model, for features that lie in the target's space, n × d to n × C.
  public let model: @Sendable (Matrix<Double>) -> Matrix<Double>
  /// How many times denser the target is than the source at each held-out source sample.
  public let densityRatio: @Sendable () -> [Double]
  /// The answers for the held-out source samples of the method fitted backwards, from the target
  /// with the model's answers to the source; nil where it was not or can't be.
  public let reverseAnswers: Predictions?
  /// Names the randomness of a validator.
  public let key: RandomKey

  /// A fold.
  public init(
    source: LabelledSample, sourceAnswers: Predictions, target: UnlabelledSample,
    targetAnswers: Predictions, model: @escaping @Sendable (Matrix<Double>) -> Matrix<Double>,
    densityRatio: @escaping @Sendable () -> [Double], reverseAnswers: Predictions?, key: RandomKey
  ) {
    precondition(
      source.count == sourceAnswers.classes.count && target.count == targetAnswers.classes.count,
      "A fold has one answer for each sample.")
    self.source = source
    self.sourceAnswers = sourceAnswers
    self.target = target
    self.targetAnswers = targetAnswers
    self.model = model
    self.densityRatio = densityRatio
    self.reverseAnswers = reverseAnswers
    self.key = key
  }

  /// Whether each held-out source sample is answered right.
  var isCorrect: [Bool] { zip(sourceAnswers.classes, source.labels).map { $0 == $1 } }
}
