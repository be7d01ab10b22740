/// A residual network for images of 32 × 32 (He et al., CVPR 2016, section 4.2): depth 6 n + 2.
public struct SmallResNet: Backbone {
  /// The number of layers with weights: 20, 32, 44, 56 and so on.
  public var depth: Int
  /// The channels of the three stages.
  public var widths = [16, 32, 64]

  /// The network of this depth.
  public init(depth: Int = 20) {
    precondition(
      depth > 2 && depth % 6 == 2, "A residual network for small images has depth 6 n + 2.")
    self.depth = depth
  }

  /// The name of the dense layer that classifies.
  public var headName: String { "linear" }

  /// Records the network up to its last features, [samples, features].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    var x = images.conv2d(scope("conv1"), widths[0], kernel: 3, padding: 1, hasBias: false)
      .batchNorm(scope("bn1"), isRectified: true)
    for (stage, width) in widths.enumerated() {
      for block in 0..<(depth - 2) / 6 {
        x = basicBlock(
          x, width, stride: stage > 0 && block == 0 ? 2 : 1,
          in: scope("layer\(stage + 1)")(block))
      }
    }
    return x.averagePool(x.shape[1]).flattened()
  }

  /// Two convolutions beside a shortcut without weights.
  private func basicBlock(
    _ x: Variable, _ width: Int, stride: Int, in scope: Scope
  ) -> Variable {
    let shortcut =
      stride == 1 && x.shape[3] == width ? x : x.paddedShortcut(channels: width, stride: stride)
    return x.conv2d(scope("conv1"), width, kernel: 3, stride: stride, padding: 1, hasBias: false)
      .batchNorm(scope("bn1"), isRectified: true)
      .conv2d(scope("conv2"), width, kernel: 3, padding: 1, hasBias: false)
      .batchNorm(scope("bn2"), adding: shortcut, isRectified: true)
  }
}
