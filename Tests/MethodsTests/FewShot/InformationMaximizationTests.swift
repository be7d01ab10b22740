import Domains
import Foundation
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct InformationMaximizationTests {
  private func adapted(
    _ method: InformationMaximization, _ golden: AdaptationGolden.Features
  ) throws -> LinearClassifier {
    let support = golden.support
    let means = try NearestMean().fit(
      features: support.features, labels: support.labels, classCount: 3, weights: nil,
      key: RandomKey(seed: 0))
    return method.adapt(means, shots: support, samples: Matrix(golden.samples))
  }

  /// What the samples say of their classes: the marginal entropy less the conditional one.
  private func information(_ model: LinearClassifier, _ samples: Matrix<Double>) -> Double {
    func entropy(_ shares: some Sequence<Double>) -> Double {
      shares.reduce(0) { $0 - $1 * log($1) }
    }
    let probabilities = model.probabilities(of: samples)
    let conditional = (0..<samples.rows).reduce(0) { $0 + entropy(probabilities.row($1)) }
    return entropy(probabilities.columnMeans) - conditional / Double(samples.rows)
  }

  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().features
    let method = InformationMaximization()
    let model = try adapted(method, golden)
    let found = model.probabilities(of: Matrix(golden.queries))
    #expect(relativeDifference(found, Matrix(golden.informed)) < 1e-9)
    #expect(
      abs(information(model, Matrix(golden.samples)) - golden.information[1]) < 1e-9)
  }

  @Test func samplesTellMoreOfTheirClasses() throws {
    let golden = try AdaptationGolden.read().features
    let samples = Matrix(golden.samples)
    let gains = try [0, 20, 100].map { steps in
      var method = InformationMaximization()
      method.steps = steps
      return information(try adapted(method, golden), samples)
    }
    #expect(abs(gains[0] - golden.information[0]) < 1e-9)
    #expect(gains[1] > gains[0] && gains[2] > gains[1])
  }

  /// The shots' term keeps the shots with their classes.
  @Test func shotsKeepTheirClasses() throws {
    let golden = try AdaptationGolden.read().features
    let losses = try [0, 10].map { weight in
      var method = InformationMaximization()
      method.shotWeight = weight
      let found = try adapted(method, golden).probabilities(of: Matrix(golden.shots))
      return golden.shotLabels.enumerated().reduce(0) { $0 - log(found[$1.0, $1.1]) }
    }
    #expect(losses[1] < 0.9 * losses[0])
  }
}
