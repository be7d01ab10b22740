import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct DistributionCalibrationTests {
  /// The draws' mean and covariance are those of equation (4).
  @Test func drawsHaveTheCalibratedMoments() throws {
    let source = try Golden.read().labelledSource
    var method = DistributionCalibration()
    method.spread = 0.4
    let bases = method.baseClasses(source)
    let shot = [0.3, -0.2, 0.1, 0.5, -0.4]
    var stream = RandomStream(RandomKey(seed: 5))
    let count = 100_000
    let drawn = method.drawSamples(count, around: shot[...], bases, &stream)

    let members = (0..<3).map { label in
      source.features.selecting(rows: source.labels.indices.filter { source.labels[$0] == label })
    }
    let nearest = members.sorted { left, right in
      distance(left.columnMeans, shot) < distance(right.columnMeans, shot)
    }.prefix(2)
    let covariance = nearest.map { $0.covariance() }.reduce(Matrix(rows: 5, columns: 5), +) * 0.5
    let expected = covariance.adding(diagonal: 0.4)
    let mean = (0..<5).map { column in
      (shot[column] + nearest.reduce(0) { $0 + $1.columnMeans[column] }) / 3
    }
    // Five standard errors of a mean, and of a covariance of Gaussian samples.
    for column in 0..<5 {
      let error = (expected[column, column] / Double(count)).squareRoot()
      #expect(abs(drawn.columnMeans[column] - mean[column]) < 5 * error)
    }
    let found = drawn.covariance()
    for row in 0..<5 {
      for column in 0..<5 {
        let product = expected[row, row] * expected[column, column]
        let variance = product + expected[row, column] * expected[row, column]
        let difference = abs(found[row, column] - expected[row, column])
        #expect(difference < 5 * (variance / Double(count)).squareRoot())
      }
    }
  }

  private func distance(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Without draws, power or spread, the method is the learner on the shots.
  @Test func withoutDrawsItIsTargetOnly() throws {
    let golden = try Golden.read()
    var method = DistributionCalibration()
    method.draws = 0
    method.power = 1
    let target = UnlabelledSample(features: golden.target.matrix)
    let key = RandomKey(seed: 0)
    let found = try method.fit(
      source: golden.labelledSource, shots: golden.labelledShots, unlabelled: target, key: key
    ).probabilities(of: target.features)
    let expected = try TargetOnly().fit(
      source: golden.labelledSource, shots: golden.labelledShots, unlabelled: target, key: key
    ).probabilities(of: target.features)
    #expect(found == expected)
  }
}
