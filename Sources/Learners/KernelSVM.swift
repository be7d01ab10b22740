internal import CSVM
public import LinearAlgebra
public import Randomness

/// Kernel support vector machine, one class against another.
///
/// C. Cortes, V. Vapnik. "Support-Vector Networks." Machine Learning 20, 1995. Solved by libsvm
/// (C.-C. Chang, C.-J. Lin, ACM TIST 2, 2011) or, with weights or many samples, by `WeightedDual`, for every
/// pair of classes a and b:
///
/// ```
/// minimise over α:  ½ Σ_ij α_i α_j z_i z_j k(x_i, x_j) − Σ_i α_i,
///                   0 ≤ α_i ≤ C,  Σ_i α_i z_i = 0,  z = 1 for a and −1 for b   (1)
/// f_ab(x) = Σ_i α_i z_i k(x_i, x) − ρ_ab                                       (2)
/// v_a(x) = |{b : f_ab(x) > 0}|,   t_a(x) = Σ_b f_ab(x)                         (3)
/// s_a = v_a + t_a / (3 (|t_a| + 1)),   p_a = exp s_a / Σ_k exp s_k             (4)
/// ```
///
/// The class with most votes v is predicted, the lowest on ties: libsvm's own rule. (4) adds
/// less than ⅓ of a vote for the margins, and a class tied with the winner never scores more
/// than it. Two classes have p = 1 / (1 + exp(−f)). These are no calibrated probabilities:
/// libsvm's own come from a cross-validation with the C library's random numbers.
///
/// - Complexity: between O(n² d) and O(n³) to fit, O(s d) a sample for s support vectors.
public struct KernelSVM: Learner {
  /// C, the upper bound of every α; above 0.
  public var cost = 1.0
  /// The kernel k; nil is the radial basis function with γ = 1 / (d · the variance of all
  /// features' entries), scikit-learn's "scale".
  public var kernel: KernelFunction<Double>?
  /// libsvm's stopping tolerance.
  public var tolerance = 1e-3
  /// The size of the cache of kernel rows, in MiB.
  public var cacheSize = 200.0
  /// Up to this many samples the kernel is computed at once, by a matrix product.
  ///
  /// It is handed to libsvm and takes 16 bytes an entry: 144 MB at 3,000 samples. With more samples
  /// `WeightedDual` computes it row by row: libsvm would do so by sparse products, several times slower on
  /// samples that have every feature.
  public var largestPrecomputed = 3000

  /// The learner with a cost and a kernel.
  public init(cost: Double = 1, kernel: KernelFunction<Double>? = nil) {
    self.cost = cost
    self.kernel = kernel
  }

  /// Solves (1) for each pair of classes; the key is not drawn from.
  ///
  /// A weight w bounds its sample's α by w C.
  ///
  /// - Throws: `noSamples`, `unusableWeights`, or `notFinite` where a feature is not or the squares
  ///   of all have no finite sum.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> KernelSVMModel {
    precondition(cost > 0, "The cost of a support vector machine is positive.")
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    let kernel = kernel ?? .rbf(gamma: Self.scaledGamma(training.features))
    guard training.classes.count > 1 else {
      return KernelSVMModel(
        kernel: kernel, supports: Matrix(rows: 0, columns: features.columns),
        coefficients: Matrix(rows: 0, columns: 0), thresholds: [], classes: training.classes,
        classCount: classCount)
    }
    let isLarge = training.features.rows > largestPrecomputed
    let model =
      if training.weights != nil || isLarge {
        solve(
          training, kernel,
          weights: training.weights ?? Array(repeating: 1, count: training.labels.count))
      } else {
        solve(training, kernel)
      }
    guard model.coefficients.isFinite, model.thresholds.allSatisfy(\.isFinite) else {
      throw .notFinite
    }
    return model
  }

  /// 1 / (d · variance of all entries); 1 where they don't vary.
  public static func scaledGamma(_ features: Matrix<Double>) -> Double {
    let count = Double(max(features.elements.count, 1))
    let mean = features.elements.reduce(0, +) / count
    let variance = features.elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let gamma = 1 / (Double(features.columns) * variance)
    return gamma.isFinite && gamma > 0 ? gamma : 1
  }

  private func solve(
    _ training: TrainingSet, _ kernel: KernelFunction<Double>
  ) -> KernelSVMModel {
    // libsvm numbers classes by first appearance: here in ascending order.
    let (features, labels) = training.sortedByClass
    let count = features.rows
    let entries = kernel.matrix(features)
    let width = count + 1
    var nodes: [svm_node] = []
    nodes.reserveCapacity(count * width)
    for row in 0..<count {
      // libsvm wants a precomputed row to begin with its own number.
      nodes.append(svm_node(index: 0, value: Double(row + 1)))
      for (index, value) in entries.row(row).enumerated() {
        nodes.append(svm_node(index: Int32(index + 1), value: value))
      }
    }
    var targets = labels.map(Double.init)
    var settings = settings
    svm_set_print_string_function { _ in }
    return nodes.withUnsafeMutableBufferPointer { nodes in
      targets.withUnsafeMutableBufferPointer { targets in
        var starts = (0..<count).map { row in
          nodes.baseAddress.map { $0 + row * width }
        }
        return starts.withUnsafeMutableBufferPointer { starts in
          var problem = svm_problem()
          problem.l = Int32(count)
          problem.y = targets.baseAddress
          problem.x = starts.baseAddress
          var solved = svm_train(&problem, &settings)
          defer { svm_free_and_destroy_model(&solved) }
          return model(solved?.pointee, features, training, kernel)
        }
      }
    }
  }

  /// Solves (1) with a bound for each sample, which libsvm doesn't know, and with rows of the kernel as they
  /// are needed.
  private func solve(
    _ training: TrainingSet, _ kernel: KernelFunction<Double>, weights: [Double]
  ) -> KernelSVMModel {
    let classes = training.classes
    let features = training.features
    var coefficients = Matrix<Double>(
      rows: features.rows, columns: classes.count * (classes.count - 1) / 2)
    var thresholds: [Double] = []
    for first in classes.indices {
      for second in classes.indices.dropFirst(first + 1) {
        let rows = training.labels.indices.filter {
          training.labels[$0] == first || training.labels[$0] == second
        }
        let part = features.selecting(rows: rows)
        let signs = rows.map { training.labels[$0] == first ? 1.0 : -1 }
        let whole = rows.count <= largestPrecomputed ? kernel.matrix(part) : nil
        let held = KernelRows(kernel, of: part, size: cacheSize)
        let program = WeightedDual(
          signs: signs, bounds: rows.map { cost * weights[$0] },
          diagonal: whole.map { whole in rows.indices.map { whole[$0, $0] } }
            ?? rows.indices.map { kernel.matrix(part.selecting(rows: [$0])).elements[0] },
          row: { whole?.row($0) ?? held.row($0) }, tolerance: tolerance)
        let (solution, threshold) = program.solution()
        for (place, row) in rows.enumerated() {
          coefficients[row, thresholds.count] = solution[place] * signs[place]
        }
        thresholds.append(threshold)
      }
    }
    let supports = (0..<features.rows).filter { row in
      coefficients.row(row).contains { $0 != 0 }
    }
    return KernelSVMModel(
      kernel: kernel, supports: features.selecting(rows: supports),
      coefficients: coefficients.selecting(rows: supports), thresholds: thresholds,
      classes: classes, classCount: training.classCount)
  }

  private var settings: svm_parameter {
    var settings = svm_parameter()
    settings.svm_type = Int32(C_SVC)
    settings.kernel_type = Int32(PRECOMPUTED)
    settings.cache_size = cacheSize
    settings.eps = tolerance
    settings.C = cost
    settings.shrinking = 1
    return settings
  }

  /// libsvm's solution: the coefficients of each pair spread over one column each.
  private func model(
    _ solved: svm_model?, _ features: Matrix<Double>, _ training: TrainingSet,
    _ kernel: KernelFunction<Double>
  ) -> KernelSVMModel {
    let classes = training.classes
    let pairs = classes.count * (classes.count - 1) / 2
    guard let solved, let rows = solved.sv_indices, let counts = solved.nSV,
      let shared = solved.sv_coef, let rho = solved.rho
    else { preconditionFailure("libsvm returned no model.") }
    let supports = (0..<Int(solved.l)).map { Int(rows[$0]) - 1 }
    var coefficients = Matrix<Double>(rows: supports.count, columns: pairs)
    var starts = [0]
    for place in classes.indices { starts.append(starts[place] + Int(counts[place])) }
    var pair = 0
    for first in classes.indices {
      for second in classes.indices.dropFirst(first + 1) {
        // Samples of a class hold their coefficient against the other in one row fewer.
        for support in starts[first]..<starts[first + 1] {
          coefficients[support, pair] = shared[second - 1]?[support] ?? 0
        }
        for support in starts[second]..<starts[second + 1] {
          coefficients[support, pair] = shared[first]?[support] ?? 0
        }
        pair += 1
      }
    }
    return KernelSVMModel(
      kernel: kernel, supports: features.selecting(rows: supports), coefficients: coefficients,
      thresholds: (0..<pairs).map { rho[$0] }, classes: classes, classCount: training.classCount)
  }
}

/// The rows of a kernel between samples, of which the last ones computed are kept.
private final class KernelRows {
  private let kernel: KernelFunction<Double>
  private let samples: Matrix<Double>
  private let squaredNorms: [Double]
  /// How many rows are kept.
  private let capacity: Int
  private var rows: [ArraySlice<Double>?]
  /// The rows kept, in a ring.
  private var kept: [Int] = []
  private var oldest = 0

  /// A cache of `size` MiB.
  init(_ kernel: KernelFunction<Double>, of samples: Matrix<Double>, size: Double) {
    self.kernel = kernel
    self.samples = samples
    squaredNorms = samples.rowSquaredNorms
    rows = Array(repeating: nil, count: samples.rows)
    let fitting = size * 1_048_576 / Double(8 * max(samples.rows, 1))
    capacity = max(2, Int(min(fitting, Double(samples.rows))))
  }

  func row(_ index: Int) -> ArraySlice<Double> {
    if let row = rows[index] { return row }
    let row = computed(index)[...]
    if kept.count < capacity {
      kept.append(index)
    } else {
      rows[kept[oldest]] = nil
      kept[oldest] = index
      oldest = (oldest + 1) % capacity
    }
    rows[index] = row
    return row
  }

  private func computed(_ index: Int) -> [Double] {
    guard case .rbf(let gamma) = kernel else {
      return kernel.matrix(samples.selecting(rows: [index]), samples).elements
    }
    let norm = squaredNorms[index]
    var distances = samples.multiplied(by: Array(samples.row(index)))
    distances.withUnsafeMutableBufferPointer { distances in
      squaredNorms.withUnsafeBufferPointer { norms in
        for other in distances.indices {
          distances[other] = max(0, norm + norms[other] - 2 * distances[other])
        }
      }
    }
    return Matrix(rows: 1, columns: distances.count, elements: distances)
      .exponential(scaledBy: -gamma).elements
  }
}

/// The classifier that lets every pair of classes vote.
public struct KernelSVMModel: Classifier, Hashable {
  /// The kernel k.
  public let kernel: KernelFunction<Double>
  /// The s support vectors, s × d.
  public let supports: Matrix<Double>
  /// α_i z_i for each pair of classes, s × pairs; the pairs run (0, 1), (0, 2), …, (1, 2).
  public let coefficients: Matrix<Double>
  /// ρ of each pair.
  public let thresholds: [Double]
  /// The classes that can be named, ascending.
  public let classes: [Int]
  /// C, the number of classes of the task.
  public let classCount: Int

  /// A classifier of s support vectors with their coefficients in every pair of `classes`.
  public init(
    kernel: KernelFunction<Double>, supports: Matrix<Double>, coefficients: Matrix<Double>,
    thresholds: [Double], classes: [Int], classCount: Int
  ) {
    precondition(
      supports.rows == coefficients.rows && thresholds.count == coefficients.columns
        && thresholds.count == classes.count * (classes.count - 1) / 2,
      "Every pair of classes has one coefficient a support vector, and one threshold.")
    self.kernel = kernel
    self.supports = supports
    self.coefficients = coefficients
    self.thresholds = thresholds
    self.classes = classes
    self.classCount = classCount
  }

  /// The decision values (2) of n samples, n × pairs.
  public func decisions(of features: Matrix<Double>) -> Matrix<Double> {
    kernel.matrix(features, supports).multiplied(by: coefficients)
      .subtracting(row: thresholds)
  }

  /// The class probabilities of n samples, n × C, by (3) and (4).
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    var scores = Matrix<Double>(rows: features.rows, columns: classes.count)
    if classes.count > 1 {
      let decisions = decisions(of: features)
      for row in 0..<features.rows {
        for (place, score) in scoresFromPairs(decisions.row(row)).enumerated() {
          scores[row, place] = score
        }
      }
    }
    return scores.rowSoftmax.spreading(columns: classes, over: classCount, filling: 0)
  }

  private func scoresFromPairs(_ decisions: ArraySlice<Double>) -> [Double] {
    if classes.count == 2 {
      return decisions.flatMap { [0.5 * $0, -0.5 * $0] }
    }
    var votes = [Double](repeating: 0, count: classes.count)
    var margins = votes
    var pair = decisions.startIndex
    for first in classes.indices {
      for second in classes.indices.dropFirst(first + 1) {
        votes[decisions[pair] > 0 ? first : second] += 1  // (3)
        margins[first] += decisions[pair]
        margins[second] -= decisions[pair]
        pair += 1
      }
    }
    var scores = Swift.zip(votes, margins).map { $0 + $1 / (3 * (abs($1) + 1)) }  // (4)
    var winner = 0
    for place in classes.indices where votes[place] > votes[winner] { winner = place }
    for place in classes.indices where votes[place] == votes[winner] {
      scores[place] = min(scores[place], scores[winner])
    }
    return scores
  }
}

extension KernelSVM {
  /// The version of libsvm, as in 3.24.
  public static var libraryVersion: String {
    "\(LIBSVM_VERSION / 100).\(LIBSVM_VERSION % 100)"
  }
}
