import Domains
import Foundation
import LinearAlgebra
import Randomness
import Testing

@testable import Metrics

@Suite struct ValidatorTests {
  /// The values that Scripts/golden/validators.py recorded: SKADA's for entropy and SND.
  private struct Golden: Decodable {
    let source: [[Double]]
    let labels: [Int]
    let target: [[Double]]
    let weights: [[Double]]
    let ratio: [Double]
    let scores: [String: Double]
    let spearman: Spearman

    struct Spearman: Decodable {
      let left: [Double]
      let right: [Double]
      let value: Double
    }

    static func read() throws -> Golden {
      let url = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Golden/validators.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    /// Answers by a softmax of a linear map.
    var fold: ValidationFold {
      let weights = Matrix(weights)
      let model = { @Sendable (features: Matrix<Double>) in
        let scores = features * weights
        let sums = scores.rowLogSumExp
        var answers = scores
        for row in 0..<scores.rows {
          for column in 0..<scores.columns {
            answers[row, column] = exp(scores[row, column] - sums[row])
          }
        }
        return answers
      }
      let (source, target) = (Matrix(source), Matrix(target))
      return ValidationFold(
        source: LabelledSample(features: source, labels: labels, classCount: weights.columns),
        sourceAnswers: Predictions(probabilities: model(source)),
        target: UnlabelledSample(features: target),
        targetAnswers: Predictions(probabilities: model(target)), model: model,
        densityRatio: { [ratio] in ratio },
        reverseAnswers: Predictions(probabilities: model(source)), key: RandomKey(seed: 3))
    }
  }

  @Test func agreeWithReferenceImplementations() throws {
    let golden = try Golden.read()
    let fold = golden.fold
    for (id, expected) in golden.scores.sorted(by: { $0.key < $1.key }) {
      let validator = try #require(ValidatorRegistry.validator(id))
      let score = validator.score(fold)
      #expect(agrees(score, expected), "\(id): \(score as Any), expected \(expected)")
    }
    // What is drawn by a key of its own, and what another score gives.
    let others: Set = ["mixval", "circular"]
    #expect(
      Set(ValidatorRegistry.all.map(\.id)) == Set(golden.scores.keys).union(others))
  }

  @Test func rankCorrelationAgreesWithSciPy() throws {
    let expected = try Golden.read().spearman
    #expect(agrees(RankCorrelation.spearman(expected.left, expected.right), expected.value))
    #expect(RankCorrelation.spearman([1, 1], [1, 2]) == nil)
    #expect(RankCorrelation.spearman([], []) == nil)
    #expect(RankCorrelation.spearman([1, 2, 3], [30, 20, 10]) == -1)
  }

  @Test func mixturesAreAnsweredAsTheirLargerPart() throws {
    let validator = try #require(ValidatorRegistry.validator("mixval"))
    let fold = try Golden.read().fold
    let score = try #require(validator.score(fold))
    #expect(score > 0.5 && score <= 1)
    let constant = fold.answering { features in
      var answers = Matrix<Double>(rows: features.rows, columns: 3)
      for row in 0..<features.rows { answers[row, 0] = 1 }
      return answers
    }
    #expect(validator.score(constant) == 1)
  }

  @Test func circularValidationIsTheMeanRecallOfTheWayBack() throws {
    let validator = try #require(ValidatorRegistry.validator("circular"))
    let fold = try Golden.read().fold
    let expected = Metric.balancedAccuracy.value(
      Evaluation(labels: fold.source.labels, classCount: 3, predictions: fold.sourceAnswers))
    #expect(validator.score(fold) == expected)
    #expect(validator.needsReverseFit)
  }

  /// A ratio of two Gaussians half a standard deviation apart is exp(x/2 − 1/8).
  @Test func densityRatiosAreThoseOfTheDensities() {
    var stream = RandomStream(RandomKey(seed: 5))
    let count = 4000
    func gaussian(_ mean: Double) -> Matrix<Double> {
      Matrix(
        rows: count, columns: 1, elements: (0..<count).map { _ in mean + stream.normal() })
    }
    let (source, target) = (gaussian(0), gaussian(0.5))
    let points = Matrix([[-1.0], [0], [1]])
    let ratios = DensityRatio.estimate(
      source: source, target: target, at: points, key: RandomKey(seed: 0))
    for (ratio, x) in zip(ratios, [-1.0, 0, 1]) {
      #expect(abs(ratio / exp(0.5 * x - 0.125) - 1) < 0.1)
    }
    let none = DensityRatio.estimate(
      source: Matrix(rows: 0, columns: 1), target: Matrix(rows: 0, columns: 1), at: points,
      key: RandomKey(seed: 0))
    #expect(none == [1, 1, 1])
  }

  /// Nothing held out, one sample, answers that never vary: a number or nothing, never a trap.
  @Test(arguments: [0, 1, 5])
  func edgesAreNumbersOrNothing(_ count: Int) {
    let features = Matrix<Double>(rows: count, columns: 2)
    let answers = Predictions(
      probabilities: Matrix(
        rows: count, columns: 2, elements: (0..<count).flatMap { _ in [1.0, 0] }))
    let fold = ValidationFold(
      source: LabelledSample(
        features: features, labels: Array(repeating: 0, count: count), classCount: 2),
      sourceAnswers: answers, target: UnlabelledSample(features: features),
      targetAnswers: answers, model: { _ in answers.probabilities },
      densityRatio: { Array(repeating: 0, count: count) }, reverseAnswers: nil,
      key: RandomKey(seed: 0))
    for validator in ValidatorRegistry.all {
      let score = validator.score(fold)
      #expect(score?.isFinite != false, "\(validator.id)")
      if count == 0 { #expect(score == nil, "\(validator.id)") }
    }
  }
}

extension ValidationFold {
  /// The same samples answered by another model.
  fileprivate func answering(
    _ model: @escaping @Sendable (Matrix<Double>) -> Matrix<Double>
  ) -> ValidationFold {
    ValidationFold(
      source: source, sourceAnswers: Predictions(probabilities: model(source.features)),
      target: target, targetAnswers: Predictions(probabilities: model(target.features)),
      model: model, densityRatio: densityRatio, reverseAnswers: nil, key: key)
  }
}
