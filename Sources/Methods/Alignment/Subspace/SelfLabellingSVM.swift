public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// A support vector machine that exchanges source samples for target samples, round by round.
///
/// L. Bruzzone, M. Marconcini. "Domain Adaptation Problems: A DASVM Classification Technique and
/// a Circular Validation Strategy." IEEE Transactions on Pattern Analysis and Machine Intelligence
/// 32(5), 2010. See `papers/bruzzone-2010-dasvm.md`.
///
/// ```
/// f_c = the machine of class c against the rest, on the training samples           (1)
/// H_c = the ρ unlabelled target samples with the largest f_c among those for which
///   f_c is the largest and 0 ≤ f_c ≤ 1: they join with label c, ρ = ⌈share n_T / C⌉  (2)
/// S = target samples with a label that f no longer gives them: they leave          (3)
/// R_c = the ⌈|H_c| max(1, n_S / n_T)⌉ source samples of class c with the largest f_c:
///   they leave; where every H_c is empty, as for |H_c| = ρ                         (4)
/// end where R is empty, |H| ≤ β n_T and |S| ≤ β n_T                                (5)
/// ```
///
/// The training samples are the source's at first and the target's at last. Two classes have one
/// f, whose signs are f_1 and f_0 = −f_1, and the rounds are the paper's.
///
/// - Complexity: about 1 / `share` rounds, each a machine of up to n_S + n_T samples a class.
/// - Deviations: more than two classes, by (2) with one machine a class; the same C in every round
///   for both domains, where the paper lets that of the target grow; more source samples leave
///   than target samples come where there are more of them; the last training sample of a class
///   stays. The linear machine has the squared hinge loss.
public struct SelfLabellingSVM: TransductiveMethod {
  /// What f is a function of.
  public enum Kernel: String, ParameterChoice {
    /// The features.
    case linear
    /// A Gaussian kernel, γ = 1 / (d · variance of all entries).
    case rbf
  }

  /// How much of the target is labelled in a round.
  public var share = 0.1
  /// β.
  public var tolerance = 0.03
  /// The most rounds.
  public var rounds = 100
  /// C.
  public var cost = 1.0
  /// What f is a function of.
  public var kernel = Kernel.linear

  /// The stopping tolerances of the linear machine and of libsvm; nil takes the learners' own.
  var solverTolerance: Double?

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "dasvm", title: "Domain adaptation support vector machine",
    family: .alignment(.subspace), paper: "bruzzone-2010-dasvm", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "share", \.share, in: 1e-3...1, grid: [0.05, 0.1, 0.2, 0.5],
      help: "The share of the target that a round may label, over all classes."),
    .real(
      "tolerance", \.tolerance, in: 0...1, grid: [0, 0.03, 0.1],
      help: "β, the share of the target that may still change at the end."),
    .integer("rounds", \.rounds, in: 1...10_000, grid: [1, 5, 100], help: "The most rounds."),
    .real("cost", \.cost, in: 1e-6...1e6, grid: [0.01, 0.1, 1, 10], help: "C of each machine."),
    .choice("kernel", \.kernel, help: "Whether the machines are linear or have a Gaussian kernel."),
  ]

  /// The reference is a support vector machine too.
  public static let referenceAssignments = [
    Assignment("learner", .choice(LearnerChoice.linearSVM.rawValue))
  ]

  /// Exchanges the samples; the machine of the last ones is the model.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try adapted(source: source, target: target, key: key).machine
  }

  /// The last machine, and the labels that target samples have in its training.
  func adapted(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> (machine: Machines, labels: [Int?], rounds: Int) {
    let pooled = source.features.appending(rows: target.features)
    let gamma = KernelSVM.scaledGamma(pooled)
    var exchange = Exchange(source: source, target: target, share: share)
    for round in 0..<rounds {
      let machine = try machine(exchange.trainingSample, gamma: gamma, key: key)
      guard machine.classes.count > 1 else { return (machine, exchange.labels, round) }
      let isOver = exchange.advance(
        sourceScores: machine.scores(of: source.features),
        targetScores: machine.scores(of: target.features), tolerance: tolerance)
      if isOver { return (machine, exchange.labels, round + 1) }
    }
    let last = try machine(exchange.trainingSample, gamma: gamma, key: key)
    return (last, exchange.labels, rounds)
  }

  /// (1) on a sample.
  private func machine(
    _ sample: LabelledSample, gamma: Double, key: RandomKey
  ) throws(MethodError) -> Machines {
    try MethodError.learning { () throws(LearnerError) in
      switch kernel {
      case .linear:
        var learner = LinearSVM(cost: cost)
        learner.tolerance = solverTolerance ?? learner.tolerance
        return .linear(
          try learner.fit(
            features: sample.features, labels: sample.labels, classCount: sample.classCount,
            weights: nil, key: key))
      case .rbf:
        let classes = (0..<sample.classCount).filter { sample.labels.contains($0) }
        var learner = KernelSVM(cost: cost, kernel: .rbf(gamma: gamma))
        learner.tolerance = solverTolerance ?? learner.tolerance
        var models: [KernelSVMModel] = []
        for label in classes.count > 2 ? classes : Array(classes.prefix(1)) {
          models.append(
            try learner.fit(
              features: sample.features, labels: sample.labels.map { $0 == label ? 0 : 1 },
              classCount: 2, weights: nil, key: key))
        }
        return .kernel(models, classes: classes, classCount: sample.classCount)
      }
    }
  }
}

/// The machines (1) of all classes that have a training sample.
enum Machines: Classifier {
  case linear(LinearClassifier)
  case kernel([KernelSVMModel], classes: [Int], classCount: Int)

  /// The classes that can be named, ascending.
  var classes: [Int] {
    switch self {
    case .linear(let model): model.classes
    case .kernel(_, let classes, _): classes
    }
  }

  /// f_c of n samples, n × C, in units of the margin; −∞ for a class that can't be named.
  func scores(of features: Matrix<Double>) -> Matrix<Double> {
    switch self {
    case .linear(let model):
      // Two classes share one f, of which each has half.
      return model.scores(of: features) * (model.classes.count == 2 ? 2 : 1)
    case .kernel(let models, let classes, let classCount):
      var scores = Matrix<Double>(
        rows: features.rows, columns: classCount, repeating: -.infinity)
      for (place, label) in classes.enumerated() {
        let model = models[models.count == 1 ? 0 : place]
        let values =
          classes.count > 1
          ? model.decisions(of: features).elements : Array(repeating: 0, count: features.rows)
        let sign = models.count == 1 && place == 1 ? -1.0 : 1
        for row in 0..<features.rows { scores[row, label] = sign * values[row] }
      }
      return scores
    }
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    switch self {
    case .linear(let model):
      return model.probabilities(of: features)
    case .kernel(_, let classes, _):
      let scores = scores(of: features) * (classes.count == 2 ? 0.5 : 1)
      let totals = scores.rowLogSumExp
      var shares = scores
      for row in 0..<shares.rows {
        for column in 0..<shares.columns { shares[row, column] -= totals[row] }
      }
      return shares.exponential()
    }
  }
}

/// Which samples train the machines of a round.
private struct Exchange {
  private let source: LabelledSample
  private let target: UnlabelledSample
  /// ρ.
  private let perClass: Int
  private var isKept: [Bool]
  /// The label of each target sample in training; nil where it is in none.
  private(set) var labels: [Int?]

  init(source: LabelledSample, target: UnlabelledSample, share: Double) {
    self.source = source
    self.target = target
    let present = (0..<source.classCount).count { source.labels.contains($0) }
    perClass = max(1, Int((share * Double(target.count) / Double(max(present, 1))).rounded(.up)))
    isKept = Array(repeating: true, count: source.count)
    labels = Array(repeating: nil, count: target.count)
  }

  var trainingSample: LabelledSample {
    let added = labels.indices.filter { labels[$0] != nil }
    return source.selecting(rows: isKept.indices.filter { isKept[$0] }).appending(
      LabelledSample(
        features: target.features.selecting(rows: added), labels: added.compactMap { labels[$0] },
        classCount: source.classCount))
  }

  /// Exchanges samples by the round's scores; whether it was the last round.
  mutating func advance(
    sourceScores: Matrix<Double>, targetScores: Matrix<Double>, tolerance: Double
  ) -> Bool {
    let named = Predictions(probabilities: targetScores).classes
    var candidates = [[Int]](repeating: [], count: source.classCount)
    for (index, label) in named.enumerated() where labels[index] == nil {
      let score = targetScores[index, label]
      if score >= 0, score <= 1 { candidates[label].append(index) }
    }
    let joining = candidates.enumerated().map { label, indices in
      Array(
        indices.sorted {
          (-targetScores[$0, label], $0) < (-targetScores[$1, label], $1)
        }.prefix(perClass))  // (2)
    }
    let leaving = labels.indices.filter { labels[$0] != nil && labels[$0] != named[$0] }
    for index in leaving { labels[index] = nil }  // (3)
    for (label, indices) in joining.enumerated() {
      for index in indices { labels[index] = label }
    }
    let joined = joining.reduce(0) { $0 + $1.count }
    let removed = dismiss(joining.map { joined > 0 ? $0.count : perClass }, sourceScores)
    let allowed = tolerance * Double(target.count)
    return removed == 0 && Double(joined) <= allowed && Double(leaving.count) <= allowed  // (5)
  }

  /// Takes source samples out of training; how many.
  private mutating func dismiss(_ counts: [Int], _ scores: Matrix<Double>) -> Int {
    let ratio = max(1, Double(source.count) / Double(max(target.count, 1)))
    var removed = 0
    for (label, count) in counts.enumerated() where count > 0 {
      let kept = isKept.indices.filter { isKept[$0] && source.labels[$0] == label }
      let remaining = labels.contains(label) ? kept.count : kept.count - 1
      let wanted = Int((Double(count) * ratio).rounded(.up))
      let farthest = kept.sorted { (-scores[$0, label], $0) < (-scores[$1, label], $1) }
      for index in farthest.prefix(min(wanted, max(remaining, 0))) {
        isKept[index] = false
        removed += 1
      }  // (4)
    }
    return removed
  }
}
