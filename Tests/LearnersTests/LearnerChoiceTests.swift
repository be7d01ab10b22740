import Learners
import LinearAlgebra
import Randomness
import Testing

struct LearnerChoiceTests {
  /// The learners that take features of any kind.
  static let general = LearnerChoice.allCases.filter { $0.network?.takesImages != true }

  @Test(arguments: general)
  func everyLearnerKeepsTheContract(choice: LearnerChoice) throws {
    var drawn = Drawn.clouds(60, features: 5, classes: 3, spread: 4)
    drawn.labels = drawn.labels.map { [0, 2, 3][$0] }
    let model = try choice.fit(
      features: drawn.features, labels: drawn.labels, classCount: 5, key: key)
    let probabilities = model.probabilities(of: drawn.features)
    #expect(probabilities.rows == 60 && probabilities.columns == 5)
    #expect(probabilities.elements.allSatisfy { (0...1).contains($0) })
    #expect(probabilities.rowSums.allSatisfy { abs($0 - 1) < 1e-12 })
    for absent in [1, 4] { #expect(probabilities.column(absent).allSatisfy { $0 == 0 }) }
    #expect(predictions(probabilities) == drawn.labels)
    #expect(model.probabilities(of: Matrix(rows: 0, columns: 5)).rows == 0)
    // Of the learners only networks draw.
    guard choice.network == nil else { return }
    let again = try choice.fit(
      features: drawn.features, labels: drawn.labels, classCount: 5, key: RandomKey(seed: 99))
    #expect(again.probabilities(of: drawn.features) == probabilities)
  }

  @Test(arguments: general)
  func oneSampleIsEnough(choice: LearnerChoice) throws {
    let model = try choice.fit(features: Matrix([[1, 2]]), labels: [1], classCount: 2, key: key)
    #expect(model.probabilities(of: Matrix([[7, 7]])).elements == [0, 1])
  }

  @Test(arguments: general)
  func equalSamplesOfTwoClassesAreNoError(choice: LearnerChoice) throws {
    let model = try choice.fit(
      features: Matrix(rows: 6, columns: 2, repeating: 3), labels: [0, 1, 0, 1, 0, 1],
      classCount: 2, key: key)
    #expect(model.probabilities(of: Matrix([[3, 3]])).isFinite)
  }

  @Test(arguments: general)
  func samplesWithoutFeaturesAreNoError(choice: LearnerChoice) throws {
    let model = try choice.fit(
      features: Matrix(rows: 3, columns: 0), labels: [0, 1, 1], classCount: 2, key: key)
    #expect(model.probabilities(of: Matrix(rows: 2, columns: 0)).isFinite)
  }

  @Test(arguments: LearnerChoice.allCases)
  func weightsAreUsedOrRefused(choice: LearnerChoice) throws {
    let features = Matrix<Double>([[0], [1], [2], [3]])
    let weights = [1.0, 0, 0, 1]
    if choice.usesWeights {
      let weighted = try choice.fit(
        features: features, labels: [0, 1, 0, 1], classCount: 2, weights: weights, key: key)
      let kept = try choice.fit(
        features: features.selecting(rows: [0, 3]), labels: [0, 1], classCount: 2, key: key)
      let (first, second) = (
        weighted.probabilities(of: features), kept.probabilities(of: features)
      )
      #expect(largestDifference(first, second) < 1e-9)
    } else {
      #expect(throws: LearnerError.weightsUnsupported(learner: choice.rawValue)) {
        try choice.fit(
          features: features, labels: [0, 1, 0, 1], classCount: 2, weights: weights, key: key)
      }
    }
  }

  @Test(arguments: LearnerChoice.allCases)
  func noSamplesAndNoNumbersAreErrors(choice: LearnerChoice) {
    #expect(throws: LearnerError.noSamples) {
      try choice.fit(features: Matrix(rows: 0, columns: 2), labels: [], classCount: 2, key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try choice.fit(features: Matrix([[1], [.nan]]), labels: [0, 1], classCount: 2, key: key)
    }
  }
}
