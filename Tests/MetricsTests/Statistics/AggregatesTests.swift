import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct AggregatesTests {
  private let bootstrap = StratifiedBootstrap(resamples: 4000, key: RandomKey(seed: 3))

  @Test func agreesWithSciPy() throws {
    let golden = try StatisticsGolden.read()
    for value in golden.dominance {
      #expect(
        agrees(
          Dominance.probability(of: value.values, above: value.others), value.probability))
      #expect(agrees(Dominance.cliffsDelta(value.values, value.others), value.delta))
    }
    for value in golden.trimmed {
      #expect(agrees(StratifiedBootstrap.interquartileMean(value.values), value.mean))
    }
  }

  @Test func nothingHasNoAggregate() {
    #expect(Dominance.cliffsDelta([], [1]) == nil)
    #expect(StratifiedBootstrap.interquartileMean([]) == nil)
    #expect(bootstrap.interquartileMean([]) == nil)
    #expect(bootstrap.probabilityOfImprovement([[1], []], over: [[1], [2]]) == nil)
  }

  @Test func equalMethodsImproveByHalf() throws {
    let estimate = try #require(
      bootstrap.probabilityOfImprovement([[1, 1], [2, 2]], over: [[1, 1], [2, 2]]))
    #expect(estimate.value == 0.5 && estimate.low == 0.5 && estimate.high == 0.5)
  }

  @Test func resamplesStayWithinTheirTask() throws {
    // Tasks of one run each have nothing to resample.
    let estimate = try #require(bootstrap.interquartileMean([[1], [2], [3], [4]]))
    #expect(estimate.value == 2.5 && estimate.low == 2.5 && estimate.high == 2.5)
  }

  @Test func theSeedIsHonoured() throws {
    let tasks = [[1.0, 2, 4], [0, 3, 5]]
    let others = [[2.0, 2, 2], [1, 3, 1]]
    let first = bootstrap.probabilityOfImprovement(tasks, over: others)
    #expect(first == bootstrap.probabilityOfImprovement(tasks, over: others))
    let few = StratifiedBootstrap(resamples: 15, key: RandomKey(seed: 3))
    let other = StratifiedBootstrap(resamples: 15, key: RandomKey(seed: 4))
    #expect(few.interquartileMean(tasks) != other.interquartileMean(tasks))
  }

  @Test func twoRunsOfOneTask() throws {
    // Resampled means of 0 and 1 are 0, ½, 1 with probabilities ¼, ½, ¼.
    let estimate = try #require(bootstrap.interquartileMean([[0, 1]]))
    #expect(estimate.value == 0.5 && estimate.low == 0 && estimate.high == 1)
  }
}
