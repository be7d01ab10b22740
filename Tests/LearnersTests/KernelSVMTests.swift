import Learners
import LinearAlgebra
import Randomness
import Testing

struct KernelSVMTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let cost: Double
    let train: [[Double]]
    let labels: [Int]
    let test: [[Double]]
    let gamma: Double
    let weights: [Double]?
    let decisions: [[Double]]
    let predictions: [Int]
    var testDescription: String { name }
  }

  @Test(
    arguments: try GoldenFile<Golden>.cases("kernel-svm")
      + GoldenFile<Golden>.cases("weighted-kernel-svm"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let classCount = (golden.labels.max() ?? 0) + 1
    var learner = KernelSVM(cost: golden.cost)
    learner.tolerance = 1e-8
    let model = try learner.fit(
      features: Matrix(golden.train), labels: golden.labels, classCount: classCount,
      weights: golden.weights, key: key)
    guard case .rbf(let gamma) = model.kernel else {
      Issue.record("The default kernel is the radial basis function.")
      return
    }
    #expect(abs(gamma / golden.gamma - 1) < 1e-12)
    // scikit-learn turns the sign round where there are two classes.
    let sign = classCount == 2 ? -1.0 : 1
    let decisions = model.decisions(of: Matrix(golden.test))
    #expect(largestDifference(decisions * sign, Matrix(golden.decisions)) < 1e-6)
    #expect(predictions(model.probabilities(of: Matrix(golden.test))) == golden.predictions)
  }

  @Test func theDefaultsAgreeWithScikitLearnsPredictions() throws {
    for golden in try GoldenFile<Golden>.cases("kernel-svm") where golden.cost == 1 {
      let model = try LearnerChoice.kernelSVM.fit(
        features: Matrix(golden.train), labels: golden.labels,
        classCount: (golden.labels.max() ?? 0) + 1, key: key)
      #expect(predictions(model.probabilities(of: Matrix(golden.test))) == golden.predictions)
    }
  }

  @Test func aTieInVotesGoesToTheLowestClass() {
    // Three classes that beat each other in a ring, with the margins in favour of the last.
    let model = KernelSVMModel(
      kernel: .linear, supports: Matrix([[1]]), coefficients: Matrix([[1, -9, 2]]),
      thresholds: [0, 0, 0], classes: [0, 1, 2], classCount: 3)
    let probabilities = model.probabilities(of: Matrix([[1]]))
    #expect(predictions(probabilities) == [0])
    #expect(abs(probabilities.rowSums[0] - 1) < 1e-12)
  }

  @Test func otherKernelsSeparateWhatTheyCan() throws {
    let ring = Matrix<Double>([[0, 0], [2, 0], [0, 2], [-2, 0], [0, -2], [0.1, 0.1]])
    let labels = [0, 1, 1, 1, 1, 0]
    let kernels: [KernelFunction<Double>] = [
      .polynomial(degree: 2, gamma: 1, offset: 0), .rbf(gamma: 1),
    ]
    for kernel in kernels {
      let model = try KernelSVM(cost: 100, kernel: kernel).fit(
        features: ring, labels: labels, classCount: 2, weights: nil, key: key)
      #expect(predictions(model.probabilities(of: ring)) == labels)
    }
    let linear = try KernelSVM(kernel: .linear).fit(
      features: Matrix([[-1], [1]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    #expect(largestDifference(linear.decisions(of: Matrix([[0.5]])).elements, [-0.5]) < 1e-6)
  }

  @Test func theKernelAtOnceAndRowByRowAgree() throws {
    let drawn = Drawn.clouds(90, features: 4, classes: 3, spread: 0.7)
    let kernels: [KernelFunction<Double>?] = [
      nil, .linear, .polynomial(degree: 3, gamma: 0.2, offset: 1),
    ]
    for kernel in kernels {
      var learner = KernelSVM(kernel: kernel)
      learner.tolerance = 1e-8
      let atOnce = try fit(learner, drawn).decisions(of: drawn.features)
      learner.largestPrecomputed = 0
      let byRow = try fit(learner, drawn).decisions(of: drawn.features)
      #expect(largestDifference(atOnce, byRow) < 1e-5)
    }
  }

  @Test func isTheSameTwiceAndInAnyOrder() throws {
    let drawn = Drawn.clouds(60, features: 5, classes: 4)
    var stream = RandomStream(key)
    let shuffled = drawn.selecting(stream.permutation(60))
    var learner = KernelSVM()
    learner.tolerance = 1e-8
    let model = try fit(learner, drawn)
    #expect(model == (try fit(learner, drawn)))
    let others = try fit(learner, shuffled).decisions(of: drawn.features)
    #expect(largestDifference(model.decisions(of: drawn.features), others) < 1e-6)
  }

  @Test func edgesOfTheInput() throws {
    let constant = try KernelSVM().fit(
      features: Matrix([[1, 2], [1, 2]]), labels: [1, 1], classCount: 3, weights: nil, key: key)
    #expect(constant.probabilities(of: Matrix([[0, 0]])).elements == [0, 1, 0])
    let torn = try KernelSVM().fit(
      features: Matrix(rows: 4, columns: 2, repeating: 3), labels: [0, 2, 0, 2], classCount: 3,
      weights: nil, key: key)
    let probabilities = torn.probabilities(of: Matrix([[1, 1]]))
    #expect(largestDifference(probabilities.elements, [0.5, 0, 0.5]) < 1e-9)
    #expect(throws: LearnerError.notFinite) {
      try KernelSVM().fit(
        features: Matrix([[0], [.nan]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try KernelSVM().fit(
        features: Matrix([[0], [1e200]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.unusableWeights) {
      try KernelSVM().fit(
        features: Matrix([[0], [1]]), labels: [0, 1], classCount: 2, weights: [0, 0], key: key)
    }
    #expect(throws: LearnerError.noSamples) {
      try KernelSVM().fit(
        features: Matrix(rows: 0, columns: 1), labels: [], classCount: 2, weights: nil, key: key)
    }
  }

  private func fit(_ learner: KernelSVM, _ drawn: Drawn) throws -> KernelSVMModel {
    try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: drawn.classCount, weights: nil,
      key: key)
  }
}
