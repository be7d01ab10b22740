/// A score of a fitted model that needs no label of the target: what hyperparameters are chosen by.
public struct Validator: Sendable {
  /// The name in `--select` and in files.
  public let id: String
  /// What it rewards, in a few words.
  public let title: String
  /// Whether it asks for a second fit, from the target back to the source.
  public let needsReverseFit: Bool
  private let evaluate: @Sendable (ValidationFold) -> Double?

  init(
    id: String, title: String, needsReverseFit: Bool = false,
    evaluate: @escaping @Sendable (ValidationFold) -> Double?
  ) {
    self.id = id
    self.title = title
    self.needsReverseFit = needsReverseFit
    self.evaluate = evaluate
  }

  /// The score of a model on one fold, higher being better; nil where the validator doesn't apply.
  public func score(_ fold: ValidationFold) -> Double? {
    guard let score = evaluate(fold), score.isFinite else { return nil }
    return score
  }
}

/// Every validator there is.
public enum ValidatorRegistry {
  /// The validators in the order in which they are shown.
  public static let all: [Validator] = [
    .sourceAccuracy, .importanceWeighted, .deepEmbedded, .entropy, .diversity,
    .informationMaximization, .softNeighbourhoodDensity, .nuclearNorm, .mixedSamples, .circular,
    .outputDiscrepancy, .outputCorrelation,
  ]

  /// The validator of that id.
  public static func validator(_ id: String) -> Validator? { all.first { $0.id == id } }
}
