import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct LaplacianShotTests {
  private func prototypes(_ support: LabelledSample) throws -> NearestMeanModel {
    try NearestMean().fit(
      features: support.features, labels: support.labels, classCount: 3, weights: nil,
      key: RandomKey(seed: 0))
  }

  @Test func agreesWithSciPy() throws {
    let golden = try AdaptationGolden.read().features
    var method = LaplacianShot()
    method.strength = golden.strength
    method.neighbours = golden.neighbours
    method.updates = golden.updates
    let model = method.assign(Matrix(golden.samples), try prototypes(golden.support))
    #expect(relativeDifference(model.assignments, Matrix(golden.assignments)) < 1e-9)
    let found = model.probabilities(of: Matrix(golden.queries))
    #expect(relativeDifference(found, Matrix(golden.pulled)) < 1e-9)
  }

  /// The stronger the pull, the fewer samples have another class than their neighbours.
  @Test func pullMakesNeighboursAgree() throws {
    let golden = try AdaptationGolden.read().features
    let samples = Matrix(golden.samples)
    let graph = NeighbourGraph(samples, neighbourCount: 3)
    let prototypes = try prototypes(golden.support)
    let disagreements = [0, 0.5, 2].map { strength in
      var method = LaplacianShot()
      method.strength = strength
      let assigned = Predictions(probabilities: method.assign(samples, prototypes).assignments)
        .classes
      return (0..<samples.rows).reduce(0) { sum, sample in
        sum + graph.edges(of: sample).count { assigned[$0.target] != assigned[sample] }
      }
    }
    #expect(disagreements[1] < disagreements[0] && disagreements[2] < disagreements[1])
  }

  /// Without a pull it is the nearest class mean.
  @Test func withoutPullItIsTheNearestMean() throws {
    let golden = try AdaptationGolden.read().features
    let prototypes = try prototypes(golden.support)
    var method = LaplacianShot()
    method.strength = 0
    let queries = Matrix(golden.queries)
    let found = method.assign(Matrix(golden.samples), prototypes).probabilities(of: queries)
    #expect(relativeDifference(found, prototypes.probabilities(of: queries)) < 1e-12)
  }

  /// Once the updates change nothing more, a sample of the fit gets its assignment again.
  @Test func samplesOfTheFitKeepTheirAssignments() throws {
    let golden = try AdaptationGolden.read().features
    var method = LaplacianShot()
    method.updates = 500
    let samples = Matrix(golden.samples)
    let model = method.assign(samples, try prototypes(golden.support))
    #expect(relativeDifference(model.probabilities(of: samples), model.assignments) < 1e-9)
  }
}
