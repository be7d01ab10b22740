/// A residual network for images of 224 × 224, as torchvision builds it.
///
/// K. He, X. Zhang, S. Ren, J. Sun. "Deep Residual Learning for Image Recognition." CVPR 2016. The
/// stride of a bottleneck lies in its 3 × 3 convolution, as in torchvision.
public struct ResNet: Backbone {
  /// The depths that torchvision has.
  public enum Depth: Int, Sendable, CaseIterable {
    case resnet18 = 18
    case resnet34 = 34
    case resnet50 = 50

    fileprivate var blocks: [Int] { self == .resnet18 ? [2, 2, 2, 2] : [3, 4, 6, 3] }
    fileprivate var isBottleneck: Bool { self == .resnet50 }
  }

  /// The number of layers with weights.
  public var depth: Depth

  /// The network of this depth.
  public init(_ depth: Depth) { self.depth = depth }

  /// Records the network up to its last features, [samples, features].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    var x = images.conv2d(scope("conv1"), 64, kernel: 7, stride: 2, padding: 3, hasBias: false)
      .batchNorm(scope("bn1"), isRectified: true).maxPool(3, stride: 2, padding: 1)
    for (stage, count) in depth.blocks.enumerated() {
      for block in 0..<count {
        x = self.block(
          x, 64 << stage, stride: stage > 0 && block == 0 ? 2 : 1,
          in: scope("layer\(stage + 1)")(block))
      }
    }
    return x.averagePool(x.shape[1]).flattened()
  }

  private func block(_ x: Variable, _ width: Int, stride: Int, in scope: Scope) -> Variable {
    let outputs = depth.isBottleneck ? 4 * width : width
    let shortcut =
      stride == 1 && x.shape[3] == outputs
      ? x
      : x.conv2d(scope("downsample")(0), outputs, kernel: 1, stride: stride, hasBias: false)
        .batchNorm(scope("downsample")(1))
    func step(_ x: Variable, _ index: Int, _ width: Int, _ kernel: Int, _ stride: Int) -> Variable {
      x.conv2d(
        scope("conv\(index)"), width, kernel: kernel, stride: stride, padding: kernel / 2,
        hasBias: false)
    }
    func rectified(_ x: Variable, _ index: Int) -> Variable {
      x.batchNorm(scope("bn\(index)"), isRectified: true)
    }
    guard depth.isBottleneck else {
      return step(rectified(step(x, 1, width, 3, stride), 1), 2, width, 3, 1)
        .batchNorm(scope("bn2"), adding: shortcut, isRectified: true)
    }
    let inner = rectified(step(rectified(step(x, 1, width, 1, 1), 1), 2, width, 3, stride), 2)
    return step(inner, 3, outputs, 1, 1)
      .batchNorm(scope("bn3"), adding: shortcut, isRectified: true)
  }
}
