/// A small convolutional network for grey images of digits, in TLlib's widths.
///
/// After Y. LeCun et al., Proceedings of the IEEE 1998: two convolutions of 5 × 5 with pooling,
/// then a dense layer of 500.
public struct LeNet: Backbone {
  /// The channels of both convolutions, and the features.
  public var widths = [20, 50, 500]

  /// The network at its usual widths.
  public init() {}

  /// The name of the dense layer that classifies.
  public var headName: String { "fc2" }

  /// Records the network up to its last features, [samples, features].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    images.conv2d(scope("conv1"), widths[0], kernel: 5).maxPool(2).relu()
      .conv2d(scope("conv2"), widths[1], kernel: 5).maxPool(2).relu()
      .flattened().dense(scope("fc1"), widths[2]).relu()
  }
}
