public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Weights of the classes that explain what the target looks like, where only their shares change.
///
/// Z. C. Lipton, Y.-X. Wang, A. Smola. "Detecting and Correcting for Label Shift with Black Box
/// Predictors." ICML 2018, for (1) to (3). K. Zhang, B. Schölkopf, K. Muandet, Z. Wang. "Domain
/// Adaptation under Target and Conditional Shift." ICML 2013, for (4) and (5). See
/// `papers/lipton-2018-target-shift.md`.
///
/// ```
/// Ĉ_ab = share of source samples of class b for which f says a,
/// μ̂_a = share of target samples for which f says a                       (1)
/// θ = argmin ‖Ĉ (1 + θ) − μ̂‖² + λ‖θ‖²,  the shortest of several           (2)
/// w = max(0, 1 + θ)                                                      (3)
/// ```
///
/// With λ = 0 and a regular Ĉ (2) is w = Ĉ⁻¹ μ̂. f is fitted on some folds of the source and asked
/// about the others; Ĉ and μ̂ are the means over the folds. Without a classifier:
///
/// ```
/// min over w:  ‖Σ_c π_c w_c m_c − m_T‖²   with 0 ≤ w_c ≤ B, |Σ_c π_c w_c − 1| ≤ ε   (4)
/// k(x, y) = exp(−γ‖x − y‖²),   γ = scale / median ‖x − y‖²,   ε = B / (4√n_S)       (5)
/// ```
///
/// π_c is the source's share of class c, m_c and m_T are the means of the class and the target in
/// the space of the kernel. A source sample of class c then counts as w_c.
///
/// - Complexity: `folds` + 1 times the learner's; O((n_S² + n_S n_T) d) for (4), in blocks, so
///   that no n × n matrix is held.
/// - Deviations: the paper holds half of the source out once; here each fold is held out in turn.
///   (4) is that of the authors' program for a discrete class without its ridge on the classes'
///   kernel, and B and ε are the program's.
public struct TargetShift: TransductiveMethod {
  /// How the weights are estimated.
  public enum Estimate: String, ParameterChoice {
    /// From a classifier's confusions (1) to (3).
    case confusion
    /// From the classes' means in the space of a kernel (4).
    case kernelMeans = "kernel-means"
  }

  /// How the weights are estimated.
  public var estimate = Estimate.confusion
  /// The parts that the source is cut into.
  public var folds = 2
  /// Whether f's probabilities are counted, or the classes it names.
  public var isSoft = false
  /// λ.
  public var regularization = 0.0
  /// B.
  public var bound = 10.0
  /// γ times the median squared distance.
  public var scale = 1.0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "target-shift", title: "Label shift by black-box or kernel estimates",
    family: .alignment(.reweighting), paper: "lipton-2018-target-shift")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice(
      "estimate", \.estimate,
      help: "Weights from a classifier's confusions (BBSE) or from kernel means (MMDTarS)."),
    .integer(
      "folds", \.folds, in: 2...100, grid: [2, 5, 10],
      help: "The parts of the source, each held out once for the confusions."),
    .flag(
      "soft", \.isSoft, help: "Whether probabilities are counted in the confusions, not answers."),
    .real(
      "regularization", \.regularization, in: 0...1e6, grid: [0, 1e-3, 1e-2, 0.1],
      help: "λ, what keeps the weights from the confusions near 1."),
    .real(
      "bound", \.bound, in: 1...1e6, grid: [2, 10, 100],
      help: "B, the largest weight from kernel means."),
    .real(
      "scale", \.scale, in: 1e-4...1e4, grid: [0.1, 0.3, 1, 3, 10],
      help: "The kernel's γ as a multiple of the median heuristic's."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source; also f."),
  ]

  /// Estimates the classes' weights and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let ratios =
      switch estimate {
      case .confusion:
        try confusionRatios(source, target, key)
      case .kernelMeans:
        try kernelRatios(
          source, target.features,
          gamma: scale * source.medianGamma(with: target))  // (5)
      }
    return try learner.fit(
      source, importance: ImportanceWeights.scaled(source.labels.map { ratios[$0] }),
      key: key.child("learner"))
  }

  /// w of each class from a classifier's confusions.
  private func confusionRatios(
    _ source: LabelledSample, _ target: UnlabelledSample, _ key: RandomKey
  ) throws(MethodError) -> [Double] {
    let parts = min(folds, source.count)
    guard parts > 1 else { return Array(repeating: 1, count: source.classCount) }
    let fold = Self.folds(of: source.labels, count: parts, key: key.child("folds"))
    var confusion = Matrix<Double>(rows: source.classCount, columns: source.classCount)
    var marginal = [Double](repeating: 0, count: source.classCount)
    for part in 0..<parts {
      let inside = fold.indices.filter { fold[$0] != part }
      let outside = fold.indices.filter { fold[$0] == part }
      let model = try learner.fit(
        source.selecting(rows: inside), key: key.child("learner").child("fold", part))
      let held = source.selecting(rows: outside)
      let answers = counted(model.probabilities(of: held.features))
      for (row, label) in held.labels.enumerated() {
        for named in 0..<source.classCount {
          confusion[named, label] += answers[row, named] / Double(source.count)  // (1)
        }
      }
      let shares = counted(model.probabilities(of: target.features)).columnMeans
      for named in shares.indices { marginal[named] += shares[named] / Double(parts) }
    }
    return try ratios(confusion: confusion, marginal: marginal)
  }

  /// The answers that are counted: probabilities, or 1 for the class named.
  private func counted(_ probabilities: Matrix<Double>) -> Matrix<Double> {
    guard !isSoft else { return probabilities }
    var answers = Matrix<Double>(rows: probabilities.rows, columns: probabilities.columns)
    for (row, named) in Predictions(probabilities: probabilities).classes.enumerated() {
      answers[row, named] = 1
    }
    return answers
  }

  /// w of each class.
  ///
  /// - Parameters:
  ///   - confusion: Ĉ, what is said down and what is true across.
  ///   - marginal: μ̂.
  /// - Returns: w, one a class.
  /// - Throws: `linearAlgebra` where Ĉ is not finite.
  func ratios(confusion: Matrix<Double>, marginal: [Double]) throws(MethodError) -> [Double] {
    let classCount = marginal.count
    let missing = zip(marginal, confusion.rowSums).map { $0 - $1 }
    let ridge = Matrix.identity(classCount) * regularization.squareRoot()
    let right = Matrix(rows: classCount, columns: 1, elements: missing)
    let shift = try MethodError.step("label shift") { () throws(LinearAlgebraError) in
      try confusion.appending(rows: ridge)
        .leastSquares(right.appending(rows: Matrix(rows: classCount, columns: 1)))  // (2)
    }
    return shift.elements.map { max(0, 1 + $0) }  // (3)
  }

  /// w of each class from kernel means; 1 for a class that the source lacks.
  func kernelRatios(
    _ source: LabelledSample, _ target: Matrix<Double>, gamma: Double
  ) throws(MethodError) -> [Double] {
    var counts = [Double](repeating: 0, count: source.classCount)
    for label in source.labels { counts[label] += 1 }
    let classes = counts.indices.filter { counts[$0] > 0 }
    let members = Matrix(
      source.labels.map { label in classes.map { $0 == label ? 1 / counts[label] : 0 } })
    let kernel = KernelFunction.rbf(gamma: gamma)
    let average = Matrix(
      rows: target.rows, columns: 1, repeating: 1 / Double(target.rows))
    let inner = members.multiplied(
      by: kernel.product(source.features, source.features, members), transposingSelf: true)
    let attraction = members.multiplied(
      by: kernel.product(source.features, target, average), transposingSelf: true)
    let slack = bound / (4 * Double(source.count).squareRoot())  // (5)
    let shares = classes.map { counts[$0] / Double(source.count) }
    var program = MatchingProgram(
      rows: { inner.selecting(rows: $0) }, attraction: attraction.elements,
      bounds: shares.map { bound * $0 },
      sums: 1 - slack...1 + slack)
    program.tolerance = 1e-13
    let (solved, masses) = (program, shares)
    let mass = try MethodError.step("kernel means") { () throws(LinearAlgebraError) in
      try solved.solution()  // (4), in π_c w_c
    }
    var ratios = [Double](repeating: 1, count: source.classCount)
    for (place, label) in classes.enumerated() { ratios[label] = mass[place] / masses[place] }
    return ratios
  }

  /// The part of each sample: every class is dealt out in a random order.
  private static func folds(of labels: [Int], count: Int, key: RandomKey) -> [Int] {
    var stream = RandomStream(key)
    let order = stream.permutation(labels.count)
    let dealt = order.indices.sorted { (labels[order[$0]], $0) < (labels[order[$1]], $1) }
    var folds = [Int](repeating: 0, count: labels.count)
    for (place, index) in dealt.enumerated() { folds[order[index]] = place % count }
    return folds
  }
}
