import Foundation
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct RandomFeaturesTests {
  private func layer(
    _ source: Matrix<Double>, _ activation: RandomFeatures.Activation, _ seed: UInt64 = 0
  ) -> RandomLayer {
    RandomLayer(
      source: source, width: 20_000, activation: activation, gamma: 0.7,
      key: RandomKey(seed: seed))
  }

  @Test func fourierFeaturesEstimateTheGaussianKernel() throws {
    let source = try Golden.read().source.matrix
    let deviations = source.columnStandardDeviations.map { 1 / $0 }
    let standardized = source.centred.scaled(columns: deviations).selecting(rows: Array(0..<8))
    let kernel = KernelFunction<Double>.rbf(gamma: 0.7 / 5).matrix(standardized)
    let features = layer(source, .fourier).features(of: source.selecting(rows: Array(0..<8)))
    let estimate = features.outerGram * (1 / 20_000.0)
    // Each entry is a mean of 20,000 products below 2.
    #expect((estimate - kernel).elements.allSatisfy { abs($0) < 5 * 2 / 20_000.0.squareRoot() })
  }

  @Test(arguments: [RandomFeatures.Activation.relu, .fourier])
  func meanSquareIsNearOne(_ activation: RandomFeatures.Activation) throws {
    let source = try Golden.read().source.matrix
    let features = layer(source, activation).features(of: source)
    let meanSquare = features.rowSquaredNorms.reduce(0, +) / Double(features.elements.count)
    #expect(abs(meanSquare - 1) < 0.1)
  }

  @Test func keysGiveDifferentFeatures() throws {
    let source = try Golden.read().source.matrix
    #expect(
      layer(source, .relu, 0).features(of: source) != layer(source, .relu, 1).features(of: source))
  }
}
