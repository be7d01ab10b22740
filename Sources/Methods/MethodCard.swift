/// What a method is: its name, family and source.
public struct MethodCard: Sendable, Hashable {
  /// The name on the command line and in the CSV files, as in `coral`.
  public let id: String
  /// The name in prose.
  public let title: String
  /// The family it belongs to.
  public let family: MethodFamily
  /// The note in papers/ without its extension, as in `sun-2016-coral`.
  public let paper: String
  /// Counts the changes that alter the method's results: cells of another version are run anew.
  public let version: Int

  /// A card.
  public init(id: String, title: String, family: MethodFamily, paper: String, version: Int = 1) {
    self.id = id
    self.title = title
    self.family = family
    self.paper = paper
    self.version = version
  }
}

/// The families of methods.
public enum MethodFamily: Sendable, Hashable {
  /// What transfer is measured against.
  case reference
  case fineTuning
  case featureExtraction
  case fewShot
  case alignment(Alignment)
  case clustering
  /// Programs that aren't part of this one.
  case external

  /// How an alignment method brings the domains together.
  public enum Alignment: String, Sendable, Hashable, CaseIterable {
    case reweighting
    case subspace
    case transport
    case deep
  }

  /// The name on the command line and in the CSV files, as in `few-shot`.
  public var name: String {
    switch self {
    case .reference: "reference"
    case .fineTuning: "fine-tuning"
    case .featureExtraction: "feature-extraction"
    case .fewShot: "few-shot"
    case .alignment: "alignment"
    case .clustering: "clustering"
    case .external: "external"
    }
  }
}

/// What a method may see: the settings of the transfer-learning literature.
public enum Setting: String, Sendable, Hashable, CaseIterable {
  /// Labelled source, few labelled target samples, the rest of the target unlabelled.
  case inductive
  /// Labelled source, unlabelled target.
  case transductive
  /// No label on either side.
  case unsupervised
  /// The labelled target: an upper bound, no competitor.
  case oracle
}
