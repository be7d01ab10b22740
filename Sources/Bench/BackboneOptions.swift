import ArgumentParser
import Experiments
import Learners

/// The network that methods begin with, and a file of its weights.
struct BackboneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network of every method that has one; the source trains it, unless --weights has it.",
      valueName: "name"),
    completion: .list(NetworkChoice.allCases.map(\.rawValue)))
  var backbone: String?

  @Option(
    help: ArgumentHelp(
      "The network's weights, .safetensors or .npz, in place of those that the source trains; its last layer is fitted to the source.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var weights: String?

  func validate() throws {
    guard weights == nil || backbone != nil else {
      throw ValidationError("--weights needs --backbone, which says whose weights they are.")
    }
  }

  /// The network asked for.
  ///
  /// - Throws: `RequestError.unknown` where there is none of that name.
  func network() throws(RequestError) -> NetworkChoice? {
    guard let backbone else { return nil }
    guard let network = NetworkChoice(rawValue: backbone) else {
      throw .unknown(.network, name: backbone, known: NetworkChoice.allCases.map(\.rawValue))
    }
    return network
  }

  /// The weights that methods begin with; nil where none are asked for.
  func given() throws(RequestError) -> GivenBackbone? {
    guard let network = try network(), let weights else { return nil }
    return GivenBackbone(network, weights: weights)
  }
}
