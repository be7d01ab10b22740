/// A network that turns inputs into features; a dense layer on them classifies.
///
/// A value that describes the network. Weights come into being when it is recorded.
public protocol Backbone: Classifiable {
  /// Records the network up to its last features, [samples, features].
  func features(of input: Variable, in scope: Scope) -> Variable
}

/// A network whose features a last layer classifies.
public protocol Classifiable: Sendable, Hashable {
  /// The name of the layer that classifies, in the published weights.
  var headName: String { get }
  /// Records that layer on features: [samples, classes].
  func head(on features: Variable, classes: Int, in scope: Scope) -> Variable
}

extension Classifiable {
  /// The name that torchvision gives it in most networks.
  public var headName: String { "fc" }

  /// A dense layer.
  public func head(on features: Variable, classes: Int, in scope: Scope) -> Variable {
    features.dense(scope(headName), classes)
  }
}

extension Backbone {
  /// Records the network with its classifier: [samples, classes].
  public func logits(of input: Variable, classes: Int, in scope: Scope) -> Variable {
    head(on: features(of: input, in: scope), classes: classes, in: scope)
  }
}
