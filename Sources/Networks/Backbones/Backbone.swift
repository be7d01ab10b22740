/// A network that turns inputs into features; a dense layer on them classifies.
///
/// A value that describes the network. Weights come into being when it is recorded.
public protocol Backbone: Sendable, Hashable {
  /// Records the network up to its last features, [samples, features].
  func features(of input: Variable, in scope: Scope) -> Variable
  /// The name of the dense layer that classifies, in the published weights.
  var headName: String { get }
}

extension Backbone {
  /// The name that ResNets of torchvision give it.
  public var headName: String { "fc" }

  /// Records the network with its classifier: [samples, classes].
  public func logits(of input: Variable, classes: Int, in scope: Scope) -> Variable {
    features(of: input, in: scope).dense(scope(headName), classes)
  }
}
