/// Depthwise convolutions, each with a convolution of 1 × 1 after it, for images of 224 × 224.
///
/// A. G. Howard et al. "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
/// Applications." arXiv:1704.04861, 2017, at width 1. Names, layouts and padding are those of Keras,
/// which published the weights: where the stride is 2, zeros are added below and right only.
public struct MobileNet: Backbone {
  /// The network.
  public init() {}

  /// The name that Keras gives the classifier.
  public var headName: String { "conv_preds" }

  /// The channels and the stride of each pair of convolutions.
  private static let plan =
    [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
    + Array(repeating: (512, 1), count: 5) + [(1024, 2), (1024, 1)]

  /// Records the network up to the means of its last images, [samples, 1024].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    let scope = scope.following(.keras)
    var x = step(images, 32, kernel: 3, stride: 2, in: scope, "conv1")
    for (index, (width, stride)) in Self.plan.enumerated() {
      let channels = x.shape[3]
      x = step(
        x, channels, kernel: 3, stride: stride, groups: channels, in: scope,
        "conv_dw_\(index + 1)")
      x = step(x, width, kernel: 1, in: scope, "conv_pw_\(index + 1)")
    }
    return x.globalAveragePool()
  }

  /// A convolution of 1 × 1 on the only pixel, as the weights are published.
  public func head(on features: Variable, classes: Int, in scope: Scope) -> Variable {
    features.reshaped([features.shape[0], 1, 1, features.shape[1]])
      .conv2d(scope.following(.keras)(headName), classes, kernel: 1).flattened()
  }

  private func step(
    _ x: Variable, _ width: Int, kernel: Int, stride: Int = 1, groups: Int = 1, in scope: Scope,
    _ name: String
  ) -> Variable {
    let before = stride == 2 ? 0 : kernel / 2
    return x.conv2d(
      scope(name), width, kernel: [kernel, kernel], stride: [stride, stride],
      padding: [before, before], paddingAfter: [kernel / 2, kernel / 2], groups: groups,
      hasBias: false
    )
    .batchNorm(scope(name + "_bn"), epsilon: 1e-3, momentum: 0.01).relu6()
  }
}
