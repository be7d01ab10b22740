import Learners
import LinearAlgebra
import Randomness
import Testing

struct ValidatedSVMTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let train: [[Double]]
    let labels: [Int]
    let test: [[Double]]
    let weights: [Double]?
    let decisions: [[Double]]
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("validated-svm"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let classCount = (golden.labels.max() ?? 0) + 1
    var learner = ValidatedSVM()
    learner.tolerance = 1e-8
    let model = try learner.fit(
      features: Matrix(golden.train), labels: golden.labels, classCount: classCount,
      weights: golden.weights, key: key)
    // scikit-learn turns the sign round where there are two classes.
    let sign = classCount == 2 ? -1.0 : 1
    let decisions = model.decisions(of: Matrix(golden.test))
    #expect(largestDifference(decisions * sign, Matrix(golden.decisions)) < 1e-6)
  }

  @Test(arguments: [40, 200])
  func neitherUnitNorOriginMatters(width: Int) throws {
    let drawn = Drawn.clouds(90, features: width, classes: 3, spread: 0.3)
    var learner = ValidatedSVM()
    learner.tolerance = 1e-8
    let model = try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: 3, weights: nil, key: key)
    let moved = drawn.features.map { 1000 * $0 + 50 }
    let other = try learner.fit(
      features: moved, labels: drawn.labels, classCount: 3, weights: nil, key: key)
    #expect(
      largestDifference(model.decisions(of: drawn.features), other.decisions(of: moved)) < 1e-5)
  }

  @Test func aSingleSampleOfAClassLeavesTheCostAtOneOverTheSpread() throws {
    // u of 0, 0, 0 and 1 is 3/16.
    let model = try ValidatedSVM().fit(
      features: Matrix([[0], [0], [0], [1]]), labels: [0, 0, 0, 1], classCount: 2, weights: nil,
      key: key)
    let alone = try KernelSVM(cost: 1 / 0.1875, kernel: .linear).fit(
      features: Matrix([[0], [0], [0], [1]]), labels: [0, 0, 0, 1], classCount: 2, weights: nil,
      key: key)
    #expect(model == alone)
  }
}
