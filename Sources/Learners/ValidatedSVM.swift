public import LinearAlgebra
public import Randomness

/// Linear support vector machine whose C is chosen by folds of its own training samples.
///
/// The best C differs by powers of ten between representations of the same samples, and papers
/// that compare representations let each have its own:
///
/// ```
/// C = c / u,   u = (1/n) Σ_i ‖x_i − x̄‖²                             (1)
/// c = argmax over the candidates of Σ_k right(k, C), the least on ties   (2)
/// ```
///
/// right(k, C) is the weight of the samples of fold k that the machine of the other folds names
/// rightly. The j-th sample of each class is in fold j mod K. By (1) neither the unit of the
/// features nor their origin matters. Where d > n the folds see the samples' coordinates in the
/// space they span, which have the same inner products.
///
/// - Complexity: that of `KernelSVM` for every candidate and fold, and O(n³) where d > n.
public struct ValidatedSVM: Learner {
  /// The values of c that are tried, above 0 and ascending.
  public var candidates = [0.1, 0.3, 1, 3, 10, 30]
  /// K, the number of folds; at least 2.
  public var folds = 5
  /// libsvm's stopping tolerance.
  public var tolerance = 1e-3

  /// The learner at its defaults.
  public init() {}

  /// Chooses C by (2) and fits the machine to all samples; the key is not drawn from.
  ///
  /// Where a class has a single sample no fold could be judged: c is 1.
  ///
  /// - Throws: `noSamples`, `unusableWeights`, or `notFinite` where a feature is not or the squares
  ///   of all have no finite sum.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> KernelSVMModel {
    precondition(folds >= 2, "Folds are at least two.")
    precondition(
      !candidates.isEmpty && candidates.allSatisfy { $0 > 0 }, "Candidates for c are positive.")
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    let cost = try chosenCost(training, key)
    return try machine(cost).fit(
      features: features, labels: labels, classCount: classCount, weights: weights, key: key)
  }

  private func machine(_ cost: Double) -> KernelSVM {
    var machine = KernelSVM(cost: cost, kernel: .linear)
    machine.tolerance = tolerance
    return machine
  }

  private func chosenCost(
    _ training: TrainingSet, _ key: RandomKey
  ) throws(LearnerError) -> Double {
    let spread = training.features.centred.frobeniusNorm
    let square = spread * spread / Double(training.features.rows)
    let unit = square > 0 && square.isFinite ? 1 / square : 1  // (1)
    var seen = [Int](repeating: 0, count: training.classes.count)
    var parts: [Int] = []
    for label in training.labels {
      parts.append(seen[label] % folds)
      seen[label] += 1
    }
    guard seen.count > 1, seen.allSatisfy({ $0 > 1 }) else { return unit }
    let samples = try Self.coordinates(training.features)
    var best = (cost: unit, right: -1.0)
    for candidate in candidates {
      let machine = machine(candidate * unit)
      var right = 0.0
      for part in 0..<folds {
        right += try Self.right(machine, training, samples, parts.map { $0 == part }, key)
      }
      if right > best.right { best = (machine.cost, right) }  // (2)
    }
    return best.cost
  }

  /// The weight of the held-out samples that the machine of the others names rightly.
  private static func right(
    _ machine: KernelSVM, _ training: TrainingSet, _ samples: Matrix<Double>, _ isHeld: [Bool],
    _ key: RandomKey
  ) throws(LearnerError) -> Double {
    let (held, kept) = (
      isHeld.indices.filter { isHeld[$0] }, isHeld.indices.filter { !isHeld[$0] }
    )
    guard !held.isEmpty else { return 0 }
    let model = try machine.fit(
      features: samples.selecting(rows: kept), labels: kept.map { training.labels[$0] },
      classCount: training.classes.count,
      weights: training.weights.map { all in kept.map { all[$0] } },
      key: key)
    let probabilities = model.probabilities(of: samples.selecting(rows: held))
    var right = 0.0
    for (place, row) in held.enumerated() {
      let scores = probabilities.row(place)
      var winner = scores.startIndex
      for index in scores.indices where scores[index] > scores[winner] { winner = index }
      if winner - scores.startIndex == training.labels[row] {
        right += training.weights?[row] ?? 1
      }
    }
    return right
  }

  /// Samples of no more columns than rows, with the inner products of those given.
  private static func coordinates(
    _ features: Matrix<Double>
  ) throws(LearnerError) -> Matrix<Double> {
    guard features.columns > features.rows else { return features }
    do {
      let eigen = try features.outerGram.symmetricEigen()
      return eigen.vectors.scaled(columns: eigen.values.map { max($0, 0).squareRoot() })
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
