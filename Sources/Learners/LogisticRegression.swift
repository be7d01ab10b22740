import Foundation
public import LinearAlgebra
public import Randomness

/// Multinomial logistic regression with an ℓ2 penalty.
///
/// D. R. Cox. "The Regression Analysis of Binary Sequences." JRSS B 20, 1958. The objective
/// and its scale are those of scikit-learn's `LogisticRegression`:
///
/// ```
/// minimise over W, b:  ½ ‖W − W₀‖² + C Σ_i a_i ℓ_i         (1)
/// ℓ_i = log Σ_c exp s_c(x_i) − s_{y_i}(x_i),   s = W x + b (2)
/// ```
///
/// C is `cost`, a_i the sample weights, W₀ the weights of `prior` or zero; b is free. Where just two
/// classes are present there is one logit: s = (0, wᵀx + b), and w − w₀ bears the penalty. The
/// classifier then has the weights w₀₁ ∓ ½(w − w₀), with w₀₁ those of the prior.
///
/// L-BFGS works on centred features, each variable multiplied by about the square root of its
/// curvature; this changes the path, not the minimum, and spares it badly scaled columns.
///
/// - Complexity: O(n d C) an iteration, which reads the features once.
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
/// A point holds U, p × d for p logits, then β: w_cj = u_cj / σ_j and b = β / σ_0 − W μ, with μ the
/// features' means.
private struct LogisticProblem {
  private let training: TrainingSet
  /// (x − μ) / σ, n × d.
  private let inputs: Matrix<Double>
  private let means: [Double]
  private let scales: [Double]
  /// σ_0.
  private let offsetScale: Double
  /// a_i / Σ a_i.
  private let shares: [Double]
  /// 1 / (C Σ a_i).
  private let penalty: Double
  /// W₀ and its intercepts, one row for each class present.
  private let priorWeights: Matrix<Double>
  private let priorIntercepts: [Double]
  private let penalizesIntercepts: Bool

  /// p: 1 of two classes, else one for each class.
  private let logitCount: Int
  /// W₀ and its intercepts as logits.
  private let logitWeights: Matrix<Double>
  private let logitIntercepts: [Double]

  init(_ training: TrainingSet, _ settings: LogisticRegression) {
    precondition(settings.cost > 0, "The cost of a logistic regression is positive.")
    let (count, width) = (training.features.rows, training.features.columns)
    let weights = training.weights ?? Array(repeating: 1, count: count)
    let total = weights.reduce(0, +)
    let shares = weights.map { $0 / total }
    let means = training.features.multiplied(by: shares, transposing: true)
    let variances = training.features.squaredDeviations(from: means, weights: shares)
    let present = Double(training.classes.count)
    let penalty = 1 / (settings.cost * total)
    let slope = max((1 - 1 / present) / present, 1e-3)
    scales = variances.map { ($0 * slope + penalty).squareRoot() }
    offsetScale = slope.squareRoot()
    inputs = training.features.standardized(centre: means, factors: scales.map { 1 / $0 })
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
    if training.classes.count == 2 {
      logitWeights = priorWeights.selecting(rows: [1]) - priorWeights.selecting(rows: [0])
      logitIntercepts = [priorIntercepts[1] - priorIntercepts[0]]
    } else {
      (logitWeights, logitIntercepts) = (priorWeights, priorIntercepts)
    }
    logitCount = logitIntercepts.count
  }

  /// The prior, in the optimiser's variables.
  var start: [Double] {
    let shift = logitWeights.multiplied(by: means)
    return logitWeights.scaled(columns: scales).elements
      + zip(logitIntercepts, shift).map { offsetScale * ($0 + $1) }
  }

  /// U and β / σ_0 of a point.
  private func parts(of point: [Double]) -> (scaled: Matrix<Double>, offsets: [Double]) {
    let width = scales.count
    return (
      Matrix(rows: logitCount, columns: width, elements: Array(point.prefix(logitCount * width))),
      point.suffix(logitCount).map { $0 / offsetScale }
    )
  }

  /// The value of the objective at a point; stores its gradient.
  func value(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let width = scales.count
    let offsets = point.suffix(logitCount).map { $0 / offsetScale }
    // (2)
    var value = inputs.logisticLosses(
      at: point, offsets: offsets, labels: training.labels, shares: shares, slopes: &gradient)
    // The penalty of (1).
    let shift = penalizesIntercepts ? weights(parts(of: point).scaled).multiplied(by: means) : []
    gradient.withUnsafeMutableBufferPointer { slopes in
      for logit in 0..<logitCount {
        var intercepted = 0.0
        if penalizesIntercepts {
          intercepted = offsets[logit] - shift[logit] - logitIntercepts[logit]
          value += 0.5 * penalty * intercepted * intercepted
        }
        slopes[logitCount * width + logit] += penalty * intercepted
        slopes[logitCount * width + logit] /= offsetScale
        for column in 0..<width {
          let index = logit * width + column
          let pull = point[index] / scales[column] - logitWeights.elements[index]
          value += 0.5 * penalty * pull * pull
          slopes[index] += penalty * (pull - intercepted * means[column]) / scales[column]
        }
      }
    }
    return value
  }

  /// W as logits.
  private func weights(_ scaled: Matrix<Double>) -> Matrix<Double> {
    scaled.scaled(columns: scales.map { 1 / $0 })
  }

  /// The classifier at a point.
  func classifier(at point: [Double]) -> LinearClassifier {
    let (scaled, offsets) = parts(of: point)
    var found = weights(scaled)
    var foundIntercepts = zip(offsets, found.multiplied(by: means)).map { $0 - $1 }
    if training.classes.count == 2 {
      let half = 0.5 * (found - logitWeights)
      let step = 0.5 * (foundIntercepts[0] - logitIntercepts[0])
      found = priorWeights + (-1 * half).appending(rows: half)
      foundIntercepts = [priorIntercepts[0] - step, priorIntercepts[1] + step]
    }
    var weights = Matrix<Double>(rows: training.classCount, columns: scales.count)
    var intercepts = [Double](repeating: 0, count: training.classCount)
    for (index, label) in training.classes.enumerated() {
      for column in 0..<scales.count { weights[label, column] = found[index, column] }
      intercepts[label] = foundIntercepts[index]
    }
    return LinearClassifier(weights: weights, intercepts: intercepts, classes: training.classes)
  }
}
