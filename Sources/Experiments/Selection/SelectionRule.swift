public import Metrics

/// How hyperparameters are chosen.
public enum SelectionRule: Sendable {
  /// As stated.
  case stated
  /// The setting that a validator likes best, on source folds and unlabelled target alone.
  case validator(Validator)
  /// The setting that answers most of the target's labels right: the price of not having them.
  case oracle

  /// The rule's name in plans and files.
  public var id: String {
    switch self {
    case .stated: "none"
    case .validator(let validator): validator.id
    case .oracle: TargetOracle.id
    }
  }

  /// Stands for every rule at once in `--select`.
  public static let allID = "all"

  /// Every rule, in the order in which they are shown.
  public static let all: [SelectionRule] =
    [.stated] + ValidatorRegistry.all.map(SelectionRule.validator) + [.oracle]

  /// What `--select` takes.
  public static let names = ["none"] + ValidatorRegistry.all.map(\.id) + [TargetOracle.id, allID]

  /// The rule of that id.
  init?(_ id: String) {
    guard let rule = Self.all.first(where: { $0.id == id }) else { return nil }
    self = rule
  }
}
