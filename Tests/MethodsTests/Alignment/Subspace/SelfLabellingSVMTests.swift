import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SelfLabellingSVMTests {
  /// The rounds written out with scikit-learn's machines exchange the same samples.
  @Test func exchangesTheSamplesOfTheSketch() throws {
    for expected in try MappingsGolden.read().exchange {
      var method = SelfLabellingSVM()
      method.share = expected.share
      method.tolerance = expected.tolerance
      method.solverTolerance = 1e-6
      method.kernel = try #require(SelfLabellingSVM.Kernel(rawValue: expected.kernel))
      let source = LabelledSample(
        features: expected.source.matrix, labels: expected.labels, classCount: expected.classCount)
      let target = UnlabelledSample(features: expected.target.matrix)
      let found = try method.adapted(source: source, target: target, key: RandomKey(seed: 0))
      #expect(found.rounds == expected.rounds)
      #expect(found.labels.map { $0 ?? -1 } == expected.given)
      let named = Predictions(
        probabilities: found.machine.probabilities(of: target.features)
      ).classes
      #expect(named == expected.named)
    }
  }

  /// The boundary follows classes that the target has turned by 65 degrees.
  @Test(arguments: [SelfLabellingSVM.Kernel.linear, .rbf])
  func followsATurn(_ kernel: SelfLabellingSVM.Kernel) throws {
    func drawn(_ cosine: Double, _ sine: Double, _ seed: UInt64) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: seed))
      let labels = (0..<300).map { $0 % 2 }
      let rows = labels.map { label in
        let side = 4 * Double(label) - 2
        return [cosine * side + 0.7 * stream.normal(), sine * side + 0.7 * stream.normal()]
      }
      return LabelledSample(features: Matrix(rows), labels: labels, classCount: 2)
    }
    let (source, target) = (drawn(1, 0, 1), drawn(0.423, 0.906, 2))
    func accuracy(_ model: any Classifier) -> Double {
      let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
      return Double(zip(named, target.labels).count { $0 == $1 }) / Double(target.count)
    }
    var method = SelfLabellingSVM()
    method.kernel = kernel
    let adapted = try method.fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 0))
    let choice = kernel == .linear ? LearnerChoice.linearSVM : .kernelSVM
    let plain = try choice.fit(source, key: RandomKey(seed: 0))
    // The linear machine may give some of the first labels wrongly, and keep to them.
    #expect(accuracy(adapted) > accuracy(plain) + (kernel == .rbf ? 0.08 : 0.01))
  }

  /// With one class there is nothing to exchange.
  @Test func oneClassIsNamedAlone() throws {
    let golden = try MappingsGolden.read()
    let source = LabelledSample(
      features: golden.source.matrix, labels: golden.labels.map { _ in 1 }, classCount: 3)
    for kernel in [SelfLabellingSVM.Kernel.linear, .rbf] {
      var method = SelfLabellingSVM()
      method.kernel = kernel
      let model = try method.fit(
        source: source, target: UnlabelledSample(features: golden.target.matrix),
        key: RandomKey(seed: 0))
      let found = model.probabilities(of: golden.target.matrix)
      #expect((0..<found.rows).allSatisfy { Array(found.row($0)) == [0, 1, 0] })
    }
  }
}
