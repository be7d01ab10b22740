import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct MarginalizedDenoisingTests {
  /// The closed form is the expectation over all corruptions, each of which the script adds up.
  @Test func agreesWithEveryCorruption() throws {
    let golden = try MappingsGolden.read()
    let pooled = golden.source.matrix.appending(rows: golden.target.matrix)
    for expected in golden.msda {
      var method = MarginalizedDenoising()
      method.noise = expected.noise
      method.regularization = expected.ridge
      let features = 0..<pooled.columns
      var hidden = MarginalizedDenoising.withConstant(pooled)
      for layer in 0..<expected.layers {
        let map = try method.denoiser(of: hidden)
        if layer == 0 {
          #expect(
            relativeDifference(map.selecting(columns: features), expected.map.matrix) < 1e-9)
        }
        MarginalizedDenoising.apply(map, to: &hidden)
      }
      #expect(
        relativeDifference(hidden.selecting(columns: features), expected.last.matrix) < 1e-9)
    }
  }

  /// Words of the target alone are rebuilt from words of both domains, and back.
  ///
  /// Each class has six words that both domains use now and then, and six more in each domain
  /// that the other never uses: the source's own classifier can't know those of the target.
  @Test func learnsFromWordsOfTheTargetAlone() throws {
    var stream = RandomStream(RandomKey(seed: 4))
    func drawn(_ own: Int) -> LabelledSample {
      let labels = (0..<600).map { $0 % 2 }
      var features = Matrix<Double>(rows: labels.count, columns: 36)
      for (row, label) in labels.enumerated() {
        for group in [0, own] {
          for column in 12 * group..<12 * (group + 1) {
            let isOfTheClass = (column - 12 * group) / 6 == label
            let share =
              group == 0 ? (isOfTheClass ? 0.25 : 0.1) : (isOfTheClass ? 0.3 : 0.02)
            features[row, column] = stream.uniform() < share ? 1 : 0
          }
        }
      }
      return LabelledSample(features: features, labels: labels, classCount: 2)
    }
    let (source, target) = (drawn(1), drawn(2))
    func accuracy(_ model: any Classifier) -> Double {
      let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
      return Double(zip(named, target.labels).count { $0 == $1 }) / Double(target.count)
    }
    var method = MarginalizedDenoising()
    method.layers = 1
    method.isStacked = false
    let adapted = try method.fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 0))
    let plain = try LearnerChoice.logisticRegression.fit(source, key: RandomKey(seed: 0))
    #expect(accuracy(adapted) > accuracy(plain) + 0.03)
  }

  /// Every layer stands beside the input, or the last alone.
  @Test func stacksTheLayers() throws {
    let golden = try MappingsGolden.read()
    var method = MarginalizedDenoising()
    method.learner = .nearestMean
    var answers: [Matrix<Double>] = []
    for isStacked in [true, false] {
      method.isStacked = isStacked
      let model = try method.fit(
        source: golden.labelledSource, target: UnlabelledSample(features: golden.target.matrix),
        key: RandomKey(seed: 0))
      answers.append(model.probabilities(of: golden.target.matrix))
    }
    #expect(answers[0] != answers[1])
  }
}
