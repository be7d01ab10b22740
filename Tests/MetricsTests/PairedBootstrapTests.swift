import Domains
import LinearAlgebra
import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct PairedBootstrapTests {
  private let key = RandomKey(seed: 11)

  private func pair(
    _ method: Evaluation, _ reference: Evaluation? = nil, indices: [Int]? = nil
  ) -> RepetitionPair {
    RepetitionPair(
      sampleIndices: indices ?? Array(0..<method.sampleCount), method: method, reference: reference)
  }

  @Test func sameMethodAndReferenceGainNothing() throws {
    let statistics =
      (MetricRegistry.task + MetricRegistry.classBias).map(\.statistic)
      + MetricRegistry.group.map { $0.statistic(group: "sex") }
    let repetitions = (0..<3).map { repetition in
      let evaluation = random(50, classCount: 2, key: key.child("data", repetition))
      return pair(evaluation, evaluation)
    }
    let bootstrap = PairedBootstrap(resamples: 200, key: key)
    var applied = 0
    for result in bootstrap.intervals(repetitions: repetitions, statistics: statistics) {
      guard let result else { continue }
      applied += 1
      #expect(result.gain == 0 && result.gainLow == 0 && result.gainHigh == 0)
      #expect(result.pValue == 1)
      #expect(result.verdict(.higherIsBetter) == .neutral)
    }
    #expect(applied == 24)
  }

  @Test func sameKeySameIntervals() {
    let repetitions = (0..<3).map { repetition in
      let method = random(60, classCount: 3, key: key.child("data", repetition))
      return pair(method, clustering(of: method), indices: (0..<60).map { $0 + 20 * repetition })
    }
    let bootstrap = PairedBootstrap(resamples: 100, key: key)
    let metrics: [Metric] = [.accuracy, .macroF1, .ece]
    let together = bootstrap.intervals(
      repetitions: repetitions, statistics: metrics.map(\.statistic))
    for (metric, result) in zip(metrics, together) {
      #expect(bootstrap.interval(repetitions: repetitions, metric: metric) == result)
      let unprepared = bootstrap.interval(repetitions: repetitions) {
        metric.value($0, weights: $1)
      }
      #expect(unprepared == result)
    }
    let other = PairedBootstrap(resamples: 100, key: RandomKey(seed: 12))
    #expect(other.interval(repetitions: repetitions, metric: .macroF1) != together[1])
  }

  @Test func twoSamplesOneRight() throws {
    // Resampled accuracies are 0, ½, 1 with probabilities ¼, ½, ¼.
    let result = try #require(
      PairedBootstrap(key: key).interval(
        repetitions: [pair(certain([0, 1], [0, 0], classCount: 2))], metric: .accuracy))
    #expect(result.mean == 0.5 && result.ciLow == 0 && result.ciHigh == 1)
    #expect(result.sd == nil && result.gain == nil && result.pValue == nil)
    #expect(result.verdict(.higherIsBetter) == nil)
    let narrow = try #require(
      PairedBootstrap(level: 0.4, key: key).interval(
        repetitions: [pair(certain([0, 1], [0, 0], classCount: 2))], metric: .accuracy))
    #expect(narrow.ciLow == 0.5 && narrow.ciHigh == 0.5)
  }

  @Test func intervalOfManySamplesIsTheNormalOne() throws {
    let labels = [Int](repeating: 0, count: 1000)
    let predicted = (0..<1000).map { $0 < 700 ? 0 : 1 }
    let result = try #require(
      PairedBootstrap(resamples: 4000, key: key).interval(
        repetitions: [pair(certain(labels, predicted, classCount: 2))], metric: .accuracy))
    let reach = 1.96 * (0.7 * 0.3 / 1000).squareRoot()
    let (low, high) = try (#require(result.ciLow), #require(result.ciHigh))
    // A quantile of 4,000 draws is off by about 0.04 of the reach; four times that.
    #expect(abs(low - (0.7 - reach)) < 0.16 * reach)
    #expect(abs(high - (0.7 + reach)) < 0.16 * reach)
  }

  @Test func gainOfManySamplesIsTheNormalOne() throws {
    // 150 positive and 50 negative flips of 1,000: variance (b + c − (c − b)²/n)/n².
    let labels = [Int](repeating: 0, count: 1000)
    let reference = certain(labels, (0..<1000).map { $0 < 600 ? 0 : 1 }, classCount: 2)
    let method = certain(
      labels, (0..<1000).map { (50..<750).contains($0) ? 0 : 1 }, classCount: 2)
    let result = try #require(
      PairedBootstrap(resamples: 4000, key: key).interval(
        repetitions: [pair(method, reference)], metric: .accuracy))
    let gain = try #require(result.gain)
    #expect(abs(gain - 0.1) < 1e-12)
    let reach = 1.96 * (200.0 - 10).squareRoot() / 1000
    let (low, high) = try (#require(result.gainLow), #require(result.gainHigh))
    #expect(abs(low - (0.1 - reach)) < 0.16 * reach)
    #expect(abs(high - (0.1 + reach)) < 0.16 * reach)
    #expect(result.pValue == 2.0 / 4001)
    #expect(result.verdict(.higherIsBetter) == .positive)
    #expect(result.verdict(.lowerIsBetter) == .negative)
  }

  @Test func repetitionsShareTheirSamples() throws {
    // One method is right where the other is wrong: where both are drawn, half is right, whatever
    // the samples' weights, if the weights are shared. That is every second resample.
    let labels = [Int](repeating: 0, count: 40)
    let predicted = (0..<40).map { $0 % 2 }
    let repetitions = [
      pair(certain(labels, predicted, classCount: 2)),
      // The same samples in another order.
      pair(
        certain(labels, predicted, classCount: 2),
        indices: (0..<40).map { $0 % 2 == 0 ? $0 + 1 : $0 - 1 }
      ),
    ]
    let result = try #require(
      PairedBootstrap(level: 0.3, key: key).interval(repetitions: repetitions, metric: .accuracy))
    #expect(result.ciLow == 0.5 && result.ciHigh == 0.5)
  }

  @Test func repeatedRepetitionsTellNothingNew() throws {
    let method = random(80, classCount: 2, key: key.child("method"))
    let reference = certain(method.labels, (0..<80).map { $0 % 2 }, classCount: 2)
    let bootstrap = PairedBootstrap(resamples: 300, key: key)
    let once = try #require(
      bootstrap.interval(repetitions: [pair(method, reference)], metric: .accuracy))
    let thrice = try #require(
      bootstrap.interval(
        repetitions: Array(repeating: pair(method, reference), count: 3), metric: .accuracy))
    #expect(agrees(once.ciLow, thrice.ciLow) && agrees(once.ciHigh, thrice.ciHigh))
    #expect(agrees(once.gainLow, thrice.gainLow) && agrees(once.gainHigh, thrice.gainHigh))
    #expect(thrice.sd == 0)
  }

  @Test func repetitionsAreResampled() throws {
    // Samples tell nothing here: all right in one repetition, all wrong in the other.
    let labels = [Int](repeating: 0, count: 10)
    let repetitions = [
      pair(certain(labels, labels, classCount: 2)),
      pair(certain(labels, labels.map { _ in 1 }, classCount: 2)),
    ]
    let result = try #require(
      PairedBootstrap(key: key).interval(repetitions: repetitions, metric: .accuracy))
    #expect(result.mean == 0.5 && result.ciLow == 0 && result.ciHigh == 1)
    #expect(agrees(result.sd, 0.5.squareRoot()))
  }

  @Test func scoreThatIsSeldomDefinedHasNoInterval() throws {
    // One positive among nine is missing in (8/9)⁹ = 35 % of the resamples.
    let sometimes = binary(
      [1, 0, 0, 0, 0, 0, 0, 0, 0], positive: [0.9] + Array(repeating: 0.1, count: 8))
    let bootstrap = PairedBootstrap(key: key)
    let result = try #require(
      bootstrap.interval(repetitions: [pair(sometimes)], metric: .auroc))
    #expect(result.mean == 1 && result.ciLow == 1 && result.ciHigh == 1)
    // With two repetitions on different samples both must be defined where both are drawn.
    let seldom = try #require(
      bootstrap.interval(
        repetitions: (0..<6).map { repetition in
          pair(sometimes, indices: (0..<9).map { $0 + 9 * repetition })
        }, metric: .auroc))
    #expect(seldom.mean == 1 && seldom.ciLow == nil && seldom.ciHigh == nil)
  }

  @Test func gainNeedsEveryReferenceDrawn() throws {
    let labels = [Int](repeating: 0, count: 10)
    let right = certain(labels, labels, classCount: 2)
    let wrong = certain(labels, labels.map { _ in 1 }, classCount: 2)
    // The reference has no value without its first sample: in 35 % of the resamples each.
    let statistic = Statistic(id: "needs the first sample") { evaluation, weights in
      evaluation.isCorrect(0) || weights[0] > 0 ? 1 : nil
    }
    let result = try #require(
      PairedBootstrap(key: key).interval(
        repetitions: (0..<6).map { repetition in
          pair(right, wrong, indices: (0..<10).map { $0 + 10 * repetition })
        }, statistic: statistic))
    #expect(result.ciLow == 1 && result.gain == 0)
    #expect(result.gainLow == nil && result.gainHigh == nil && result.pValue == nil)
    #expect(result.verdict(.higherIsBetter) == .neutral)
  }

  @Test func scoreThatDoesNotApplyHasNoResult() {
    let evaluation = random(20, classCount: 3, key: key)
    let bootstrap = PairedBootstrap(resamples: 10, key: key)
    #expect(bootstrap.interval(repetitions: [pair(evaluation)], metric: .auroc) == nil)
    #expect(bootstrap.interval(repetitions: [], metric: .accuracy) == nil)
    #expect(bootstrap.interval(repetitions: [pair(evaluation)], metric: .accuracy) != nil)
    let result = bootstrap.interval(
      repetitions: [pair(evaluation, clustering(of: evaluation))], metric: .logLoss)
    #expect(result != nil && result?.gain == nil && result?.verdict(.lowerIsBetter) == nil)
  }

  @Test func oneSampleHasAPoint() throws {
    let result = try #require(
      PairedBootstrap(resamples: 20, key: key).interval(
        repetitions: [pair(certain([0], [0], classCount: 2), certain([0], [1], classCount: 2))],
        metric: .accuracy))
    #expect(result.ciLow == 1 && result.ciHigh == 1 && result.gainLow == 1)
    #expect(result.pValue == 2.0 / 21)
  }

  @Test func roundingDecidesNoVerdict() throws {
    // The gains 0.1, 0.2 and −0.3 sum to 0 but for rounding.
    let bootstrap = PairedBootstrap(level: 0.1, key: key)
    let labels = [Int](repeating: 0, count: 10)
    func right(_ count: Int) -> Evaluation {
      certain(labels, (0..<10).map { $0 < count ? 0 : 1 }, classCount: 2)
    }
    let repetitions = [
      pair(right(1), right(0)), pair(right(2), right(0)), pair(right(0), right(3)),
    ]
    let fixed = Statistic(id: "unweighted") { evaluation, _ in
      Metric.accuracy.value(evaluation)
    }
    let result = try #require(bootstrap.interval(repetitions: repetitions, statistic: fixed))
    #expect(result.gainLow == 0 && result.gainHigh == 0)
    #expect(result.verdict(.higherIsBetter) == .neutral)
  }

  @Test func referenceOnOtherSamplesIsResampledByItself() throws {
    let labels = [Int](repeating: 0, count: 400)
    let method = certain(labels, (0..<400).map { $0 < 200 ? 0 : 1 }, classCount: 2)
    let bootstrap = PairedBootstrap(resamples: 2000, key: key)
    let independent = try #require(
      bootstrap.interval(
        repetitions: [
          RepetitionPair(
            sampleIndices: Array(0..<400), method: method,
            referenceSampleIndices: Array(0..<400), reference: method)
        ], metric: .accuracy))
    #expect(independent.gain == 0)
    let high = try #require(independent.gainHigh)
    let reach = 1.96 * (2 * 0.25 / 400).squareRoot()
    #expect(abs(high - reach) < 0.2 * reach)
  }

  @Test func biasDriftOfAGroupMeasure() throws {
    let count = 400
    let sex = Domain.Group(
      name: "sex", levels: ["female", "male"], members: (0..<count).map { $0 % 2 })
    let labels = [Int](repeating: 1, count: count)
    // The reference is right on 80 % of both, the method on 50 % of the women.
    let reference = certain(
      labels, (0..<count).map { $0 / 2 % 10 < 8 ? 1 : 0 }, classCount: 2, groups: [sex])
    let method = certain(
      labels, (0..<count).map { $0 / 2 % 10 < ($0 % 2 == 0 ? 5 : 8) ? 1 : 0 }, classCount: 2,
      groups: [sex])
    let result = try #require(
      PairedBootstrap(key: key).interval(
        repetitions: [pair(method, reference)], metric: .accuracyGap, group: "sex"))
    #expect(agrees(result.gain, 0.3))
    #expect(result.verdict(GroupMetric.accuracyGap.direction) == .negative)
  }
}
