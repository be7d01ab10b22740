import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct LocationScaleTests {
  /// The objective and its gradient are those of sums over samples and complex steps.
  @Test func objectiveAgreesWithTheSums() throws {
    let golden = try MappingsGolden.read()
    for expected in golden.locationScale {
      let problem = problem(expected, golden.labels)
      var gradient = [Double](repeating: 0, count: expected.point.count)
      let value = problem.value(expected.point, &gradient)
      #expect(abs(value - expected.value) < 1e-12)
      #expect(relativeDifference(gradient, expected.gradient) < 1e-9)
    }
  }

  /// L-BFGS goes at least as low as SciPy's.
  @Test func findsTheMinimum() throws {
    let golden = try MappingsGolden.read()
    for expected in golden.locationScale {
      let problem = problem(expected, golden.labels)
      var solver = LBFGS()
      solver.gradientTolerance = 1e-10
      let found = solver.minimum(from: problem.start, of: problem.value)
      #expect(abs(found.value - expected.minimum) < 1e-6 * abs(expected.minimum))
    }
  }

  private func problem(
    _ expected: MappingsGolden.LocationScale, _ labels: [Int]
  ) -> MovedClasses {
    MovedClasses(
      source: LabelledSample(features: expected.source.matrix, labels: labels, classCount: 3),
      target: expected.target.matrix, regularization: expected.penalty)
  }

  /// Classes that moved and stretched, each in its way, are found again.
  @Test func undoesAMove() throws {
    func drawn(_ centres: [[Double]], _ scales: [[Double]], _ seed: UInt64) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: seed))
      let labels = (0..<300).map { $0 % 2 }
      return LabelledSample(
        features: Matrix(
          labels.map { label in
            (0..<2).map { centres[label][$0] + scales[label][$0] * stream.normal() }
          }), labels: labels, classCount: 2)
    }
    let source = drawn([[-2, 0], [2, 0]], [[0.6, 0.6], [0.6, 0.6]], 1)
    let target = drawn([[-0.6, 1], [3, -1]], [[0.9, 0.4], [0.5, 0.8]], 2)
    func accuracy(_ model: any Classifier) -> Double {
      let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
      return Double(zip(named, target.labels).count { $0 == $1 }) / Double(target.count)
    }
    let adapted = try LocationScale().fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 0))
    let plain = try LearnerChoice.logisticRegression.fit(source, key: RandomKey(seed: 0))
    #expect(accuracy(adapted) > accuracy(plain) + 0.05)
    #expect(accuracy(adapted) > 0.97)
  }

  /// Without steps the source stays where it is.
  @Test func noStepsChangeNothing() throws {
    let golden = try MappingsGolden.read()
    let target = UnlabelledSample(features: golden.target.matrix)
    var method = LocationScale()
    method.iterations = 0
    let model = try method.fit(
      source: golden.labelledSource, target: target, key: RandomKey(seed: 0))
    let plain = try LearnerChoice.logisticRegression.fit(
      golden.labelledSource, key: RandomKey(seed: 0))
    #expect(
      relativeDifference(
        model.probabilities(of: target.features), plain.probabilities(of: target.features)) < 1e-4)
  }

  /// A part of a sample has each class's share.
  @Test func thinnedSamplesKeepTheShares() throws {
    let sample = LabelledSample(
      features: Matrix((0..<100).map { [Double($0)] }),
      labels: (0..<100).map { $0 < 70 ? 0 : $0 < 90 ? 1 : 2 }, classCount: 3)
    let part = sample.thinned(to: 20, key: RandomKey(seed: 0))
    #expect((0..<3).map { label in part.labels.count { $0 == label } } == [14, 4, 2])
    #expect(Set(part.features.elements).count == 20)
    #expect(sample.thinned(to: 100, key: RandomKey(seed: 0)) == sample)
    #expect(sample.unlabelled.thinned(to: 7, key: RandomKey(seed: 0)).count == 7)
  }
}
