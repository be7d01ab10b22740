import Domains
import Foundation
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct HeadToToeTests {
  /// Samples of which columns 3 and 7 tell three classes apart, and ten others nothing.
  private func sample(_ count: Int) -> (features: Matrix<Double>, labels: [Int]) {
    var stream = RandomStream(RandomKey(seed: 6))
    let labels = (0..<count).map { $0 % 3 }
    var features = Matrix<Double>(rows: count, columns: 12)
    for row in 0..<count {
      for column in 0..<12 { features[row, column] = 0.3 * stream.normal() }
      features[row, 3] += [1.0, -1, 0][labels[row]]
      features[row, 7] += [0.0, 0, 1][labels[row]]
    }
    return (features.rowsNormalized, labels)
  }

  /// The slopes of the mean loss, worked out by the softmax's definition: ∇ is 0 but for λ's pull on
  /// features that are in, and below λ on those that are out.
  @Test(arguments: [1e-3, 1e-2, 0.1]) func lassoMeetsTheConditionsOfItsMinimum(
    _ penalty: Double
  ) {
    let (features, labels) = sample(60)
    let lasso = GroupLasso(penalty: penalty, maximumSteps: 100_000, tolerance: 0.01)
    let model = lasso.fit(features, labels: labels, classCount: 3)
    var slopes = Matrix<Double>(rows: 3, columns: 12)
    for row in 0..<60 {
      let logits = (0..<3).map { label in
        model.offsets[label]
          + zip(model.weights.row(label), features.row(row)).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let masses = logits.map { exp($0) }
      for label in 0..<3 {
        let residual = masses[label] / masses.reduce(0, +) - (labels[row] == label ? 1 : 0)
        for column in 0..<12 { slopes[label, column] += residual * features[row, column] / 60 }
      }
    }
    for column in 0..<12 {
      let weights = model.weights.column(column)
      let norm = model.relevance[column].squareRoot()
      let pulled = zip(slopes.column(column), weights).map { slope, weight in
        norm > 0 ? slope + penalty * weight / norm : slope
      }
      let size = pulled.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(size <= (norm > 0 ? 0.011 : 1.011) * penalty, "feature \(column)")
    }
  }

  @Test func lassoRanksTheFeaturesThatTellClassesApart() {
    let (features, labels) = sample(60)
    let model = GroupLasso(penalty: 0.03).fit(features, labels: labels, classCount: 3)
    let best = HeadToToe.best(model.relevance, share: 2.0 / 12, widths: [5, 7])
    #expect(best == [[3], [2]])
    #expect(model.relevance.count { $0 == 0 } >= 8)
  }

  @Test func sharesCountAcrossLayers() {
    #expect(HeadToToe.best([1, 5, 5, 0], share: 0.5, widths: [2, 2]) == [[1], [0]])
    #expect(HeadToToe.best([0, 0, 0], share: 0.01, widths: [1, 2]) == [[0], []])
    #expect(HeadToToe.best([3, 1], share: 1, widths: [1, 1]) == [[0], [0]])
  }

  /// Where the last layer has thrown everything away, an earlier one still tells.
  @Test func earlierLayersTellWhatTheLastThrewAway() throws {
    let problem = TuningProblem()
    let trained = try problem.source.pretrained(.perceptron).weights
    let source = problem.source.with(features: problem.source.features)
    try source.begin(
      .perceptron,
      with: WeightSnapshot(
        zip(trained.names, trained.tensors).map { name, tensor in
          (name, name.hasPrefix("fc2.") ? Tensor(tensor.shape) : tensor)
        }))
    func accuracy(_ method: some InductiveMethod) throws -> Double {
      problem.accuracy(
        try method.fit(
          source: source, shots: problem.shots, unlabelled: problem.target.unlabelled,
          key: RandomKey(seed: 2)))
    }
    #expect(try accuracy(LinearProbe()) == 0.25)
    #expect(try accuracy(HeadToToe()) > 0.5)
  }
}
