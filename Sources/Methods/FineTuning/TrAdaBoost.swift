public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Boosting on source and shots that trusts misclassified source samples less each round.
///
/// W. Dai, Q. Yang, G.-R. Xue, Y. Yu. "Boosting for Transfer Learning." ICML 2007. For more than
/// two classes: J. Zhu, H. Zou, S. Rosset, T. Hastie. "Multi-Class AdaBoost." Statistics and Its
/// Interface 2(3), 2009. See `papers/dai-2007-tradaboost.md`.
///
/// ```
/// h_t: the learner on source and shots with weights w                    (1)
/// ε_t = Σ_shots w_i [h_t(x_i) ≠ y_i] / Σ_shots w_i                       (2)
/// β_t = ε_t / ((1 − ε_t) (C − 1)),   β = 1 / (1 + √(2 ln n_S / N))       (3)
/// w_i ← w_i β where h_t errs on a source sample,                         (4)
/// w_i ← w_i / β_t where it errs on a shot                                (5)
/// h(x) = argmax_c  Σ_{t ≥ N/2} log(1 / β_t) [h_t(x) = c]                 (6)
/// ```
///
/// N is the number of rounds. With C = 2 this is the paper's.
///
/// - Complexity: N times the learner's.
/// - Deviations: ε_t is kept between half a shot's share and 1 − 1/C, where a round has no vote.
public struct TrAdaBoost: InductiveMethod {
  /// N.
  public var rounds = 10
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tradaboost", title: "Transfer boosting", family: .fineTuning, paper: "dai-2007-tradaboost")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [5, 10, 20, 50],
      help: "N, the classifiers fitted, of which the later half votes."),
    .choice("learner", \.learner, help: "Classifier fitted each round."),
  ]

  /// Fits the rounds' classifiers.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let training = source.appending(shots)
    let classCount = Double(max(training.classCount, 2))
    let sourceFactor = 1 / (1 + (2 * log(Double(source.count)) / Double(rounds)).squareRoot())
    let isShot = { (index: Int) in index >= source.count }
    var weights = [Double](repeating: 1, count: training.count)
    var voters: [VotingClassifier.Voter] = []
    for round in 0..<rounds {
      let model = try learner.fit(
        training, importance: ImportanceWeights.scaled(weights), key: key.child("round", round))
      let classes = Predictions(probabilities: model.probabilities(of: training.features)).classes
      let errs = training.labels.indices.filter { classes[$0] != training.labels[$0] }  // (1)
      let total = weights[source.count...].reduce(0, +)
      let wrong = errs.filter(isShot).reduce(0) { $0 + weights[$1] }
      let error = max(wrong / total, 0.5 / Double(shots.count))  // (2)
      let shotFactor = min(error / ((1 - error) * (classCount - 1)), 1)  // (3)
      for index in errs {
        weights[index] *= isShot(index) ? 1 / shotFactor : sourceFactor  // (4) (5)
      }
      if round + 1 >= (rounds + 1) / 2 {
        voters.append(VotingClassifier.Voter(model: model, weight: -log(shotFactor)))
      }
      weights = ImportanceWeights.scaled(weights)
    }
    return VotingClassifier(voters: voters, classCount: training.classCount)
  }
}

/// Classifiers that vote; a class has its share of the votes for its probability.
private struct VotingClassifier: Classifier {
  struct Voter {
    let model: any Classifier
    let weight: Double
  }

  let voters: [Voter]
  let classCount: Int

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    // Where no round did better than chance, all count the same.
    let weights = ImportanceWeights.scaled(voters.map(\.weight))
    var votes = Matrix<Double>(rows: features.rows, columns: classCount)
    for (voter, weight) in zip(voters, weights) {
      let classes = Predictions(probabilities: voter.model.probabilities(of: features)).classes
      for (row, label) in classes.enumerated() {
        votes[row, label] += weight / Double(voters.count)  // (6)
      }
    }
    return votes
  }
}
