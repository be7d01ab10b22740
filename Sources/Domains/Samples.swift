public import LinearAlgebra

/// Features and their labels: what a method may see of a labelled domain.
public struct LabelledSample: Sendable, Equatable {
  /// The features, n × d; rows are samples.
  public let features: Matrix<Double>
  /// The class of each row, in 0 ..< `classCount`.
  public let labels: [Int]
  /// The number of classes of the task; a sample need not hold every one.
  public let classCount: Int
  /// What methods compute alike of this sample; a sample made of others starts anew.
  public let shared: SharedWork

  /// A sample of n labelled rows.
  public init(features: Matrix<Double>, labels: [Int], classCount: Int) {
    precondition(features.rows == labels.count, "A labelled sample has one label for each row.")
    precondition(
      labels.allSatisfy { (0..<classCount).contains($0) },
      "The labels of a sample lie below its class count.")
    self.features = features
    self.labels = labels
    self.classCount = classCount
    shared = SharedWork()
  }

  /// Whether features, labels and classes are the same; shared work doesn't count.
  public static func == (left: Self, right: Self) -> Bool {
    left.labels == right.labels && left.classCount == right.classCount
      && left.features == right.features
  }

  /// The number of samples.
  public var count: Int { features.rows }

  /// The same features without their labels, and without what was computed of them.
  public var unlabelled: UnlabelledSample { UnlabelledSample(features: features) }

  /// The samples at these rows, in their order.
  public func selecting(rows: [Int]) -> LabelledSample {
    LabelledSample(
      features: features.selecting(rows: rows), labels: rows.map { labels[$0] },
      classCount: classCount)
  }

  /// The same labels on other features of the same rows.
  public func with(features: Matrix<Double>) -> LabelledSample {
    LabelledSample(features: features, labels: labels, classCount: classCount)
  }

  /// This sample followed by `other`.
  public func appending(_ other: LabelledSample) -> LabelledSample {
    LabelledSample(
      features: features.appending(rows: other.features), labels: labels + other.labels,
      classCount: max(classCount, other.classCount))
  }
}

/// Features alone: what a method may see of an unlabelled domain.
public struct UnlabelledSample: Sendable, Equatable {
  /// The features, n × d; rows are samples.
  public let features: Matrix<Double>
  /// What methods compute alike of this sample.
  public let shared: SharedWork

  /// A sample of n unlabelled rows.
  public init(features: Matrix<Double>) {
    self.features = features
    shared = SharedWork()
  }

  /// The number of samples.
  public var count: Int { features.rows }

  /// Whether the features are the same; shared work doesn't count.
  public static func == (left: Self, right: Self) -> Bool { left.features == right.features }
}
