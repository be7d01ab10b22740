import Domains
public import Learners
import Methods

/// A file's weights that methods of a network begin with, in place of those that the source trains.
public struct GivenBackbone: Sendable, Hashable, Codable {
  /// The network.
  public let network: NetworkChoice
  /// The path of the file, `.safetensors` or `.npz`.
  public let weights: String
  /// The SHA-256 of the file; nil before a plan is sealed.
  public private(set) var checksum: String?

  /// The keys of a backbone in a plan file.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case network, weights, checksum
  }

  /// The weights of a file.
  public init(_ network: NetworkChoice, weights: String, checksum: String? = nil) {
    self.network = network
    self.weights = weights
    self.checksum = checksum
  }

  /// The same with the file as it is now.
  ///
  /// - Throws: what is wrong with the file: it is missing, or no file of weights.
  func sealed() throws(DomainError) -> GivenBackbone {
    _ = try WeightFile.shapes(weights)
    var backbone = self
    backbone.checksum = try Checksum.sha256(file: weights)
    return backbone
  }

  /// Lets methods begin with these weights on a source, unless they do already.
  func begin(on source: LabelledSample) throws(CellFailure) {
    do {
      try source.begin(network, withFile: weights, checksum: checksum)
    } catch {
      throw .method(error)
    }
  }
}

extension MethodEntry {
  /// The network that the source trains for this method at these parameters; nil where it trains
  /// none.
  func pretrainedNetwork(parameters: String) -> NetworkChoice? {
    guard setting == .inductive, card.family != .reference else { return nil }
    return ParametersJSON.decode(parameters)?["learner"].flatMap { NetworkChoice(rawValue: $0) }
  }
}
