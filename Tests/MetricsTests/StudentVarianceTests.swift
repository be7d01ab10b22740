import Testing

@testable import Metrics

@Suite struct StudentVarianceTests {
  /// A cell whose log loss is infinite makes such variances.
  @Test(arguments: [(Double.infinity, 1.0), (1.0, .infinity), (.infinity, .infinity), (.nan, 1.0)])
  func variancesThatAreNoNumbersGiveAProbability(first: Double, second: Double) {
    for distance in [0, 1e-300, 1, 1e300, .infinity, .nan] {
      let probability = StudentVariance.probability(
        of: distance, StudentVariance(value: first, degrees: 399),
        StudentVariance(value: second, degrees: 1), least: 2e-4)
      #expect((0...1).contains(probability))
    }
  }

  /// `probability` inverts `reach`.
  @Test(arguments: [0.4, 0.1, 0.025, 1e-3])
  func theProbabilityIsThatOfTheReach(tail: Double) {
    let (first, second) = (
      StudentVariance(value: 2, degrees: 399), StudentVariance(value: 0.7, degrees: 4)
    )
    let reach = StudentVariance.reach(first, second, tail: tail)
    let probability = StudentVariance.probability(of: reach, first, second, least: 1e-6)
    #expect(abs(probability - 2 * tail) < 1e-9)
  }
}
