internal import CLinear
public import LinearAlgebra
public import Randomness

/// Linear support vector machine with the squared hinge loss, one class against the rest.
///
/// C. Cortes, V. Vapnik. "Support-Vector Networks." Machine Learning 20, 1995. Solved by
/// liblinear (R.-E. Fan et al., JMLR 9, 2008), in the primal by its trust-region Newton method,
/// which draws no random numbers:
///
/// ```
/// minimise over w, b:  ½ (‖w‖² + b²) + C Σ_i a_i max(0, 1 − z_i (wᵀx_i + b))²   (1)
/// z_i = 1 where y_i is the class, −1 elsewhere,   a_i the sample's weight
/// p_c(x) = exp f_c(x) / Σ_k exp f_k(x),   f_c(x) = w_cᵀ x + b_c             (2)
/// ```
///
/// The probabilities (2) are no calibrated ones: they order the classes as the decision values
/// do, so that the predicted class is liblinear's. Two classes have one problem (1), whose f
/// counts +f/2 for the second and −f/2 for the first.
///
/// liblinear knows no weights: where they differ, (1) is minimised by `LBFGS`.
///
/// - Complexity: O(n d) a class and Newton step.
public struct LinearSVM: Learner {
  /// C, what the losses count against the penalty; above 0.
  public var cost = 1.0
  /// liblinear's stopping tolerance, relative to the gradient at zero and the smaller class's
  /// share.
  ///
  /// The default is liblinear's own. Far below it the Newton method can creep to its limit of
  /// 1,000 steps: on 1,000 × 800 noisy samples of 10 classes more than a minute.
  public var tolerance = 1e-2

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
      let weights = training.weights ?? [1]
      let solution =
        try weights.allSatisfy { $0 == weights[0] }
        ? solve(training, cost: cost * weights[0]) : solve(training, weights: weights)
      guard solution.allSatisfy(\.isFinite) else { throw .notFinite }
      // One column a class; a single one, of the first class, where there are two.
      let columns = classes.count == 2 ? 1 : classes.count
      for (place, label) in classes.enumerated() {
        let column = columns == 1 ? 0 : place
        let factor = columns > 1 ? 1 : place == 0 ? 0.5 : -0.5
        for feature in 0..<width {
          result[label, feature] = factor * solution[feature * columns + column]
        }
        intercepts[label] = factor * solution[width * columns + column]
      }
    }
    return LinearClassifier(weights: result, intercepts: intercepts, classes: classes)
  }

  /// liblinear's weights, (d + 1) × columns in row-major order, the intercepts last.
  private func solve(_ training: TrainingSet, cost: Double) -> [Double] {
    // liblinear numbers classes by first appearance: here in ascending order.
    let order = training.labels.indices.sorted {
      (training.labels[$0], $0) < (training.labels[$1], $1)
    }
    let labels = order.map { training.labels[$0] }
    let width = training.features.columns
    var nodes = [feature_node](unsafeUninitializedCapacity: order.count * (width + 2)) {
      nodes, count in
      training.features.elements.withUnsafeBufferPointer { features in
        for row in order {
          for index in 0..<width where features[row * width + index] != 0 {
            let node = feature_node(
              index: Int32(index + 1), value: features[row * width + index])
            nodes.initializeElement(at: count, to: node)
            count += 1
          }
          nodes.initializeElement(at: count, to: feature_node(index: Int32(width + 1), value: 1))
          nodes.initializeElement(at: count + 1, to: feature_node(index: -1, value: 0))
          count += 2
        }
      }
    }
    var targets = labels.map(Double.init)
    var settings = parameter()
    settings.solver_type = Int32(L2R_L2LOSS_SVC)
    settings.eps = tolerance
    settings.C = cost
    set_print_string_function { _ in }
    return nodes.withUnsafeMutableBufferPointer { nodes in
      targets.withUnsafeMutableBufferPointer { targets in
        var starts: [UnsafeMutablePointer<feature_node>?] = []
        starts.reserveCapacity(labels.count)
        var isStart = true
        for index in nodes.indices {
          if isStart { starts.append(nodes.baseAddress.map { $0 + index }) }
          isStart = nodes[index].index == -1
        }
        return starts.withUnsafeMutableBufferPointer { starts in
          var samples = problem()
          samples.l = Int32(labels.count)
          samples.n = Int32(width + 1)
          samples.y = targets.baseAddress
          samples.x = starts.baseAddress
          samples.bias = 1
          var model = train(&samples, &settings)
          defer { free_and_destroy_model(&model) }
          guard let solved = model?.pointee, let weights = solved.w else { return [] }
          let columns = solved.nr_class == 2 ? 1 : Int(solved.nr_class)
          return Array(UnsafeBufferPointer(start: weights, count: (width + 1) * columns))
        }
      }
    }
  }
}

extension LinearSVM {
  /// Minimises (1) with weights that differ; what liblinear would give.
  private func solve(
    _ training: TrainingSet, weights: [Double]
  ) throws(LearnerError) -> [Double] {
    let features = training.features
    let width = features.columns
    let columns = training.classes.count == 2 ? 1 : training.classes.count
    let total = cost * weights.reduce(0, +)
    var solver = LBFGS()
    solver.maximumIterations = 5000
    var result = [Double](repeating: 0, count: (width + 1) * columns)
    for column in 0..<columns {
      let signs = training.labels.map { $0 == column ? 1.0 : -1 }
      let minimum = solver.minimum(from: Array(repeating: 0, count: width + 1)) { point, gradient in
        var scores = features.multiplied(by: Array(point.prefix(width)))
        var value = 0.5 * point.reduce(0) { $0 + $1 * $1 } / total
        for row in scores.indices {
          let lack = max(0, 1 - signs[row] * (scores[row] + point[width]))
          let share = cost * weights[row] / total
          value += share * lack * lack
          scores[row] = -2 * share * signs[row] * lack
        }
        gradient = features.multiplied(by: scores, transposing: true) + [scores.reduce(0, +)]
        for index in gradient.indices { gradient[index] += point[index] / total }
        return value
      }
      guard minimum.value.isFinite else { throw .notFinite }
      if minimum.ending == .exhausted {
        throw .notConverged(learner: "linear-svm", iterations: minimum.iterations)
      }
      for (index, value) in minimum.point.enumerated() { result[index * columns + column] = value }
    }
    return result
  }

  /// The version of liblinear, as in 2.30.
  public static var libraryVersion: String {
    "\(LIBLINEAR_VERSION / 100).\(LIBLINEAR_VERSION % 100)"
  }
}
