public import LinearAlgebra
public import Networks

/// The networks that a method can train.
public enum NetworkChoice: String, CaseIterable, Sendable, Hashable, Codable {
  /// Two dense layers of 128, for features of any kind.
  case perceptron = "mlp"
  /// The same with batch normalisation after each layer.
  case normalizedPerceptron = "mlp-bn"
  /// Two convolutions and a dense layer, for small images.
  case lenet
  /// Twenty layers, for images of 32 × 32.
  case resnet20 = "resnet-20"
  case resnet32 = "resnet-32"
  case resnet56 = "resnet-56"
  /// torchvision's, for images of 224 × 224.
  case resnet18 = "resnet-18"
  case resnet34 = "resnet-34"
  case resnet50 = "resnet-50"
  case vgg16 = "vgg-16"
  case inceptionV3 = "inception-v3"

  /// The network.
  public var backbone: any Backbone {
    switch self {
    case .perceptron: Perceptron()
    case .normalizedPerceptron: NormalizedPerceptron()
    case .lenet: LeNet()
    case .resnet20: SmallResNet(depth: 20)
    case .resnet32: SmallResNet(depth: 32)
    case .resnet56: SmallResNet(depth: 56)
    case .resnet18: ResNet(.resnet18)
    case .resnet34: ResNet(.resnet34)
    case .resnet50: ResNet(.resnet50)
    case .vgg16: VGG16()
    case .inceptionV3: InceptionV3()
    }
  }

  /// Whether the network takes images alone.
  public var takesImages: Bool { images != nil }

  /// The images that the network takes; nil where it takes features of any kind.
  ///
  /// Without channels it takes what there are.
  fileprivate var images: (side: Int, channels: Int?)? {
    switch self {
    case .perceptron, .normalizedPerceptron: nil
    case .lenet: (28, nil)
    case .resnet20, .resnet32, .resnet56: (32, 3)
    case .resnet18, .resnet34, .resnet50, .vgg16: (224, 3)
    case .inceptionV3: (299, 3)
    }
  }
}

/// How samples become the input of a network: fitted on some, applied to all.
///
/// Features without an order are standardised column by column, and cut off at five deviations: a
/// column that hardly varied, such as a pixel at the border, would drown all others where it does
/// vary. Rows of d or 3 d numbers, d a
/// square, are grey images or colour images with the channels last; they get the network's size by
/// bilinear interpolation (pixel centres at half integers), and one mean and deviation for all
/// pixels. A column, or an image, without variance is only centred.
public struct NetworkInput: Sendable, Hashable {
  /// The largest standardised feature without an order.
  private static let limit: Float = 5
  /// The shape of one sample.
  public let shape: [Int]
  private let source: (side: Int, channels: Int)?
  private let shift: [Float]
  private let factor: [Float]

  /// The input of a network that is fitted to these samples, n × d.
  ///
  /// Throws `LearnerError.notImages` where the network takes images and these aren't any.
  public init(
    _ network: NetworkChoice, fittedTo features: Matrix<Double>
  ) throws(LearnerError) {
    guard let images = network.images else {
      // Samples without features are a feature of zeros.
      shape = [max(features.columns, 1)]
      source = nil
      shift = features.columnMeans.map { Float($0) }
      factor = Self.factors(of: features)
      return
    }
    guard
      let channels = [1, 3].first(where: { Self.side(features.columns, channels: $0) != nil }),
      let side = Self.side(features.columns, channels: channels)
    else { throw .notImages(learner: network.rawValue, columns: features.columns) }
    source = (side, channels)
    shape = [images.side, images.side, images.channels ?? channels]
    let pixels = Matrix(rows: features.elements.count, columns: 1, elements: features.elements)
    shift = pixels.columnMeans.map { Float($0) }
    factor = Self.factors(of: pixels)
  }

  /// What brings each column to unit deviation.
  private static func factors(of features: Matrix<Double>) -> [Float] {
    features.columnStandardDeviations.map { $0 > 0 ? Float(1 / $0) : 1 }
  }

  /// The side of square images of so many numbers.
  private static func side(_ columns: Int, channels: Int) -> Int? {
    guard columns > 0, columns % channels == 0 else { return nil }
    let side = Int(Double(columns / channels).squareRoot().rounded())
    return side * side * channels == columns ? side : nil
  }

  /// The samples, n × d, one after another.
  public func values(of features: Matrix<Double>) -> [Float] {
    guard let source else {
      guard features.columns > 0 else { return Array(repeating: 0, count: features.rows) }
      var values = features.elements.map { Float($0) }
      for row in 0..<features.rows {
        for column in 0..<features.columns {
          let place = row * features.columns + column
          let value = (values[place] - shift[column]) * factor[column]
          values[place] = min(max(value, -Self.limit), Self.limit)
        }
      }
      return values
    }
    let size = shape[0]
    let steps = (0..<size).map { Self.interpolation($0, from: source.side, to: size) }
    let count = shape.reduce(1, *)
    return [Float](unsafeUninitializedCapacity: features.rows * count) { buffer, initialized in
      for row in 0..<features.rows {
        let image = features.elements[row * features.columns..<(row + 1) * features.columns]
        image.withUnsafeBufferPointer { pixels in
          for y in 0..<size {
            for x in 0..<size {
              for channel in 0..<shape[2] {
                let from = min(channel, source.channels - 1)
                func pixel(_ row: Int, _ column: Int) -> Float {
                  Float(pixels[(row * source.side + column) * source.channels + from])
                }
                let (top, bottom, down) = steps[y]
                let (left, right, along) = steps[x]
                let upper = pixel(top, left) * (1 - along) + pixel(top, right) * along
                let lower = pixel(bottom, left) * (1 - along) + pixel(bottom, right) * along
                let value = upper * (1 - down) + lower * down
                buffer[row * count + (y * size + x) * shape[2] + channel] =
                  (value - shift[0]) * factor[0]
              }
            }
          }
        }
      }
      initialized = features.rows * count
    }
  }

  /// The two pixels on both sides of a new one, and the share of the second.
  private static func interpolation(
    _ place: Int, from count: Int, to size: Int
  ) -> (first: Int, second: Int, share: Float) {
    let centre = (Float(place) + 0.5) * Float(count) / Float(size) - 0.5
    let first = max(0, Int(centre.rounded(.down)))
    return (first, min(first + 1, count - 1), max(0, centre - Float(first)))
  }

  /// Whether inputs are made in the same way.
  public static func == (one: Self, other: Self) -> Bool {
    one.shape == other.shape && one.shift == other.shift && one.factor == other.factor
      && one.source?.side == other.source?.side && one.source?.channels == other.source?.channels
  }

  /// Feeds what makes inputs the same.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(shift)
    hasher.combine(factor)
  }
}
