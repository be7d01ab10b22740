import Domains
import Learners
import LinearAlgebra
import Methods
import Randomness
import Testing

@Suite struct DomainAdversarialTests {
  /// Two classes that lie along the first axis.
  ///
  /// The second tells them apart too, but only in the source: in the target it says nothing and
  /// lies far off.
  private static func domains(_ count: Int) -> (source: LabelledSample, target: LabelledSample) {
    func sample(isTarget: Bool) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: isTarget ? 2 : 1))
      var features = Matrix<Double>(rows: count, columns: 10)
      let labels = (0..<count).map { $0 % 2 }
      for row in 0..<count {
        for column in 0..<10 { features[row, column] = stream.normal() }
        let sign = Double(2 * labels[row] - 1)
        features[row, 0] += 2 * sign
        features[row, 1] += isTarget ? 5 : 1.5 * sign
      }
      return LabelledSample(features: features, labels: labels, classCount: 2)
    }
    return (sample(isTarget: false), sample(isTarget: true))
  }

  private static func accuracy(_ model: some Classifier, _ sample: LabelledSample) -> Double {
    let probabilities = model.probabilities(of: sample.features)
    let right = (0..<sample.count).filter {
      (probabilities[$0, 1] > 0.5) == (sample.labels[$0] == 1)
    }
    return Double(right.count) / Double(sample.count)
  }

  /// How far the domains' means lie apart in the network's features, as a share of their variance.
  private static func gap(
    _ model: some Classifier, _ source: LabelledSample, _ target: LabelledSample
  ) throws -> Double {
    let network = try #require(model as? NetworkClassifier)
    let (one, other) = (
      network.features(of: source.features), network.features(of: target.features)
    )
    let squares = zip(one.columnMeans, other.columnMeans).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    return squares / (one.covariance().trace + other.covariance().trace)
  }

  @Test func theAdversaryBringsTheDomainsTogether() throws {
    let (source, target) = Self.domains(400)
    var method = DomainAdversarial()
    let aligned = try method.fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 3))
    method.tradeOff = 0
    let plain = try method.fit(source: source, target: target.unlabelled, key: RandomKey(seed: 3))
    let apart = try Self.gap(plain, source, target)
    let together = try Self.gap(aligned, source, target)
    #expect(together < 0.5 * apart)
    #expect(Self.accuracy(aligned, source) > 0.9)
  }

  @Test func alignmentHelpsWhereTheShiftMisleads() throws {
    let (source, target) = Self.domains(400)
    let key = RandomKey(seed: 4)
    let aligned = try DomainAdversarial().fit(
      source: source, target: target.unlabelled, key: key)
    let plain = try LearnerChoice.network(.perceptron).fit(source, key: key)
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
