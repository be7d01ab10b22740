import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct PairedResultTests {
  private let key = RandomKey(seed: 13)

  /// One repetition of 400 samples: `method` right, `reference` right, in thousandths.
  private func result(_ method: Int, _ reference: Int?, pair: Int) throws -> PairedResult {
    let labels = [Int](repeating: 0, count: 400)
    func right(_ share: Int) -> Evaluation {
      certain(labels, (0..<400).map { $0 * 1000 < share * 400 ? 0 : 1 }, classCount: 2)
    }
    return try #require(
      PairedBootstrap(resamples: 2000, key: key.child("pair", pair)).interval(
        repetitions: [
          RepetitionPair(
            sampleIndices: Array(0..<400), method: right(method), reference: reference.map(right))
        ], metric: .accuracy))
  }

  @Test func meanOverPairsHasTheIntervalOfIndependentPairs() throws {
    let pairs = try (0..<4).map { try result(500, 250, pair: $0) }
    let mean = try #require(PairedResult.mean(over: pairs))
    #expect(mean.mean == 0.5 && mean.sd == 0 && mean.gain == 0.25)
    // Four times the samples, so half the width.
    let (low, high) = try (#require(mean.ciLow), #require(mean.ciHigh))
    let reach = 1.96 * (0.25 / 1600).squareRoot()
    #expect(abs(high - low - 2 * reach) < 0.2 * reach)
    let (gainLow, gainHigh) = try (#require(mean.gainLow), #require(mean.gainHigh))
    let gainReach = 1.96 * ((0.25 - 0.0625) / 1600).squareRoot()
    #expect(abs(gainHigh - gainLow - 2 * gainReach) < 0.2 * gainReach)
    #expect(mean.verdict(.higherIsBetter) == .positive)
  }

  @Test func pairsWithoutAReferenceCountForTheScoreAlone() throws {
    let mean = try #require(
      PairedResult.mean(over: [result(750, 500, pair: 0), result(250, nil, pair: 1)]))
    #expect(mean.mean == 0.5 && mean.gain == 0.25)
    #expect(agrees(mean.sd, 0.125.squareRoot()))
  }

  @Test func meanOfNoPairsIsNone() {
    #expect(PairedResult.mean(over: []) == nil)
  }

  @Test func valuesAloneHaveStudentsInterval() throws {
    // Of 1, 2, 3: mean 2, deviation 1; with two degrees of freedom t(0.975) = √2 · 0.95 / √(1 − 0.95²).
    let result = PairedResult(values: [1, 2, 3])
    #expect(result.mean == 2 && result.sd == 1 && result.gain == nil)
    let quantile = 2.0.squareRoot() * 0.95 / (1 - 0.95 * 0.95).squareRoot()
    let reach = quantile / 3.0.squareRoot()
    #expect(abs(try #require(result.ciLow) - (2 - reach)) < 1e-12)
    #expect(abs(try #require(result.ciHigh) - (2 + reach)) < 1e-12)
    let single = PairedResult(values: [5])
    #expect(single.mean == 5 && single.sd == nil && single.ciLow == nil)
    #expect(single.gainAsScore([]) == nil)
  }

  @Test func fitsThatVaryShareTheirDegreesOfFreedomOverPairs() throws {
    // Three repetitions a pair, all right or all wrong: the variances are those of 1, 1, 0.
    let labels = [Int](repeating: 0, count: 10)
    let right = certain(labels, labels, classCount: 2)
    let wrong = certain(labels, labels.map { _ in 1 }, classCount: 2)
    let pairs = try (0..<4).map { pair in
      try #require(
        PairedBootstrap(resamples: 100, key: key.child("pair", pair)).interval(
          repetitions: [right, right, wrong].map {
            RepetitionPair(sampleIndices: Array(0..<10), method: $0, reference: nil)
          }, metric: .accuracy))
    }
    let mean = try #require(PairedResult.mean(over: pairs))
    // t(0.975; 8) √(⅓ / 3 / 4).
    let reach = 2.306_004_135 / 6
    #expect(abs(try #require(mean.ciHigh) - (2.0 / 3 + reach)) < 1e-8)
  }
}
