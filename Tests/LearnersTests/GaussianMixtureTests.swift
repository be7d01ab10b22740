import Foundation
import Learners
import LinearAlgebra
import Randomness
import Testing

@Suite struct GaussianMixtureTests {
  struct Values: Decodable, Sendable {
    let rows: Int
    let columns: Int
    let elements: [Double]
    var matrix: Matrix<Double> { Matrix(rows: rows, columns: columns, elements: elements) }
  }

  struct Parameters: Decodable, Sendable {
    let weights: [Double]
    let means: Values
    let variances: Values
    var model: GaussianMixtureModel {
      GaussianMixtureModel(weights: weights, means: means.matrix, variances: variances.matrix)
    }
  }

  /// Some steps of scikit-learn's EM.
  struct Trace: Decodable, Sendable {
    let features: Values
    let start: Parameters
    let ridge: Double
    let iterations: Int
    let weights: [Double]
    let means: Values
    let variances: Values
    let meanLogLikelihood: Double
  }

  static func algorithm(ridge: Double, iterations: Int) -> GaussianMixture {
    var algorithm = GaussianMixture(clusters: 3)
    algorithm.ridge = ridge
    algorithm.tolerance = -1
    algorithm.maximumIterations = iterations
    return algorithm
  }

  @Test func agreesWithScikitLearn() throws {
    let traces = try GoldenFile<Trace>.cases("gaussian-mixture")
    #expect(traces.count == 8)
    for trace in traces {
      let features = trace.features.matrix
      let found = try Self.algorithm(ridge: trace.ridge, iterations: trace.iterations)
        .fit(features, initial: trace.start.model, key: key)
      #expect(found.iterations == trace.iterations)
      #expect(largestDifference(found.weights, trace.weights) < 1e-8)
      #expect(largestDifference(found.means, trace.means.matrix) < 1e-8)
      #expect(largestDifference(found.variances, trace.variances.matrix) < 1e-8)
      #expect(abs(found.meanLogLikelihood(of: features) - trace.meanLogLikelihood) < 1e-8)
    }
  }

  /// Far from the origin no digit is lost.
  @Test func placeMakesNoDifference() throws {
    let trace = try #require(GoldenFile<Trace>.cases("gaussian-mixture").last)
    let features = trace.features.matrix
    let algorithm = GaussianMixture(clusters: 3)
    let near = try algorithm.fit(features, key: key)
    let far = try algorithm.fit(features.map { $0 + 1e6 }, key: key)
    #expect(near.clusters(of: features) == far.clusters(of: features.map { $0 + 1e6 }))
    #expect(largestDifference(near.variances, far.variances) < 1e-6)
  }

  /// A prior that counts for very many samples is the answer.
  @Test func strongPriorIsKept() throws {
    let trace = try #require(GoldenFile<Trace>.cases("gaussian-mixture").first)
    let prior = trace.start.model
    let found = try Self.algorithm(ridge: 1e-9, iterations: 20).fit(
      trace.features.matrix, initial: prior,
      prior: GaussianMixture.Prior(prior, relevance: 1e9), key: key)
    #expect(largestDifference(found.means, prior.means) < 1e-6)
    #expect(largestDifference(found.weights, prior.weights) < 1e-6)
    #expect(largestDifference(found.variances, prior.variances) < 1e-6)
  }

  /// No step makes the data less likely.
  @Test func likelihoodGrows() throws {
    let drawn = Drawn.clouds(200, features: 5, classes: 3, spread: 1)
    var last = -Double.infinity
    for iterations in 0..<20 {
      let model = try Self.algorithm(ridge: 1e-9, iterations: iterations)
        .fit(drawn.features, key: key)
      let likelihood = model.meanLogLikelihood(of: drawn.features)
      #expect(likelihood >= last - 1e-9)
      last = likelihood
    }
  }

  @Test func refusesWhatItCantLearnFrom() {
    let algorithm = GaussianMixture(clusters: 2)
    #expect(throws: LearnerError.noSamples) {
      try algorithm.fit(Matrix(rows: 0, columns: 2), key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try algorithm.fit(Matrix([[1, .nan]]), key: key)
    }
  }
}
