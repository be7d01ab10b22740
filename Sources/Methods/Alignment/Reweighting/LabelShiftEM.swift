public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// The source's classifier with its class priors replaced by the target's, found without labels.
///
/// M. Saerens, P. Latinne, C. Decaestecker. "Adjusting the Outputs of a Classifier to New a Priori
/// Probabilities: A Simple Procedure." Neural Computation 14(1), 2002. See
/// `papers/saerens-2002-label-shift-em.md`.
///
/// ```
/// p_T(c | x) ∝ (π_c / π_S,c) p_S(c | x)                                  (1)
/// π_c ← (1 / n_T) Σ_j p_T(c | x'_j)                                      (2)
/// ```
///
/// π_S are the source's class frequencies, where π starts. (1) and (2) are an EM algorithm for the
/// likelihood of the target's features, which is concave in π.
///
/// - Complexity: the learner's and O(n_T C) an iteration.
/// - Deviations: none.
public struct LabelShiftEM: TransductiveMethod {
  /// The most iterations.
  public var iterations = 100
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "label-shift-em", title: "Target priors by expectation maximisation",
    family: .alignment(.reweighting), paper: "saerens-2002-label-shift-em")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "iterations", \.iterations, in: 1...1_000_000, grid: [1, 10, 100, 1000],
      help: "The most EM iterations; 1 takes the mean of the source's answers as the priors."),
    .choice("learner", \.learner, help: "Classifier fitted on the source."),
  ]

  /// Fits the learner on the source and finds the target's priors.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let base = try learner.fit(source, key: key.child("learner"))
    var priors = [Double](repeating: 0, count: source.classCount)
    for label in source.labels { priors[label] += 1 / Double(source.count) }
    let found = PriorShift.found(
      from: base.probabilities(of: target.features), sourcePriors: priors, iterations: iterations)
    return ShiftedClassifier(base: base, shift: found)
  }
}

/// A change of class priors.
struct PriorShift {
  /// π_c / π_S,c; 0 for a class that the source lacks.
  let ratios: [Double]

  /// The change after some iterations on posteriors, n × C, under the source's priors.
  ///
  /// Ends where no prior moves by more than 1e-9.
  static func found(
    from posteriors: Matrix<Double>, sourcePriors: [Double], iterations: Int
  ) -> PriorShift {
    var priors = sourcePriors
    for _ in 0..<iterations {
      let shift = PriorShift(from: sourcePriors, to: priors)
      let moved = shift.applied(to: posteriors).columnMeans  // (2)
      let change = zip(moved, priors).reduce(0) { max($0, abs($1.0 - $1.1)) }
      priors = moved
      if change < 1e-9 { break }
    }
    return PriorShift(from: sourcePriors, to: priors)
  }

  /// The change between two priors.
  init(from sourcePriors: [Double], to priors: [Double]) {
    ratios = zip(priors, sourcePriors).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// (1) of posteriors, n × C; a row that names no class of the new priors stays as it is.
  func applied(to posteriors: Matrix<Double>) -> Matrix<Double> {
    var result = posteriors.scaled(columns: ratios)  // (1)
    for (row, sum) in result.rowSums.enumerated() {
      for column in 0..<result.columns {
        result[row, column] = sum > 0 ? result[row, column] / sum : posteriors[row, column]
      }
    }
    return result
  }
}

/// A classifier under other class priors.
private struct ShiftedClassifier: Classifier {
  let base: any Classifier
  let shift: PriorShift

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    shift.applied(to: base.probabilities(of: features))
  }
}
