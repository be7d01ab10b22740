import Foundation
public import LinearAlgebra
public import Randomness

/// A mixture of Gaussians with diagonal covariances, fitted by expectation and maximisation.
///
/// A. P. Dempster, N. M. Laird, D. B. Rubin. "Maximum Likelihood from Incomplete Data via the EM
/// Algorithm." Journal of the Royal Statistical Society B 39(1), 1977. With a conjugate prior
/// about a given mixture: J.-L. Gauvain, C.-H. Lee. "Maximum a Posteriori Estimation for
/// Multivariate Gaussian Mixture Observations of Markov Chains." IEEE Transactions on Speech
/// and Audio Processing 2(2), 1994.
///
/// ```
/// p(x) = Σ_k w_k Π_j N(x_j; μ_kj, σ²_kj)                                    (1)
/// r_ik = w_k N(x_i; μ_k, σ²_k) / p(x_i),   n_k = Σ_i r_ik                    (2)
/// w_k = (n_k + ρ K w⁰_k) / (n + ρ K)                                        (3)
/// μ_k = (Σ_i r_ik x_i + ρ μ⁰_k) / (n_k + ρ)                                  (4)
/// σ²_k = (Σ_i r_ik x_i² + ρ (σ⁰_k² + μ⁰_k²)) / (n_k + ρ) − μ_k² + δ           (5)
/// δ = ridge · mean of the columns' variances                               (6)
/// ```
///
/// ρ is 0 without a prior. (2) needs one product of the n × 2d matrix (x², x) with 2d × K
/// coefficients, and the sums of (3) to (5) one with the responsibilities.
///
/// - Complexity: O(n d K) an iteration.
public struct GaussianMixture: Sendable {
  /// K, the number of components.
  public var clusterCount: Int
  /// What is added to each variance, relative to the mean variance of the columns. (6)
  public var ridge = 0.01
  /// How many starts of the k-means from which the iteration starts.
  public var restarts = 10
  /// The iteration ends where the mean log posterior changes by no more.
  public var tolerance = 1e-4
  /// The largest number of iterations.
  public var maximumIterations = 200

  /// A mixture about which the one sought is expected.
  public struct Prior: Sendable, Hashable {
    /// w⁰, μ⁰ and σ⁰².
    public let mixture: GaussianMixtureModel
    /// ρ, the samples that each of its components counts for.
    public let relevance: Double

    /// A prior of that strength, which is not negative.
    public init(_ mixture: GaussianMixtureModel, relevance: Double) {
      precondition(relevance >= 0, "The strength of a prior is not negative.")
      self.mixture = mixture
      self.relevance = relevance
    }
  }

  /// The mixture of that many components.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one component.")
    clusterCount = clusters
  }

  /// Fits the mixture to n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - initial: the mixture to start from; nil starts from the clusters of k-means.
  ///   - prior: a mixture of as many components; nil is none.
  ///   - key: names the draws of the start.
  /// - Returns: the mixture that the iteration ended at.
  /// - Throws: `noSamples` or `notFinite`.
  public func fit(
    _ features: Matrix<Double>, initial: GaussianMixtureModel? = nil, prior: Prior? = nil,
    key: RandomKey
  ) throws(LearnerError) -> GaussianMixtureModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    for given in [initial, prior?.mixture] {
      precondition(
        given.map { $0.means.rows == clusterCount && $0.means.columns == features.columns } ?? true,
        "A given mixture has as many components as the one sought, and its features.")
    }
    let centre = features.columnMeans
    let design = squaresAndValues(features.subtracting(row: centre))
    let anchor = prior.map { ($0.mixture.moved(by: centre.map(-)), $0.relevance) }
    let floor = self.floor(features)
    var model: GaussianMixtureModel
    if let initial {
      model = initial.moved(by: centre.map(-))
    } else {
      var start = KMeans(clusters: clusterCount)
      start.restarts = restarts
      let clusters = try start.fit(features, key: key.child("start")).clusters(of: features)
      var memberships = Matrix<Double>(rows: features.rows, columns: clusterCount)
      for (row, cluster) in clusters.enumerated() { memberships[row, cluster] = 1 }
      let whole = GaussianMixtureModel(  // for components that no sample belongs to
        weights: Array(repeating: 0, count: clusterCount),
        means: Matrix(rows: clusterCount, columns: features.columns),
        variances: Matrix(rows: clusterCount, columns: features.columns, repeating: floor))
      model = maximise(memberships, design, whole, anchor, floor)
    }
    var last = -Double.infinity
    var iterations = 0
    while iterations < maximumIterations {
      let (memberships, likelihood) = model.expectation(design)
      let objective = likelihood + logPrior(model, anchor) / Double(features.rows)
      if abs(objective - last) <= tolerance { break }
      last = objective
      model = maximise(memberships, design, model, anchor, floor)
      iterations += 1
    }
    var fitted = model.moved(by: centre)
    fitted.iterations = iterations
    return fitted
  }

  /// δ; where no column varies, the variance is taken as 1.
  private func floor(_ features: Matrix<Double>) -> Double {
    let deviations = features.columnStandardDeviations
    let mean = deviations.reduce(0) { $0 + $1 * $1 } / Double(max(deviations.count, 1))
    return ridge * (mean > 0 ? mean : 1)  // (6)
  }

  private func maximise(
    _ memberships: Matrix<Double>, _ design: Matrix<Double>, _ last: GaussianMixtureModel,
    _ prior: (mixture: GaussianMixtureModel, relevance: Double)?, _ floor: Double
  ) -> GaussianMixtureModel {
    let moments = memberships.multiplied(by: design, transposingSelf: true)
    let counts = memberships.columnSums
    let columns = design.columns / 2
    let relevance = prior?.relevance ?? 0
    let total = Double(design.rows) + relevance * Double(clusterCount)
    var model = last
    for cluster in 0..<clusterCount {
      let priorWeight = prior?.mixture.weights[cluster] ?? 0
      model.weights[cluster] =
        (counts[cluster] + relevance * Double(clusterCount) * priorWeight) / total  // (3)
      let count = counts[cluster] + relevance
      // A component without samples stays where it is.
      guard count > 1e-12 else { continue }
      for column in 0..<columns {
        var square = moments[cluster, column]
        var value = moments[cluster, columns + column]
        if let prior {
          let mean = prior.mixture.means[cluster, column]
          value += relevance * mean
          square += relevance * (prior.mixture.variances[cluster, column] + mean * mean)
        }
        let mean = value / count
        model.means[cluster, column] = mean  // (4)
        model.variances[cluster, column] = max(square / count - mean * mean, 0) + floor  // (5)
      }
    }
    return model
  }

  /// The logarithm of the prior's density, without its constant.
  private func logPrior(
    _ model: GaussianMixtureModel, _ prior: (mixture: GaussianMixtureModel, relevance: Double)?
  ) -> Double {
    guard let (mixture, relevance) = prior, relevance > 0 else { return 0 }
    var sum = 0.0
    for cluster in 0..<clusterCount {
      if mixture.weights[cluster] > 0 {
        sum +=
          relevance * Double(clusterCount) * mixture.weights[cluster] * log(model.weights[cluster])
      }
      for column in 0..<mixture.means.columns {
        let variance = model.variances[cluster, column]
        let difference = model.means[cluster, column] - mixture.means[cluster, column]
        sum -=
          relevance / 2
          * (log(variance) + (mixture.variances[cluster, column] + difference * difference)
            / variance)
      }
    }
    return sum
  }
}

/// A fitted mixture of Gaussians with diagonal covariances.
public struct GaussianMixtureModel: Clustering, Hashable {
  /// w, which sums to 1.
  public internal(set) var weights: [Double]
  /// μ, K × d.
  public internal(set) var means: Matrix<Double>
  /// σ², K × d, each positive.
  public internal(set) var variances: Matrix<Double>
  /// The number of iterations made.
  public internal(set) var iterations = 0

  /// A mixture of given parameters.
  public init(weights: [Double], means: Matrix<Double>, variances: Matrix<Double>) {
    precondition(
      weights.count == means.rows && means.rows == variances.rows
        && means.columns == variances.columns,
      "A mixture has a weight, a mean and variances for each component.")
    self.weights = weights
    self.means = means
    self.variances = variances
  }

  /// The component that most probably made each of n samples, the lowest on ties.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    let centre = means.columnMeans
    let joint = moved(by: centre.map(-))
      .logJoint(squaresAndValues(features.subtracting(row: centre)))
    return joint.elements.withUnsafeBufferPointer { entries in
      (0..<joint.rows).map { row in
        let start = row * joint.columns
        var best = 0
        for column in 1..<max(joint.columns, 1)
        where entries[start + column] > entries[start + best] {
          best = column
        }
        return best
      }
    }
  }

  /// The mean over n samples of log p(x). (1)
  public func meanLogLikelihood(of features: Matrix<Double>) -> Double {
    let centre = means.columnMeans
    return moved(by: centre.map(-))
      .expectation(squaresAndValues(features.subtracting(row: centre))).likelihood
  }

  func moved(by shift: [Double]) -> GaussianMixtureModel {
    var moved = self
    moved.means = means.adding(row: shift)
    return moved
  }

  /// The responsibilities (2), n × K, and the mean log-likelihood.
  func expectation(_ design: Matrix<Double>) -> (memberships: Matrix<Double>, likelihood: Double) {
    var joint = logJoint(design)
    let totals = joint.rowLogSumExp
    let columns = joint.columns
    joint.elements.withUnsafeMutableBufferPointer { entries in
      for (row, total) in totals.enumerated() {
        for index in row * columns..<(row + 1) * columns { entries[index] -= total }
      }
    }
    return (joint.exponential(), totals.reduce(0, +) / Double(max(totals.count, 1)))  // (2)
  }

  /// log w_k N(x_i; μ_k, σ²_k), n × K.
  private func logJoint(_ design: Matrix<Double>) -> Matrix<Double> {
    let columns = means.columns
    var coefficients = Matrix<Double>(rows: means.rows, columns: 2 * columns)
    var constants = weights.map { log($0) }
    for cluster in 0..<means.rows {
      for column in 0..<columns {
        let (mean, variance) = (means[cluster, column], variances[cluster, column])
        coefficients[cluster, column] = -0.5 / variance
        coefficients[cluster, columns + column] = mean / variance
        constants[cluster] -= 0.5 * (mean * mean / variance + log(2 * Double.pi * variance))
      }
    }
    return design.multiplied(by: coefficients, transposingOther: true).adding(row: constants)
  }
}

/// (x², x) of each row, n × 2d.
private func squaresAndValues(_ features: Matrix<Double>) -> Matrix<Double> {
  features.map { $0 * $0 }.appending(columns: features)
}
