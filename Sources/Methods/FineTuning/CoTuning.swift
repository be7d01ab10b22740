public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Co-tuning: fine-tuning that keeps the source's head, and teaches it what the shots' classes mean.
///
/// K. You, Z. Kou, M. Long, J. Wang. "Co-Tuning for Transfer Learning." NeurIPS 2020. See
/// `papers/you-2020-co-tuning.md`.
///
/// ```
/// p(y_S | y_T) = mean of p_S(x_i) over the shots with y_i = y_T                  (1)
/// minimise over w:  mean ℓ(f_T(x_i; w), y_i) + λ mean H(p(y_S | y_i), f_S(x_i; w))   (2)
/// ```
///
/// p_S are the source's predictions before tuning, f_S the source's head and f_T the new one on
/// the same features, H the cross-entropy.
///
/// - Complexity: fine-tuning's.
/// - Deviations: (1) is the paper's direct approach, without calibration on held-out samples.
public struct CoTuning: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ.
  public var tradeOff = 2.3
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "co-tuning", title: "Co-tuning", family: .fineTuning,
    paper: "you-2020-co-tuning")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "tradeOff", \.tradeOff, in: 0...100, grid: [0.3, 1, 2.3],
      help: "λ, the weight of the source's head."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Learns how the classes are related, then tunes both heads.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, budget: budget, key: key)
    tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) {
    let relation = Self.relation(run.sourceProbabilities, run.shotOutputs)  // (1)
    let targets = Tensor([relation.rows, relation.columns], relation.elements.map { Float($0) })
    run.tune(loss: { step in
      let logits = run.start.network.backbone.head(
        on: step.features, classes: run.start.classes.count, in: step.scope("source"))
      for weight in run.weights.all where weight.name.hasPrefix("source.") {
        guard let tensor = run.start.weights[String(weight.name.dropFirst(7))] else { continue }
        weight.tensor = tensor
      }
      let source = logits.crossEntropy(step.input(targets))
      return step.crossEntropy + source.scaled(by: Float(tradeOff))  // (2)
    })
  }

  /// p(y_S | y_i) for each shot: the mean of the rows with its label.
  static func relation(_ predictions: Matrix<Double>, _ labels: [Int]) -> Matrix<Double> {
    var result = Matrix<Double>(rows: predictions.rows, columns: predictions.columns)
    for label in Set(labels).sorted() {
      let rows = labels.indices.filter { labels[$0] == label }
      let means = predictions.selecting(rows: rows).columnMeans
      for row in rows {
        for column in 0..<predictions.columns { result[row, column] = means[column] }
      }
    }
    return result
  }
}
