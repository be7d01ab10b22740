import Domains
import Learners
import LinearAlgebra
import Methods
import Randomness
import Testing

@Suite struct DomainAdversarialTests {
  /// Two classes that lie along the first axis; the target is moved along the second, which tells
  /// the domains apart and, in the source, the classes a little.
  private static func domains(_ count: Int) -> (source: LabelledSample, target: LabelledSample) {
    func sample(_ shift: Double, _ tilt: Double, _ seed: UInt64) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: seed))
      var features = Matrix<Double>(rows: count, columns: 10)
      let labels = (0..<count).map { $0 % 2 }
      for row in 0..<count {
        for column in 0..<10 { features[row, column] = stream.normal() }
        let sign = Double(2 * labels[row] - 1)
        features[row, 0] += 2 * sign
        features[row, 1] += 2 * tilt * sign + shift
      }
      return LabelledSample(features: features, labels: labels, classCount: 2)
    }
    return (sample(0, 1, 1), sample(4, -1, 2))
  }

  private static func accuracy(_ model: some Classifier, _ sample: LabelledSample) -> Double {
    let probabilities = model.probabilities(of: sample.features)
    let right = (0..<sample.count).filter {
      (probabilities[$0, 1] > 0.5) == (sample.labels[$0] == 1)
    }
    return Double(right.count) / Double(sample.count)
  }

  /// How well a logistic regression tells the domains by the network's features.
  private static func domainAccuracy(
    _ model: some Classifier, _ source: LabelledSample, _ target: LabelledSample
  ) throws -> Double {
    let network = try #require(model as? NetworkClassifier)
    let features = network.features(of: source.features)
      .appending(rows: network.features(of: target.features))
    let sample = LabelledSample(
      features: features,
      labels: Array(repeating: 0, count: source.count) + Array(repeating: 1, count: target.count),
      classCount: 2)
    let judge = try LearnerChoice.logisticRegression.fit(sample, key: RandomKey(seed: 0))
    return accuracy(judge, sample)
  }

  @Test func theAdversaryMakesDomainsHarderToTell() throws {
    let (source, target) = Self.domains(400)
    var method = DomainAdversarial()
    method.epochs = 100
    let aligned = try method.fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 3))
    method.tradeOff = 0
    let plain = try method.fit(source: source, target: target.unlabelled, key: RandomKey(seed: 3))
    let apart = try Self.domainAccuracy(plain, source, target)
    let together = try Self.domainAccuracy(aligned, source, target)
    #expect(apart > 0.95)
    #expect(together < apart - 0.1)
    #expect(Self.accuracy(aligned, source) > 0.9)
  }

  @Test func alignmentHelpsWhereTheShiftMisleads() throws {
    let (source, target) = Self.domains(400)
    let key = RandomKey(seed: 4)
    let aligned = try DomainAdversarial().fit(
      source: source, target: target.unlabelled, key: key)
    let plain = try LearnerChoice.perceptron.fit(source, key: key)
    #expect(Self.accuracy(aligned, target) > Self.accuracy(plain, target) + 0.05)
  }

  @Test func classesThatTheSourceLacksGetNoProbability() throws {
    let (source, target) = Self.domains(40)
    let model = try DomainAdversarial().fit(
      source: LabelledSample(
        features: source.features, labels: source.labels.map { 2 * $0 }, classCount: 4),
      target: target.unlabelled, key: RandomKey(seed: 5))
    let probabilities = model.probabilities(of: target.features)
    #expect(probabilities.columns == 4)
    #expect(probabilities.column(1).allSatisfy { $0 == 0 })
    #expect(probabilities.column(3).allSatisfy { $0 == 0 })
  }
}
