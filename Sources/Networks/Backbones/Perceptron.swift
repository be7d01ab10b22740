/// Dense layers with max(0, ·) between them, for features without an order.
public struct Perceptron: Backbone {
  /// The features of each layer.
  public var widths: [Int]

  /// A network of layers with so many features each.
  public init(widths: [Int] = [128, 128]) { self.widths = widths }

  /// The name of the dense layer that classifies.
  public var headName: String { "fc\(widths.count + 1)" }

  /// Records the network up to its last features, [samples, features].
  public func features(of input: Variable, in scope: Scope) -> Variable {
    var x = input
    for (layer, width) in widths.enumerated() { x = x.dense(scope("fc\(layer + 1)"), width).relu() }
    return x
  }
}
