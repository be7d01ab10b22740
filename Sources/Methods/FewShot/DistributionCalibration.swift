public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Distribution calibration: draws samples around each shot with the spread of similar source
/// classes, and learns from them.
///
/// S. Yang, L. Liu, M. Xu. "Free Lunch for Few-Shot Learning: Distribution Calibration."
/// ICLR 2021. See `papers/yang-2021-distribution-calibration.md`.
///
/// ```
/// x̃ = sign(x) |x|^λ                                                      (1)
/// μ_b, Σ_b = mean and covariance of x̃ over the source's class b            (2)
/// N = the k classes b with the smallest ‖x̃ − μ_b‖, for a shot x            (3)
/// μ' = (x̃ + Σ_{b ∈ N} μ_b) / (k + 1),   Σ' = Σ_{b ∈ N} Σ_b / k + αI        (4)
/// the learner is fitted on the shots' x̃ and on draws from N(μ', Σ')        (5)
/// ```
///
/// Draws of (5) are μ' + Σ_b X̃_bᵀ g_b / √(k (n_b − 1)) + √α g with standard normal g: they have
/// the covariance of (4) without its being formed or factorised.
///
/// - Complexity: O(draws · n_b d) a class, and the learner's on the draws.
/// - Deviations: the paper's features are not negative (they follow a ReLU), hence the sign in
///   (1). Source statistics are those of x̃, so that (3) compares like with like; the authors'
///   program transforms the target alone. α is added to the diagonal; their program adds it to
///   every entry.
public struct DistributionCalibration: InductiveMethod {
  /// k.
  public var neighbours = 2
  /// λ.
  public var power = 0.5
  /// α.
  public var spread = 0.21
  /// Samples drawn for each class.
  public var draws = 500
  /// The source's principal components taken as features; 0 takes the raw ones.
  public var components = 0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "distribution-calibration", title: "Distribution calibration", family: .fewShot,
    paper: "yang-2021-distribution-calibration")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "neighbours", \.neighbours, in: 1...1000, grid: [1, 2, 3],
      help: "k, the source classes whose statistics a shot borrows."),
    .real(
      "power", \.power, in: 0.01...2, grid: [0.25, 0.5, 1],
      help: "λ of Tukey's ladder of powers; 1 changes nothing."),
    .real(
      "spread", \.spread, in: 0...1e6, grid: [0, 0.21, 1],
      help: "α, the variance added in every direction."),
    .integer(
      "draws", \.draws, in: 0...100_000, grid: [100, 500, 750],
      help: "Samples drawn for each class, shared among its shots."),
    .integer(
      "components", \.components, in: 0...10_000, grid: [0, 10, 20, 50, 100],
      help: "Principal components of the source; 0 keeps the raw features."),
    .choice("learner", \.learner, help: "Classifier fitted on shots and draws."),
  ]

  /// Draws around the shots and fits the learner on shots and draws.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let extract = try SourceFeatures(source.features, components: components)
    let power = power
    let transform: @Sendable (Matrix<Double>) -> Matrix<Double> = { samples in
      extract(samples).map { $0 < 0 ? -pow(-$0, power) : pow($0, power) }  // (1)
    }
    let bases = baseClasses(source.with(features: transform(source.features)))
    let support = shots.with(features: transform(shots.features))
    var training = support
    for label in 0..<support.classCount {
      let members = support.labels.indices.filter { support.labels[$0] == label }
      for (position, member) in members.enumerated() {
        let count = draws * (position + 1) / members.count - draws * position / members.count
        var stream = RandomStream(key.child("draws", member))
        let drawn = drawSamples(count, around: support.features.row(member), bases, &stream)
        training = training.appending(
          LabelledSample(
            features: drawn, labels: Array(repeating: label, count: count),
            classCount: support.classCount))
      }
    }
    return MappedClassifier(
      try learner.fit(training, key: key.child("learner")), map: transform)  // (5)
  }

  /// A source class: its mean, and its samples about it divided by √(n − 1).
  struct BaseClass {
    let mean: [Double]
    let deviations: Matrix<Double>
  }

  /// The statistics of the source's classes.
  func baseClasses(_ source: LabelledSample) -> [BaseClass] {
    (0..<source.classCount).compactMap { label in
      let rows = source.labels.indices.filter { source.labels[$0] == label }
      guard !rows.isEmpty else { return nil }
      let members = source.features.selecting(rows: rows)
      let scale = 1 / Double(max(rows.count - 1, 1)).squareRoot()
      return BaseClass(mean: members.columnMeans, deviations: members.centred * scale)  // (2)
    }
  }

  /// Draws from the distribution calibrated around a shot, count × d.
  func drawSamples(
    _ count: Int, around shot: ArraySlice<Double>, _ bases: [BaseClass],
    _ stream: inout RandomStream
  ) -> Matrix<Double> {
    let distances = bases.map {
      zip($0.mean, shot).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let nearest = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      .prefix(neighbours).map { bases[$0] }  // (3)
    var mean = Array(shot)
    for base in nearest {
      for column in mean.indices { mean[column] += base.mean[column] }
    }
    mean = mean.map { $0 / Double(nearest.count + 1) }
    var drawn = normals(count, shot.count, &stream) * spread.squareRoot()
    for base in nearest {
      let scale = 1 / Double(nearest.count).squareRoot()
      drawn = drawn + normals(count, base.deviations.rows, &stream) * base.deviations * scale
    }
    return drawn.adding(row: mean)  // (4)
  }

  private func normals(_ rows: Int, _ columns: Int, _ stream: inout RandomStream) -> Matrix<Double>
  {
    Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in stream.normal() })
  }
}
