import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct ImportanceWeightsTests {
  @Test func scaledWeightsHaveMeanOne() {
    #expect(ImportanceWeights.scaled([1, 2, 3]) == [0.5, 1, 1.5])
    #expect(ImportanceWeights.scaled([0, 0]) == [1, 1])
    #expect(ImportanceWeights.scaled(logarithms: [-4000, -9000]) == [2, 0])
  }

  /// The learners that can't weigh samples say so, with a reason; the others fit.
  @Test(arguments: LearnerChoice.allCases) func learnersWeighOrDoNotApply(
    _ learner: LearnerChoice
  ) throws {
    let source = try ReweightingGolden.read().labelledSource
    let weights = Array(repeating: 1.0, count: source.count)
    do {
      _ = try learner.fit(source, importance: weights, key: RandomKey(seed: 0))
      #expect(learner.usesWeights)
    } catch .notApplicable(let reason) {
      #expect(!learner.usesWeights && reason.contains(learner.rawValue))
    }
  }
}
