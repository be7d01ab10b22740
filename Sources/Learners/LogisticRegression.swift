public import LinearAlgebra
public import Randomness

/// Multinomial logistic regression with an ℓ2 penalty.
///
/// D. R. Cox. "The Regression Analysis of Binary Sequences." JRSS B 20, 1958. The objective
/// and its scale are those of scikit-learn's `LogisticRegression`:
///
/// ```
/// minimise over W, b:  (κ/2) ‖W − W₀‖² + C Σ_i a_i ℓ_i    (1)
/// ℓ_i = log Σ_c exp s_c(x_i) − s_{y_i}(x_i),   s = W x + b (2)
/// ```
///
/// C is `cost`, a_i the sample weights, W₀ the weights of `prior` or zero; b is free. κ is 1,
/// and 2 where just two classes are present: the difference w = w₁ − w₀ then bears the penalty
/// ½‖w − w₀‖², that of the logistic regression with one logit.
///
/// L-BFGS works on centred features, divided by about the square root of each weight's
/// curvature; this changes the path, not the minimum, and spares it badly scaled columns.
///
/// - Complexity: O(n d C) an iteration, two matrix products.
public struct LogisticRegression: Learner {
  /// C, what the losses count against the penalty; above 0.
  public var cost = 1.0
  /// The classifier whose weights ours are pulled towards; nil pulls them to zero.
  public var prior: LinearClassifier?
  /// Whether the intercepts bear the penalty too.
  public var penalizesIntercepts = false
  /// The largest gradient entry left, of (1) divided by C Σ a_i.
  public var tolerance = 1e-6
  /// The largest number of L-BFGS iterations.
  public var maximumIterations = 5000

  /// The learner with a cost and a prior.
  public init(cost: Double = 1, prior: LinearClassifier? = nil) {
    self.cost = cost
    self.prior = prior
  }

  /// Minimises (1); the key is not drawn from.
  ///
  /// - Throws: `noSamples`, `unusableWeights`, `notFinite`, or `notConverged`.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> LinearClassifier {
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    let problem = LogisticProblem(training, self)
    var solver = LBFGS()
    solver.gradientTolerance = tolerance
    solver.maximumIterations = maximumIterations
    let minimum = solver.minimum(from: problem.start, of: problem.value)
    guard minimum.value.isFinite else { throw .notFinite }
    if minimum.ending == .exhausted {
      throw .notConverged(learner: "logistic-regression", iterations: minimum.iterations)
    }
    return problem.classifier(at: minimum.point)
  }
}

/// The objective (1), divided by C Σ a_i, in the optimiser's variables.
///
/// A point holds U, p × d for the p classes present, then β: w_cj = u_cj / σ_j and
/// b = β − W μ, with μ the features' means.
private struct LogisticProblem {
  private let training: TrainingSet
  /// (x − μ) / σ, n × d.
  private let inputs: Matrix<Double>
  private let means: [Double]
  private let scales: [Double]
  /// a_i / Σ a_i.
  private let shares: [Double]
  /// κ / (C Σ a_i).
  private let penalty: Double
  private let priorWeights: Matrix<Double>
  private let priorIntercepts: [Double]
  private let penalizesIntercepts: Bool

  private var classCount: Int { training.classes.count }

  init(_ training: TrainingSet, _ settings: LogisticRegression) {
    precondition(settings.cost > 0, "The cost of a logistic regression is positive.")
    let (count, width) = (training.features.rows, training.features.columns)
    let weights = training.weights ?? Array(repeating: 1, count: count)
    let total = weights.reduce(0, +)
    let shares = weights.map { $0 / total }
    let means = training.features.multiplied(by: shares, transposing: true)
    let centred = training.features.subtracting(row: means)
    let variances = centred.map { $0 * $0 }.multiplied(by: shares, transposing: true)
    let present = Double(training.classes.count)
    let penalty = (training.classes.count == 2 ? 2 : 1) / (settings.cost * total)
    let slope = max((1 - 1 / present) / present, 1e-3)
    scales = variances.map { ($0 * slope + penalty).squareRoot() }
    inputs = centred.scaled(columns: scales.map { 1 / $0 })
    self.training = training
    self.means = means
    self.shares = shares
    self.penalty = penalty
    penalizesIntercepts = settings.penalizesIntercepts
    if let prior = settings.prior {
      precondition(
        prior.weights.columns == width && prior.classCount == training.classCount,
        "A prior has the classes and features of the samples.")
      priorWeights = prior.weights.selecting(rows: training.classes)
      priorIntercepts = training.classes.map { prior.intercepts[$0] }
    } else {
      priorWeights = Matrix(rows: training.classes.count, columns: width)
      priorIntercepts = Array(repeating: 0, count: training.classes.count)
    }
  }

  /// The prior, in the optimiser's variables.
  var start: [Double] {
    let shift = priorWeights.multiplied(by: means)
    return priorWeights.scaled(columns: scales).elements
      + Swift.zip(priorIntercepts, shift).map { $0 + $1 }
  }

  /// The value of the objective at a point; stores its gradient.
  func value(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let width = scales.count
    let scaled = Matrix(
      rows: classCount, columns: width, elements: Array(point.prefix(classCount * width)))
    let offsets = Array(point.suffix(classCount))
    var scores = inputs.multiplied(by: scaled, transposingOther: true).adding(row: offsets)
    let normalizers = scores.rowLogSumExp
    var value = 0.0
    for (row, label) in training.labels.enumerated() {
      value += shares[row] * (normalizers[row] - scores[row, label])  // (2)
      for index in row * classCount..<(row + 1) * classCount {
        scores.elements[index] -= normalizers[row]
      }
    }
    var residuals = scores.exponential()
    for (row, label) in training.labels.enumerated() {
      residuals[row, label] -= 1
      for index in row * classCount..<(row + 1) * classCount {
        residuals.elements[index] *= shares[row]
      }
    }
    var slopes = residuals.multiplied(by: inputs, transposingSelf: true)
    var offsetSlopes = residuals.columnSums
    // The penalty of (1).
    let weights = scaled.scaled(columns: scales.map { 1 / $0 })
    let pulls = weights - priorWeights
    var square = 0.0
    for pull in pulls.elements { square += pull * pull }
    if penalizesIntercepts {
      let shift = weights.multiplied(by: means)
      for index in 0..<classCount {
        let pull = offsets[index] - shift[index] - priorIntercepts[index]
        square += pull * pull
        offsetSlopes[index] += penalty * pull
        for column in 0..<width {
          slopes[index, column] -= penalty * pull * means[column] / scales[column]
        }
      }
    }
    slopes = slopes + pulls.scaled(columns: scales.map { penalty / $0 })
    gradient = slopes.elements + offsetSlopes
    return value + 0.5 * penalty * square
  }

  /// The classifier at a point.
  func classifier(at point: [Double]) -> LinearClassifier {
    let width = scales.count
    let present = Matrix(
      rows: classCount, columns: width, elements: Array(point.prefix(classCount * width))
    ).scaled(columns: scales.map { 1 / $0 })
    let shift = present.multiplied(by: means)
    var weights = Matrix<Double>(rows: training.classCount, columns: width)
    var intercepts = [Double](repeating: 0, count: training.classCount)
    for (index, label) in training.classes.enumerated() {
      for column in 0..<width { weights[label, column] = present[index, column] }
      intercepts[label] = point[classCount * width + index] - shift[index]
    }
    return LinearClassifier(weights: weights, intercepts: intercepts, classes: training.classes)
  }
}
