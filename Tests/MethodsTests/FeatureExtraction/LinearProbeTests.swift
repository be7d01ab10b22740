import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct LinearProbeTests {
  /// The same as a logistic regression on features worked out by hand.
  @Test func probesTheLastFeatures() throws {
    let problem = TuningProblem(dimensions: 5)
    let network = try problem.source.pretrained(.perceptron)
    func layer(_ x: [Double], _ name: String) throws -> [Double] {
      let weight = try #require(network.weights["\(name).weight"])
      let bias = try #require(network.weights["\(name).bias"])
      return (0..<weight.shape[0]).map { row in
        max(
          0,
          x.indices.reduce(Double(bias.values[row])) {
            $0 + Double(weight.values[row * x.count + $1]) * x[$1]
          })
      }
    }
    let (mean, deviation) = (
      problem.source.features.columnMeans, problem.source.features.columnStandardDeviations
    )
    func features(_ sample: LabelledSample) throws -> Matrix<Double> {
      Matrix(
        try (0..<sample.count).map { row in
          let x = (0..<5).map { (sample.features[row, $0] - mean[$0]) / deviation[$0] }
          return try layer(layer(x, "fc1"), "fc2")
        })
    }
    let probe = try LearnerChoice.logisticRegression.fit(
      problem.shots.with(features: features(problem.shots)), key: RandomKey(seed: 0))
    let expected = probe.probabilities(of: try features(problem.target))
    let found = try LinearProbe().fit(
      source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled,
      key: RandomKey(seed: 0)
    ).probabilities(of: problem.target.features)
    #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// Outputs of layers are taken before max(0, ·); those of convolutions are averaged over the image.
  @Test func layersHaveNames() throws {
    let problem = TuningProblem(dimensions: 16, perClass: 3, shots: 1)
    let perceptron = try problem.source.pretrained(.perceptron)
    let first = try FrozenFeatures(perceptron, layer: "fc1")(problem.shots.features)
    #expect(first.columns == 128 && first.elements.contains { $0 < 0 })
    let last = try FrozenFeatures(perceptron)(problem.shots.features)
    #expect(last.elements.allSatisfy { $0 >= 0 })
    let before = try FrozenFeatures(perceptron, layer: "fc2")(problem.shots.features)
    #expect(before.map { max(0, $0) } == last)
    let lenet = NetworkClassifier.untrained(
      .lenet, input: try NetworkInput(.lenet, fittedTo: problem.source.features),
      key: RandomKey(seed: 1))
    let widths = try ["last", "fc1", "conv2", "conv1"].map {
      try FrozenFeatures(lenet, layer: $0)(problem.shots.features).columns
    }
    #expect(widths == [500, 500, 50, 20])
    #expect(throws: MethodError.unknownLayer(name: "conv3", known: ["conv1", "conv2", "fc1"])) {
      try FrozenFeatures(lenet, layer: "conv3")
    }
  }
}
