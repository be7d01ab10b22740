public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Label propagation: the source's labels spread over a graph of both domains' samples.
///
/// D. Zhou, O. Bousquet, T. N. Lal, J. Weston, B. Schölkopf. "Learning with Local and Global
/// Consistency." NIPS 2003. See `papers/zhou-2003-label-propagation.md`.
///
/// ```
/// W_ij = 1 where i is among the k nearest of j or j among those of i, W_ii = 0   (1)
/// S = D^(−½) W D^(−½),   D_ii = Σ_j W_ij                                  (2)
/// (I − αS) F = (1 − α) Y,   Y_ic = 1 for the source's samples of class c  (3)
/// p_c(i) = F_ic / Σ_b F_ib                                                (4)
/// ```
///
/// (3) is the limit of F ← αSF + (1 − α)Y. It is solved by conjugate gradients for all classes at
/// once, to a residual of 1e-10 of the right side; only the edges of the graph are held.
///
/// The directed graph, W_ij = 1 where j is among the k nearest of i, with D_ii = Σ_j W_ji, is that
/// of scikit-learn's `knn` kernel. Its I − αS is not symmetric: there F ← αSF + (1 − α)Y is
/// iterated until no entry moves by more than 1e-12.
///
/// - Complexity: O(n² d) for the neighbours, in blocks; O(n k C) an iteration, of which there are
///   about (1 / (1 − α))^½ · 10.
/// - Deviations: a sample that no label reaches, in a part of the graph without source samples,
///   takes the label of the nearest source sample. A new sample takes the mean of (4) over its k
///   nearest samples, of both domains.
public struct LabelPropagation: TransductiveMethod {
  /// Which edges the graph has.
  public enum Graph: String, ParameterChoice {
    /// Both ways where either is near the other (1).
    case symmetric
    /// From each sample to its nearest ones.
    case directed
  }

  /// α.
  public var alpha = 0.99
  /// k.
  public var neighbours = 10
  /// Which edges the graph has.
  public var graph = Graph.symmetric

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "label-propagation", title: "Label propagation", family: .alignment(.subspace),
    paper: "zhou-2003-label-propagation")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "alpha", \.alpha, in: 0...0.9999, grid: [0.5, 0.9, 0.99, 0.999],
      help: "α, how much a sample takes from its neighbours."),
    .integer(
      "neighbours", \.neighbours, in: 1...10_000, grid: [3, 5, 10, 20],
      help: "k, the neighbours that a sample is joined to."),
    .choice("graph", \.graph, help: "Whether edges go both ways or only to the nearest ones."),
  ]

  /// The reference asks the nearest source samples.
  public static let referenceAssignments = [
    Assignment("learner", .choice(LearnerChoice.nearestNeighbours.rawValue))
  ]

  /// Spreads the source's labels over both domains.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let pooled = source.features.appending(rows: target.features)
    guard pooled.frobeniusNorm.isFinite else { throw .learner(.notFinite) }
    var answers = try spread(source.labels, over: pooled, classCount: source.classCount)
    let sums = answers.rowSums
    let unreached = sums.indices.filter { !(sums[$0] > 0) }
    let nearest = NeighbourSearch(points: source.features)
      .nearest(to: pooled.selecting(rows: unreached))
    for (place, row) in unreached.enumerated() {
      answers[row, source.labels[nearest[place]]] = 1
    }
    answers = answers.scaled(rows: answers.rowSums.map { 1 / $0 })  // (4)
    return SpreadLabels(
      pooled: pooled, answers: answers, firstTarget: source.count, neighbours: neighbours)
  }

  /// F, n × C: zeros in a row that no label reaches.
  func spread(
    _ labels: [Int], over pooled: Matrix<Double>, classCount: Int
  ) throws(MethodError) -> Matrix<Double> {
    var right = Matrix<Double>(rows: pooled.rows, columns: classCount)
    for (row, label) in labels.enumerated() { right[row, label] = 1 - alpha }
    let nearest = NeighbourGraph(pooled, neighbourCount: neighbours)  // (1)
    switch graph {
    case .symmetric: return conjugateGradients(nearest.symmetrized.normalized, right)  // (2)
    case .directed: return try iterated(nearest.dividedByInDegrees, right)
    }
  }

  /// (3) by conjugate gradients, one step length a class.
  private func conjugateGradients(
    _ graph: NeighbourGraph, _ right: Matrix<Double>
  ) -> Matrix<Double> {
    var solution = right
    var residual = right - applied(graph, to: right)
    var direction = residual
    var norms = columnDots(residual, residual)
    let limits = columnDots(right, right).map { $0 * 1e-20 }
    for _ in 0..<10_000 {
      if zip(norms, limits).allSatisfy({ $0 <= $1 }) { break }
      let image = applied(graph, to: direction)
      let curvatures = columnDots(direction, image)
      let lengths = norms.indices.map {
        norms[$0] > limits[$0] ? norms[$0] / curvatures[$0] : 0
      }
      solution = solution + direction.scaled(columns: lengths)
      residual = residual - image.scaled(columns: lengths)
      let next = columnDots(residual, residual)
      let shares = norms.indices.map { norms[$0] > limits[$0] ? next[$0] / norms[$0] : 0 }
      direction = residual + direction.scaled(columns: shares)
      norms = next
    }
    // What rounding leaves of samples that no label reaches is not an answer.
    return solution.map { $0 > 1e-12 * (1 - alpha) ? $0 : 0 }
  }

  /// (I − αS) F.
  private func applied(_ graph: NeighbourGraph, to values: Matrix<Double>) -> Matrix<Double> {
    values - graph.multiplied(by: values) * alpha
  }

  /// (3) by its iteration.
  private func iterated(
    _ graph: NeighbourGraph, _ right: Matrix<Double>
  ) throws(MethodError) -> Matrix<Double> {
    var values = right
    let limit = 400_000
    for _ in 0..<limit {
      let next = graph.multiplied(by: values) * alpha + right
      let change = zip(next.elements, values.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
      values = next
      if change <= 1e-12 * (1 - alpha) { return values }
    }
    throw .notConverged(step: "label propagation", iterations: limit)
  }
}

/// Σ_i a_ij b_ij of each column j.
private func columnDots(_ left: Matrix<Double>, _ right: Matrix<Double>) -> [Double] {
  left.zip(right) { $0 * $1 }.columnSums
}

extension NeighbourGraph {
  /// The graph with its weights divided by the roots of the sums of what leads to both ends.
  fileprivate var dividedByInDegrees: NeighbourGraph {
    var sums = [Double](repeating: 0, count: count)
    for edge in edges { sums[edge.target] += edge.weight }
    let scales = sums.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
    return NeighbourGraph(
      rows: (0..<count).map { sample in
        edges(of: sample).map {
          Edge(target: $0.target, weight: scales[sample] * $0.weight * scales[$0.target])
        }
      })
  }
}

/// The answers (4) of the fitted samples, and through them of new ones.
private struct SpreadLabels: Classifier {
  private let search: NeighbourSearch
  /// The answers of both domains' samples, n × C.
  private let answers: Matrix<Double>
  /// The row of the first target sample.
  private let firstTarget: Int
  private let neighbours: Int
  private let target: Matrix<Double>
  /// What `probabilities(of: target)` are, without a search.
  private let targetAnswers: Matrix<Double>

  init(pooled: Matrix<Double>, answers: Matrix<Double>, firstTarget: Int, neighbours: Int) {
    search = NeighbourSearch(points: pooled)
    self.answers = answers
    self.firstTarget = firstTarget
    self.neighbours = neighbours
    target = pooled.selecting(rows: Array(firstTarget..<pooled.rows))
    // A sample's nearest are those equal to it, the lowest rows first.
    var equals: [[Double]: [Int]] = [:]
    for row in 0..<pooled.rows { equals[Array(pooled.row(row)), default: []].append(row) }
    var found = Matrix<Double>(rows: target.rows, columns: answers.columns)
    for row in 0..<target.rows {
      let nearest = (equals[Array(target.row(row))] ?? []).prefix(neighbours)
      let same = nearest.filter { $0 >= firstTarget }
      found.setRow(row, toMeanOf: answers, rows: same.isEmpty ? Array(nearest) : same)
    }
    targetAnswers = found
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    if features == target { return targetAnswers }
    var result = Matrix<Double>(rows: features.rows, columns: answers.columns)
    for (row, found) in search.nearest(neighbours, to: features).enumerated() {
      let same = found.filter { $0.squaredDistance == 0 && $0.index >= firstTarget }
      result.setRow(
        row, toMeanOf: answers, rows: (same.isEmpty ? found : same).map(\.index))
    }
    return result
  }
}

extension Matrix<Double> {
  /// Adds to one row of zeros the mean of some rows of another matrix.
  fileprivate mutating func setRow(_ row: Int, toMeanOf other: Matrix<Double>, rows: [Int]) {
    for index in rows {
      for column in 0..<columns { self[row, column] += other[index, column] / Double(rows.count) }
    }
  }
}
