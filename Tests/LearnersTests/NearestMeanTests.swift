import Learners
import LinearAlgebra
import Randomness
import Testing

struct NearestMeanTests {
  private func fit(_ drawn: Drawn, weights: [Double]? = nil) throws -> NearestMeanModel {
    try NearestMean().fit(
      features: drawn.features, labels: drawn.labels, classCount: drawn.classCount,
      weights: weights, key: key)
  }

  @Test func namesTheNearestMeanByTheSoftmaxOfDistances() throws {
    let model = try NearestMean().fit(
      features: Matrix([[0, 0], [2, 0], [0, 3], [0, 5]]), labels: [0, 0, 2, 2], classCount: 4,
      weights: nil, key: key)
    #expect(model.means == Matrix([[1, 0], [0, 4]]))
    let probabilities = model.probabilities(of: Matrix([[1, 2], [0, 4]]))
    // Squared distances 4 and 5; 17 and 0.
    let first = 1 / (1 + 0.36787944117144233)
    #expect(largestDifference(Array(probabilities.row(0)), [first, 0, 1 - first, 0]) < 1e-12)
    #expect(probabilities[1, 2] > 0.999)
    #expect(model.probabilities(of: Matrix([[1e8, 1e8]])).rowSums == [1])
  }

  @Test func weightsCountAsRepetitions() throws {
    let drawn = Drawn.clouds(30, features: 4, classes: 3)
    var stream = RandomStream(key)
    let counts = (0..<30).map { _ in stream.integer(below: 4) }
    let rows = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let weighted = try fit(drawn, weights: counts.map(Double.init))
    #expect(largestDifference(weighted.means, try fit(drawn.selecting(rows)).means) < 1e-12)
  }

  @Test func theOrderOfSamplesDoesNotMatter() throws {
    let drawn = Drawn.clouds(40, features: 4, classes: 3)
    var stream = RandomStream(key)
    let shuffled = try fit(drawn.selecting(stream.permutation(40)))
    #expect(largestDifference(try fit(drawn).means, shuffled.means) < 1e-12)
  }

  @Test func oneClassAloneIsAlwaysNamed() throws {
    let model = try NearestMean().fit(
      features: Matrix([[1]]), labels: [1], classCount: 3, weights: nil, key: key)
    #expect(model.probabilities(of: Matrix([[-50]])).elements == [0, 1, 0])
  }

  @Test func whatCannotBeLearntIsRefused() {
    #expect(throws: LearnerError.noSamples) {
      try NearestMean().fit(
        features: Matrix(rows: 0, columns: 1), labels: [], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.unusableWeights) {
      try NearestMean().fit(
        features: Matrix([[1]]), labels: [0], classCount: 2, weights: [0], key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try NearestMean().fit(
        features: Matrix([[.infinity]]), labels: [0], classCount: 2, weights: nil, key: key)
    }
  }
}
