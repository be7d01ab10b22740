import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TargetShiftTests {
  /// Ĉ⁻¹ μ̂ by NumPy.
  @Test func confusionsAgreeWithTheInverse() throws {
    for expected in try MappingsGolden.read().confusions {
      let found = try TargetShift().ratios(
        confusion: expected.confusion.matrix, marginal: expected.marginal)
      #expect(relativeDifference(found, expected.ratios) < 1e-9)
    }
  }

  /// The weights of kernel means are those of SciPy's programme, and of SKADA where it has one.
  @Test func kernelMeansAgreeWithSKADA() throws {
    let golden = try MappingsGolden.read()
    for expected in golden.kernelRatios {
      var method = TargetShift()
      method.bound = expected.bound
      let found = try method.kernelRatios(
        golden.labelledSource, expected.target.matrix, gamma: expected.gamma)
      #expect(relativeDifference(found, expected.ratios) < 1e-6)
      if let skada = expected.skada { #expect(relativeDifference(found, skada) < 1e-6) }
    }
    #expect(golden.kernelRatios.contains { $0.skada != nil })
    // The bound on the weights is active in one of the cases, that below in another.
    #expect(golden.kernelRatios.contains { abs(($0.ratios.max() ?? 0) - $0.bound) < 1e-6 })
    #expect(golden.kernelRatios.contains { ($0.ratios.min() ?? 1) < 1e-6 })
  }

  /// A class that the classifier never names and never sees keeps weight 1.
  @Test func singularConfusionsMoveNoOtherClass() throws {
    let confusion = Matrix<Double>([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0]])
    let found = try TargetShift().ratios(confusion: confusion, marginal: [0.8, 0.2, 0])
    #expect(relativeDifference(found, [1.6, 0.4, 1]) < 1e-12)
  }

  /// A large ridge leaves every class its weight.
  @Test func ridgeKeepsTheWeights() throws {
    var method = TargetShift()
    method.regularization = 1e6
    let found = try method.ratios(
      confusion: Matrix([[0.4, 0.1], [0.1, 0.4]]), marginal: [0.9, 0.1])
    #expect(found.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  /// Both estimates find a planted shift of the priors and gain by it.
  @Test(arguments: [TargetShift.Estimate.confusion, .kernelMeans])
  func findsAPlantedShift(_ estimate: TargetShift.Estimate) throws {
    let source = overlapping(key: RandomKey(seed: 1))
    let drawn = overlapping(key: RandomKey(seed: 2))
    let kept = drawn.labels.indices.filter { drawn.labels[$0] == 0 || $0 % 10 == 1 }
    let target = drawn.selecting(rows: kept)
    var method = TargetShift()
    method.estimate = estimate
    let model = try method.fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 0))
    let plain = try LearnerChoice.logisticRegression.fit(source, key: RandomKey(seed: 0))
    func accuracy(_ model: any Classifier) -> Double {
      let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
      return Double(zip(named, target.labels).count { $0 == $1 }) / Double(target.count)
    }
    #expect(accuracy(model) > accuracy(plain) + 0.03)
    let share = Double(target.labels.count { $0 == 0 }) / Double(target.count)
    // With classes that overlap so much the kernel's estimate has a standard error of 0.03, and
    // the source's own classifier is 0.11 off.
    #expect(abs(model.probabilities(of: target.features).columnMeans[0] - share) < 0.08)
  }

  /// Two classes whose samples mingle.
  private func overlapping(key: RandomKey) -> LabelledSample {
    var stream = RandomStream(key)
    let labels = (0..<2000).map { $0 % 2 }
    return LabelledSample(
      features: Matrix(labels.map { [1.5 * Double($0) + stream.normal(), stream.normal()] }),
      labels: labels, classCount: 2)
  }
}
