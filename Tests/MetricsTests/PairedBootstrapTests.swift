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
    }
    let other = PairedBootstrap(resamples: 100, key: RandomKey(seed: 12))
    #expect(other.interval(repetitions: repetitions, metric: .macroF1) != together[1])
  }

  @Test func oneRepetitionHasThePercentileIntervalWidenedForFewSamples() throws {
    // Resampled accuracies of 40, half of them right, are binomial: quantiles 14/40 and 26/40,
    // their distance from the middle times t(39) √(40/39) / z.
    let labels = [Int](repeating: 0, count: 40)
    let result = try #require(
      PairedBootstrap(key: key).interval(
        repetitions: [pair(certain(labels, (0..<40).map { $0 % 2 }, classCount: 2))],
        metric: .accuracy))
    let reach = 6.0 / 40 * 2.022_690_92 / 1.959_963_98 * (40.0 / 39).squareRoot()
    #expect(result.mean == 0.5)
    #expect(abs(try #require(result.ciLow) - (0.5 - reach)) < 1e-6)
    #expect(abs(try #require(result.ciHigh) - (0.5 + reach)) < 1e-6)
    #expect(result.sd == nil && result.gain == nil && result.pValue == nil)
    #expect(result.verdict(.higherIsBetter) == nil)
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
    #expect(agrees(result.pValue, 2.0 / 4001))
    #expect(result.verdict(.higherIsBetter) == .positive)
    #expect(result.verdict(.lowerIsBetter) == .negative)
  }

  @Test func repetitionsShareTheirSamples() throws {
    // One repetition is right where the other is wrong: half is right, whatever the weights, if
    // the weights are shared. The repetitions score alike too, so nothing varies.
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
      PairedBootstrap(resamples: 300, key: key).interval(
        repetitions: repetitions, metric: .accuracy))
    #expect(agrees(result.ciLow, 0.5) && agrees(result.ciHigh, 0.5))
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

  @Test func whereFitsAloneVaryTheIntervalIsStudents() throws {
    // Samples tell nothing here: all right in two repetitions, all wrong in the third.
    let labels = [Int](repeating: 0, count: 10)
    let right = certain(labels, labels, classCount: 2)
    let wrong = certain(labels, labels.map { _ in 1 }, classCount: 2)
    let result = try #require(
      PairedBootstrap(key: key).interval(
        repetitions: [pair(right, wrong), pair(right, right), pair(wrong, wrong)],
        metric: .accuracy))
    let student = try #require(StudentInterval([1, 1, 0]))
    #expect(agrees(result.ciLow, student.low) && agrees(result.ciHigh, student.high))
    let gain = try #require(StudentInterval([1, 0, 0]))
    #expect(agrees(result.gainLow, gain.low) && agrees(result.gainHigh, gain.high))
    // With two degrees of freedom P(|t| > 1) = 1 − 1/√3.
    #expect(abs(try #require(result.pValue) - (1 - 1 / 3.0.squareRoot())) < 1e-6)
  }

  @Test func probabilityMatchesTheInterval() throws {
    // The level at which the interval ends at 0 is the probability.
    let repetitions = (0..<3).map { repetition in
      pair(
        random(60, classCount: 2, skill: 1.2, key: key.child("method", repetition)),
        indices: (0..<60).map { $0 + 20 * repetition })
    }.map { own in
      RepetitionPair(
        sampleIndices: own.sampleIndices, method: own.method,
        reference: certain(
          own.method.labels, (0..<60).map { $0 % 5 == 0 ? 0 : own.method.predictedClasses[$0] },
          classCount: 2))
    }
    let result = try #require(
      PairedBootstrap(resamples: 500, key: key).interval(
        repetitions: repetitions, metric: .accuracy))
    let (gain, p) = try (#require(result.gain), #require(result.pValue))
    #expect(p > 0.001 && p < 0.999)
    let low = try #require(result.gainLow)
    #expect((p < 0.05) == (gain > 0 ? low > 0 : (result.gainHigh ?? 0) < 0))
  }

  @Test func methodsTogetherAreResampledAsEachAlone() throws {
    // As many resamples as fill blocks of several keys, the last in part.
    let bootstrap = PairedBootstrap(resamples: 5000, key: key)
    let methods = (0..<3).map { method in
      (0..<2).map { random(70, classCount: 2, key: key.child("method", method).child("r", $0)) }
    }
    let resampling = bootstrap.resampling([Array(0..<70), Array(20..<90)])
    let statistics = [Metric.accuracy, .macroF1, .auroc].map(\.statistic)
    let together = resampling.scores(ofEach: methods, statistics: statistics)
    for (method, scores) in zip(methods, together) {
      let alone = resampling.scores(of: method, statistics: statistics)
      for (score, other) in zip(scores, alone) {
        let (score, other) = try (#require(score), #require(other))
        #expect(
          PairedResult(score, over: nil, resampling) == PairedResult(other, over: nil, resampling))
      }
    }
  }

  /// No probability is below what the resamples can tell, however sure several repetitions are.
  @Test(arguments: [400, 300, 240, 220])
  func probabilitiesAreNoLessThanResamplesTell(right: Int) throws {
    let labels = [Int](repeating: 0, count: 400)
    let repetitions = (0..<5).map { repetition in
      pair(
        certain(
          labels, (0..<400).map { $0 < right - repetition ? 0 : 1 }, classCount: 2),
        certain(
          labels, (0..<400).map { ($0 * 7 + repetition * 13) % 400 < 200 ? 0 : 1 }, classCount: 2))
    }
    let result = try #require(
      PairedBootstrap(resamples: 999, key: key).interval(
        repetitions: repetitions, metric: .accuracy))
    let probability = try #require(result.pValue)
    #expect(probability >= 0.002 && probability <= 1)
    if right == 400 { #expect(probability == 0.002) }
    if right == 220 { #expect(probability > 0.002) }
  }

  @Test func gainAloneIsThatOfTheWholeResult() throws {
    let bootstrap = PairedBootstrap(resamples: 300, key: key)
    let resampling = bootstrap.resampling([Array(0..<50)])
    let statistics = [Metric.accuracy.statistic]
    func scores(_ name: String) throws -> ResampledScores {
      let evaluation = random(50, classCount: 2, key: key.child(name))
      return try #require(resampling.scores(of: [evaluation], statistics: statistics)[0])
    }
    let (method, reference) = try (scores("method"), scores("reference"))
    let whole = PairedResult(method, over: reference, resampling)
    let alone = PairedResult.gain(of: method, over: reference, resampling, gains: [0.5, 0.25])
    #expect(alone != nil && alone == whole.gainAsScore([0.5, 0.25]))
  }

  @Test func lanesAgreeWithTheirStatistics() throws {
    // What is computed for many resamples at once, against one resample after another.
    let metrics = (MetricRegistry.task + MetricRegistry.classBias).filter(\.isResampled)
    let groups = MetricRegistry.group.filter(\.isResampled)
    let statistics =
      metrics.map(\.statistic) + groups.map { $0.statistic(group: "sex") }
      + [GroupAccuracy.statistic(group: "sex", level: "male")]
    for classCount in [2, 4] {
      for isClustering in [false, true] {
        let repetitions = (0..<2).map { repetition in
          let method = random(
            70, classCount: classCount, key: key.child("data", repetition))
          return pair(
            isClustering ? clustering(of: method) : method, method,
            indices: (0..<70).map { $0 + 10 * repetition })
        }
        let bootstrap = PairedBootstrap(resamples: 300, key: key)
        let together = bootstrap.intervals(repetitions: repetitions, statistics: statistics)
        var applied = 0
        for (statistic, result) in zip(statistics, together) {
          let own = statistic.settled(on: repetitions.map(\.method))
          let base = statistic.settled(on: repetitions.compactMap(\.reference))
          let plain = bootstrap.interval(repetitions: repetitions) {
            ($0.clusters == nil ? base : own).value($0, weights: $1)
          }
          #expect((result == nil) == (plain == nil))
          guard let result, let plain else { continue }
          applied += 1
          // Sums of real numbers are in single precision.
          for (value, expected) in [
            (result.ciLow, plain.ciLow), (result.ciHigh, plain.ciHigh),
            (result.gainLow, plain.gainLow), (result.gainHigh, plain.gainHigh),
          ] {
            #expect((value == nil) == (expected == nil), "\(statistic.id)")
            #expect(abs((value ?? 0) - (expected ?? 0)) < 2e-6, "\(statistic.id)")
          }
        }
        #expect(applied > 7)
      }
    }
  }

  @Test func scoreThatIsSeldomDefinedHasNoInterval() throws {
    // One positive among nine is missing in (8/9)⁹ = 35 % of the resamples.
    let sometimes = binary(
      [1, 0, 0, 0, 0, 0, 0, 0, 0], positive: [0.9] + Array(repeating: 0.1, count: 8))
    let bootstrap = PairedBootstrap(key: key)
    let result = try #require(
      bootstrap.interval(repetitions: [pair(sometimes)], metric: .auroc))
    #expect(result.mean == 1 && result.ciLow == 1 && result.ciHigh == 1)
    // With two repetitions on different samples both must be defined.
    let seldom = try #require(
      bootstrap.interval(
        repetitions: (0..<2).map { repetition in
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

  @Test func oneSampleHasNoInterval() throws {
    let result = try #require(
      PairedBootstrap(resamples: 20, key: key).interval(
        repetitions: [pair(certain([0], [0], classCount: 2), certain([0], [1], classCount: 2))],
        metric: .accuracy))
    #expect(result.mean == 1 && result.gain == 1)
    #expect(result.ciLow == nil && result.gainLow == nil && result.pValue == nil)
    #expect(result.verdict(.higherIsBetter) == .neutral)
  }

  @Test func samplesAllAlikeHaveAPoint() throws {
    let labels = [0, 0, 0, 0]
    let result = try #require(
      PairedBootstrap(resamples: 20, key: key).interval(
        repetitions: [
          pair(
            certain(labels, labels, classCount: 2), certain(labels, [1, 1, 1, 1], classCount: 2))
        ],
        metric: .accuracy))
    #expect(result.ciLow == 1 && result.gainLow == 1 && result.gainHigh == 1)
    #expect(agrees(result.pValue, 2.0 / 21))
  }

  @Test func roundingDecidesNoVerdict() throws {
    // Scores of 0.1 + 0.2 and 0.3, each the sum of its terms: they differ by rounding.
    let bootstrap = PairedBootstrap(resamples: 100, key: key)
    let labels = [Int](repeating: 0, count: 10)
    let right = certain(labels, labels, classCount: 2)
    let wrong = certain(labels, labels.map { _ in 1 }, classCount: 2)
    let statistic = Statistic(id: "rounded") { evaluation, _ in
      evaluation.isCorrect(0) ? 0.1 + 0.2 : 0.3
    }
    let result = try #require(
      bootstrap.interval(repetitions: [pair(right, wrong)], statistic: statistic))
    #expect(result.gain == 0 && result.gainLow == 0 && result.gainHigh == 0)
    #expect(result.verdict(.higherIsBetter) == .neutral && result.pValue == 1)
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

  @Test(arguments: ["accuracy-gap", "worst-group-accuracy", "recall-gap"])
  func gapOverRepetitionsIsThatOfTheMeanRates(_ id: String) throws {
    // Women are right in 6 and then in 8 of 10, men the other way round.
    let sex = Domain.Group(
      name: "sex", levels: ["female", "male"], members: (0..<20).map { $0 % 2 })
    let labels = (0..<20).map { $0 % 2 }
    let repetitions = [0, 1].map { turned in
      RepetitionPair(
        sampleIndices: Array(0..<20),
        method: certain(
          labels, (0..<20).map { $0 / 2 < ($0 % 2 == turned ? 6 : 8) ? $0 % 2 : 1 - $0 % 2 },
          classCount: 2, groups: [sex]), reference: nil)
    }
    let measure = MetricRegistry.group.first { $0.id == id }
    let metric = MetricRegistry.classBias.first { $0.id == id }
    let statistic = try #require(measure?.statistic(group: "sex") ?? metric?.statistic)
    let result = try #require(
      PairedBootstrap(resamples: 200, key: key).interval(
        repetitions: repetitions, statistic: statistic))
    #expect(agrees(result.mean, id == "worst-group-accuracy" ? 0.7 : 0))
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
