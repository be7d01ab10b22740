/// Where a layer's weights are: in these weights, under this name.
///
/// `scope("layer1")("conv1")` names `layer1.conv1`.
public struct Scope {
  let weights: Weights
  let prefix: String

  /// The scope of the whole network.
  public init(_ weights: Weights) { self.init(weights: weights, prefix: "") }

  private init(weights: Weights, prefix: String) {
    self.weights = weights
    self.prefix = prefix
  }

  /// The scope of a part.
  public func callAsFunction(_ name: String) -> Scope {
    Scope(weights: weights, prefix: prefix.isEmpty ? name : prefix + "." + name)
  }

  /// The scope of a part that has a number.
  public func callAsFunction(_ index: Int) -> Scope { self(String(index)) }

  /// A weight of the layer, made on the first call.
  func weight(
    _ name: String, _ shape: [Int], role: Weight.Role = .kernel, _ initialization: Initialization
  ) -> Weight {
    weights.weight(self(name).prefix, shape, role: role, initialization)
  }
}
