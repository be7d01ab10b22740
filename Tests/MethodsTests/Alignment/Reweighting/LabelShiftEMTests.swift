import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct LabelShiftEMTests {
  /// EM ends where SciPy finds the likelihood's maximum.
  @Test func agreesWithSciPy() throws {
    for expected in try ReweightingGolden.read().labelShift {
      let shift = PriorShift.found(
        from: expected.posteriors.matrix, sourcePriors: expected.sourcePriors, iterations: 100_000)
      let priors = zip(shift.ratios, expected.sourcePriors).map { $0 * $1 }
      #expect(zip(priors, expected.targetPriors).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// Where the priors don't change, neither do the answers.
  @Test func samePriorsKeepTheAnswers() throws {
    let posteriors = try #require(ReweightingGolden.read().labelShift.first).posteriors.matrix
    let shift = PriorShift(from: [0.25, 0.25, 0.25, 0.25], to: [0.25, 0.25, 0.25, 0.25])
    #expect(relativeDifference(shift.applied(to: posteriors), posteriors) < 1e-12)
  }

  /// A sample of a class whose new prior is 0 keeps its answer.
  @Test func rowsOfVanishedClassesStay() {
    let shift = PriorShift(from: [0.5, 0.5, 0], to: [1, 0, 0])
    let posteriors = Matrix<Double>([[0, 1, 0], [0.25, 0.75, 0]])
    #expect(shift.applied(to: posteriors) == Matrix([[0, 1, 0], [1, 0, 0]]))
  }

  /// A planted shift of the priors is found.
  @Test func findsAPlantedShift() throws {
    let source = Problem.sample(
      classes: 2, dimensions: 4, perClass: 200, shift: 0, key: RandomKey(seed: 1))
    let drawn = Problem.sample(
      classes: 2, dimensions: 4, perClass: 200, shift: 0, key: RandomKey(seed: 2))
    let kept = drawn.labels.indices.filter { drawn.labels[$0] == 0 || $0 % 10 == 1 }
    let target = drawn.selecting(rows: kept)
    let share = Double(target.labels.count { $0 == 0 }) / Double(target.count)
    let model = try LabelShiftEM().fit(
      source: source, target: target.unlabelled, key: RandomKey(seed: 0))
    #expect(abs(model.probabilities(of: target.features).columnMeans[0] - share) < 0.03)
  }
}
