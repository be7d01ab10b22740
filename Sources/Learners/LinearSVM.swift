public import LinearAlgebra
public import Randomness

/// Linear support vector machine with the squared hinge loss, one class against the rest.
///
/// C. Cortes, V. Vapnik. "Support-Vector Networks." Machine Learning 20, 1995.
///
/// ```
/// minimise over w, b:  ½ (‖w‖² + b²) + C Σ_i a_i max(0, 1 − z_i (wᵀx_i + b))²   (1)
/// z_i = 1 where y_i is the class, −1 elsewhere,   a_i the sample's weight
/// p_c(x) = exp f_c(x) / Σ_k exp f_k(x),   f_c(x) = w_cᵀ x + b_c             (2)
/// ```
///
/// The probabilities (2) are no calibrated ones: they order the classes as the decision values
/// do, so that the predicted class is that of the greatest. Two classes have one problem (1), whose f
/// counts +f/2 for the second and −f/2 for the first.
///
/// Solved by Newton's method (S. S. Keerthi, D. DeCoste. "A Modified Finite Newton Method for Fast
/// Solution of Large Scale Linear SVMs." JMLR 6, 2005), as liblinear has it (R.-E. Fan et al., JMLR 9,
/// 2008) but for all classes together: each product with the samples serves every class that still
/// needs one, and so do the samples' inner products where d is more than half of n. See
/// `SquaredHingeMachine`.
///
/// - Complexity: O(n d) a class and step of conjugate gradients; with inner products O(n² d) once and
///   O(s³) a class and Newton step, s the samples that have a loss.
public struct LinearSVM: Learner {
  /// C, what the losses count against the penalty; above 0.
  public var cost = 1.0
  /// The gradient that is left, relative to that at zero and the smaller class's share: liblinear's
  /// rule, with scikit-learn's default.
  ///
  /// At liblinear's own, 1e-2, two solvers may differ by a point of accuracy.
  public var tolerance = 1e-4
  /// The largest number of Newton steps.
  public var maximumIterations = 1000

  /// The learner with a cost.
  public init(cost: Double = 1) {
    self.cost = cost
  }

  /// Minimises (1) for each class; the key is not drawn from.
  ///
  /// - Throws: `noSamples`, `unusableWeights`, `notConverged`, or `notFinite` where a feature is not or
  ///   the squares of all have no finite sum.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> LinearClassifier {
    precondition(cost > 0, "The cost of a support vector machine is positive.")
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    let (classes, width) = (training.classes, features.columns)
    var result = Matrix<Double>(rows: classCount, columns: width)
    var intercepts = [Double](repeating: 0, count: classCount)
    if classes.count > 1 {
      let machines = try solve(training)
      guard machines.allSatisfy({ $0.point.allSatisfy(\.isFinite) }) else { throw .notFinite }
      for (place, label) in classes.enumerated() {
        // Of two classes there is the machine of the first alone.
        let point = machines[machines.count == 1 ? 0 : place].point
        let factor = machines.count > 1 ? 1 : place == 0 ? 0.5 : -0.5
        for feature in 0..<width { result[label, feature] = factor * point[feature] }
        intercepts[label] = factor * point[width]
      }
    }
    return LinearClassifier(weights: result, intercepts: intercepts, classes: classes)
  }

  /// A machine for each class at the minimum of its (1); of two classes one, for the first.
  private func solve(_ training: TrainingSet) throws(LearnerError) -> [SquaredHingeMachine] {
    let features = training.features
    let weights = training.weights ?? Array(repeating: 1, count: features.rows)
    var machines = (0..<(training.classes.count == 2 ? 1 : training.classes.count)).map { place in
      SquaredHingeMachine(
        isOwn: training.labels.map { $0 == place }, factors: weights.map { 2 * cost * $0 },
        width: features.columns, tolerance: tolerance)
    }
    let gram = 2 * features.columns > features.rows ? features.outerGram.map { $0 + 1 } : nil
    var open = Array(machines.indices)
    for _ in 0..<maximumIterations {
      let slopes = Self.slopes(open.map { machines[$0].residuals }, features)
      open = zip(open, slopes).filter { machines[$0].begin(slopes: $1) }.map(\.0)
      if open.isEmpty { return machines }
      var running = open
      if let gram, let multipliers = open.map({ machines[$0].multipliers(gram) }).allKnown {
        let margins = Self.joined(multipliers) * gram
        let points = Self.slopes(multipliers, features)
        for (place, machine) in open.enumerated() {
          machines[machine].aim(
            at: points[place] + [multipliers[place].reduce(0, +)],
            margins: Array(margins.row(place)))
        }
        running = []
      }
      while !running.isEmpty {
        let pass = features.curvedProducts(
          Self.joined(running.map { machines[$0].direction }),
          curvatures: Self.joined(running.map { machines[$0].curvatures }))
        running = running.enumerated().filter { place, machine in
          machines[machine].advance(
            products: Array(pass.products.row(place)), slopes: Array(pass.slopes.row(place)))
        }.map(\.element)
      }
      for machine in open { machines[machine].move() }
    }
    throw .notConverged(learner: "linear-svm", iterations: maximumIterations)
  }

  /// Xᵀr of each r.
  private static func slopes(
    _ residuals: [[Double]], _ features: Matrix<Double>
  ) -> [[Double]] {
    if residuals.count == 1 {
      return [features.multiplied(by: residuals[0], transposing: true)]
    }
    let product = joined(residuals) * features
    return residuals.indices.map { Array(product.row($0)) }
  }

  private static func joined(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap(\.self))
  }
}

extension [[Double]?] {
  /// The elements, if none is nil.
  fileprivate var allKnown: [[Double]]? {
    let known = compactMap(\.self)
    return known.count == count ? known : nil
  }
}
