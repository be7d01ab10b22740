public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Kernel mean matching: the weights that move the source's mean in feature space to the target's.
///
/// J. Huang, A. J. Smola, A. Gretton, K. M. Borgwardt, B. Schölkopf. "Correcting Sample Selection
/// Bias by Unlabeled Data." NIPS 2006. See `papers/huang-2006-kmm.md`.
///
/// ```
/// min over β:  ½ βᵀKβ − κᵀβ                                              (1)
/// 0 ≤ β_i ≤ B,   |Σ_i β_i − n_S| ≤ n_S ε,   ε = (√n_S − 1) / √n_S        (2)
/// K_ij = k(x_i, x_j),   κ_i = (n_S / n_T) Σ_j k(x_i, x'_j)               (3)
/// k(x, y) = exp(−γ ‖x − y‖²),   γ = scale / median ‖x − y‖²              (4)
/// ```
///
/// With `landmarks`, K and κ are those of the Nyström approximation, see `KernelLandmarks`.
///
/// - Complexity: O(n_S (n_T + m) d) and O(m³) a step for m weights above 0.
/// - Deviations: the weights are scaled to mean 1 after they are found.
public struct KernelMeanMatching: TransductiveMethod {
  /// γ times the median squared distance.
  public var scale = 1.0
  /// B.
  public var bound = 1000.0
  /// How many landmarks stand for the kernel; 0 for the kernel itself.
  public var landmarks = 0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "kmm", title: "Kernel mean matching", family: .alignment(.reweighting),
    paper: "huang-2006-kmm")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "scale", \.scale, in: 1e-4...1e4, grid: [0.1, 0.3, 1, 3, 10],
      help: "The kernel's γ as a multiple of the median heuristic's."),
    .real("bound", \.bound, in: 1...1e6, grid: [2, 10, 100, 1000], help: "B, the largest weight."),
    .integer(
      "landmarks", \.landmarks, in: 0...100_000, grid: [0, 100, 300, 1000], isTuned: false,
      help: "Samples that stand for the kernel; 0 for the kernel itself."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Solves for the weights and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let gamma = scale * source.medianGamma(with: target)  // (4)
    let weights = try weights(
      of: source.features, for: target.features, gamma: gamma, key: key.child("landmarks"))
    return try learner.fit(
      source, importance: ImportanceWeights.scaled(weights), key: key.child("learner"))
  }

  /// β; the key names the draw of the landmarks.
  func weights(
    of source: Matrix<Double>, for target: Matrix<Double>, gamma: Double, key: RandomKey
  ) throws(MethodError) -> [Double] {
    guard source.rows > 1 else { return [1] }
    return try MethodError.step("kernel mean matching") { () throws(LinearAlgebraError) in
      let kernel = KernelFunction.rbf(gamma: gamma)
      guard (1..<source.rows + target.rows).contains(landmarks) else {
        // Only its row sums are needed of the kernel with the target, so it comes in blocks.
        let ones = Matrix<Double>(rows: target.rows, columns: 1, repeating: 1)
        let attraction = kernel.product(source, target, ones).elements
        return try solution(attraction, source.rows, target.rows) {
          kernel.matrix(source.selecting(rows: $0), source)
        }
      }
      let map = try KernelLandmarks(
        kernel, among: source.appending(rows: target), count: landmarks, key: key)
      let features = map.features(of: source)
      let sums = map.features(of: target).columnSums
      return try solution(features.multiplied(by: sums), source.rows, target.rows) {
        features.selecting(rows: $0).multiplied(by: features, transposingOther: true)
      }
    }
  }

  /// The solution of (1) for the sums Σ_j k(x_i, x'_j) and the rows of K.
  private func solution(
    _ sums: [Double], _ sources: Int, _ targets: Int,
    rows: @escaping ([Int]) -> Matrix<Double>
  ) throws(LinearAlgebraError) -> [Double] {
    let count = Double(sources)
    let slack = (count.squareRoot() - 1) / count.squareRoot()
    return try MatchingProgram(
      rows: rows, attraction: sums.map { $0 * count / Double(targets) },  // (3)
      bounds: Array(repeating: bound, count: sources),
      sums: count * (1 - slack)...count * (1 + slack)  // (2)
    ).solution()  // (1)
  }
}
