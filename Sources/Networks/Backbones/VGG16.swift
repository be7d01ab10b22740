/// Thirteen convolutions of 3 × 3 and three dense layers, for images of 224 × 224, as torchvision
/// builds it.
///
/// K. Simonyan, A. Zisserman. "Very Deep Convolutional Networks for Large-Scale Image Recognition."
/// ICLR 2015, configuration D. Images of other sizes, from 32 × 32 on, are averaged to the 7 × 7
/// pixels that the dense layers take.
public struct VGG16: Backbone {
  /// The rate of dropout after each hidden dense layer.
  public var dropout: Float = 0.5

  /// The network.
  public init() {}

  /// The name that torchvision gives the last layer.
  public var headName: String { "classifier.6" }

  /// Records the network up to its second hidden dense layer, [samples, 4096].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    var x = images
    // Convolutions, max(0, ·) and pooling count in the names.
    var index = 0
    for (width, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
      for layer in 1...count {
        x = x.conv2d(scope("features")(index), width, kernel: 3, padding: 1)
        // Of fewer numbers, max(0, ·) is the same after pooling.
        x = layer < count ? x.relu() : x.maxPool(2).relu()
        index += 2
      }
      index += 1
    }
    if x.shape[1] != 7 || x.shape[2] != 7 { x = x.adaptiveAveragePool(7, 7) }
    return x.flattened()
      .dense(scope("classifier")(0), 4096).relu().dropout(dropout)
      .dense(scope("classifier")(3), 4096).relu().dropout(dropout)
  }
}
