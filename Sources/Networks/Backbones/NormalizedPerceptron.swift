/// Dense layers, each with batch normalisation and max(0, ·), for features without an order.
public struct NormalizedPerceptron: Backbone {
  /// The features of each layer.
  public var widths: [Int]

  /// A network of layers with so many features each.
  public init(widths: [Int] = [128, 128]) { self.widths = widths }

  /// The number after the last layer's.
  public var headName: String { "fc\(widths.count + 1)" }

  /// Records the layers.
  public func features(of input: Variable, in scope: Scope) -> Variable {
    var x = input
    for (layer, width) in widths.enumerated() {
      x = x.dense(scope("fc\(layer + 1)"), width, hasBias: false)
        .batchNorm(scope("bn\(layer + 1)"), isRectified: true)
    }
    return x
  }
}
