public import Randomness

/// One repetition of an experiment: a method and its reference on the same test samples.
public struct RepetitionPair: Sendable {
  /// The identity of each test sample in the target, such as its row there.
  ///
  /// Samples with one identity in several repetitions are the same sample.
  public let sampleIndices: [Int]
  /// The method on these samples.
  public let method: Evaluation
  /// The reference on these samples, or on its own; nil where there is none.
  public let reference: Evaluation?
  /// The identities of the reference's samples where they aren't the method's.
  public let referenceSampleIndices: [Int]?

  /// A method and its reference, if any, on the same samples.
  public init(sampleIndices: [Int], method: Evaluation, reference: Evaluation?) {
    precondition(
      sampleIndices.count == method.sampleCount,
      "A repetition has one sample identity for each test sample.")
    precondition(
      reference.map { $0.labels == method.labels } ?? true,
      "Paired evaluations are of the same samples.")
    self.sampleIndices = sampleIndices
    self.method = method
    self.reference = reference
    self.referenceSampleIndices = nil
  }

  /// A method, and a reference on samples of another domain.
  ///
  /// For drift against the source: the method on the target, the source's model on the source. The
  /// two domains are resampled independently, so nothing is paired but the repetition.
  public init(
    sampleIndices: [Int], method: Evaluation, referenceSampleIndices: [Int], reference: Evaluation
  ) {
    precondition(
      sampleIndices.count == method.sampleCount
        && referenceSampleIndices.count == reference.sampleCount,
      "A repetition has one sample identity for each test sample.")
    self.sampleIndices = sampleIndices
    self.method = method
    self.reference = reference
    self.referenceSampleIndices = referenceSampleIndices
  }
}

/// Intervals of scores and gains over test samples and repetitions together.
///
/// Repetitions test on overlapping parts of one target, so neither samples nor repetitions alone
/// are independent. Both are resampled, crossed: the target's samples with replacement, with one
/// multiplicity for a sample in every repetition, and the repetitions with replacement. With one
/// repetition only the samples are resampled.
///
/// A. B. Owen. "The pigeonhole bootstrap." The Annals of Applied Statistics 1(2), 2007,
/// doi:10.1214/07-AOAS122. For crossed random effects no bootstrap is exact. With several
/// repetitions this one errs on the wide side: noise that belongs to one sample in one repetition
/// is counted up to three times, so where it is all there is, nominal 95 % intervals cover more
/// than 99 %. With one repetition an interval knows nothing of the variance between repetitions,
/// and is too narrow where that is large.
///
/// ```
/// resample:  w ~ multinomial over the N samples tested anywhere,  m ~ multinomial over R
/// score* = Σ_r m_r s(method_r; w) / Σ_r m_r                                                 (1)
/// gain*  = Σ_r m_r (s(method_r; w) − s(reference_r; w)) / Σ_r m_r                           (2)
/// interval: the (1 − level)/2 and (1 + level)/2 quantiles, linearly interpolated            (3)
/// p = min(1, 2 (1 + min(#gain* ≤ 0, #gain* ≥ 0)) / (B + 1))                                 (4)
/// ```
///
/// Resamples under which a score isn't defined, such as an AUROC with one class, are left out for
/// that score; where they are more than half, there is no interval. A gain that is 0 but for the
/// rounding of sums is 0. Resamples depend on the key, the samples and the number of repetitions
/// alone, so metrics and methods share them.
public struct PairedBootstrap: Sendable, Hashable {
  /// The number of resamples, B.
  public let resamples: Int
  /// The level of the intervals.
  public let level: Double
  private let key: RandomKey

  /// A bootstrap whose resamples the key names.
  public init(resamples: Int = 1000, level: Double = 0.95, key: RandomKey) {
    precondition(resamples > 0, "A bootstrap needs resamples.")
    precondition(level > 0 && level < 1, "The level of an interval lies between 0 and 1.")
    self.resamples = resamples
    self.level = level
    self.key = key
  }

  /// The score and gain of any statistic; nil where it applies to no repetition.
  public func interval(
    repetitions: [RepetitionPair],
    statistic: @escaping @Sendable (Evaluation, _ weights: [Double]) -> Double?
  ) -> PairedResult? {
    interval(repetitions: repetitions, statistic: Statistic(id: "statistic", value: statistic))
  }

  /// The score and gain of a statistic; nil where it applies to no repetition.
  public func interval(repetitions: [RepetitionPair], statistic: Statistic) -> PairedResult? {
    intervals(repetitions: repetitions, statistics: [statistic])[0]
  }

  /// The score and gain of a metric; nil where it applies to no repetition.
  public func interval(repetitions: [RepetitionPair], metric: Metric) -> PairedResult? {
    interval(repetitions: repetitions, statistic: metric.statistic)
  }

  /// The bias and bias drift of a group measure; nil where it applies to no repetition.
  public func interval(
    repetitions: [RepetitionPair], metric: GroupMetric, group: String
  ) -> PairedResult? {
    interval(repetitions: repetitions, statistic: metric.statistic(group: group))
  }

  /// The score and gain of each statistic, from the same resamples, in their order.
  ///
  /// The same results as one statistic at a time, for less work.
  ///
  /// - Complexity: O(B R n) for each statistic, n samples a repetition.
  public func intervals(
    repetitions: [RepetitionPair], statistics: [Statistic]
  ) -> [PairedResult?] {
    let target = SamplePool(repetitions.map(\.sampleIndices))
    let other = SamplePool(repetitions.map { $0.referenceSampleIndices ?? [] })
    let prepared = statistics.map { statistic in
      repetitions.map { PreparedPair($0, statistic) }
    }
    let applicable = statistics.indices.filter { place in
      prepared[place].contains { $0.score != nil }
    }
    guard !applicable.isEmpty else { return statistics.map { _ in nil } }
    var draws = statistics.map { _ in Draws() }
    var targetStream = RandomStream(key.child("samples"))
    var otherStream = RandomStream(key.child("reference-samples"))
    var repetitionStream = RandomStream(key.child("repetitions"))
    var weights: [Double] = []
    var otherWeights: [Double] = []

    for _ in 0..<resamples {
      let multiplicities = Self.draw(from: repetitions.count, &repetitionStream)
      let targetCounts = Self.draw(from: target.count, &targetStream)
      let otherCounts = Self.draw(from: other.count, &otherStream)
      for (index, repetition) in repetitions.enumerated() where multiplicities[index] > 0 {
        SamplePool.gather(targetCounts, target.places[index], into: &weights)
        let isElsewhere = repetition.referenceSampleIndices != nil
        if isElsewhere { SamplePool.gather(otherCounts, other.places[index], into: &otherWeights) }
        for place in applicable {
          draws[place].add(
            prepared[place][index], multiplicity: multiplicities[index], weights: weights,
            referenceWeights: isElsewhere ? otherWeights : weights)
        }
      }
      for place in applicable { draws[place].endResample() }
    }
    return statistics.indices.map { result(prepared[$0], draws[$0]) }
  }

  /// How often each of `count` things comes in `count` draws with replacement.
  private static func draw(from count: Int, _ stream: inout RandomStream) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    for _ in 0..<count { counts[stream.integer(below: count)] += 1 }
    return counts
  }

  private func result(_ pairs: [PreparedPair], _ draws: Draws) -> PairedResult? {
    let scores = pairs.compactMap(\.score)
    guard !scores.isEmpty else { return nil }
    let gains = pairs.compactMap(\.gain)
    return PairedResult(
      scores: scores, gains: gains, resampledScores: draws.scores, resampledGains: draws.gains,
      resamples: resamples, level: level)
  }
}

/// The samples that all repetitions test on together, each once.
private struct SamplePool {
  /// The number of different samples.
  let count: Int
  /// The place in the pool of each sample of each repetition.
  let places: [[Int]]

  init(_ identities: [[Int]]) {
    var different: [Int] = []
    for identity in identities.joined().sorted() where identity != different.last {
      different.append(identity)
    }
    count = different.count
    places = identities.map { $0.map { Self.place(of: $0, in: different) } }
  }

  private static func place(of identity: Int, in sorted: [Int]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < identity { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The weight of each sample of a repetition.
  static func gather(_ counts: [Double], _ places: [Int], into weights: inout [Double]) {
    weights.removeAll(keepingCapacity: true)
    for place in places { weights.append(counts[place]) }
  }
}

/// A statistic of one repetition, ready for any weights.
private struct PreparedPair {
  let method: Statistic.Prepared?
  let reference: Statistic.Prepared?
  /// The score with every sample counted once.
  let score: Double?
  /// The gain with every sample counted once.
  let gain: Double?

  init(_ pair: RepetitionPair, _ statistic: Statistic) {
    let method = statistic.prepared(pair.method)
    let reference = pair.reference.flatMap(statistic.prepared)
    score = method?(pair.method.unitWeights)
    let other = pair.reference.flatMap { reference?($0.unitWeights) }
    if let score, let other {
      gain = score - other
    } else {
      gain = nil
    }
    self.method = score == nil ? nil : method
    self.reference = gain == nil ? nil : reference
  }
}

/// The resampled scores and gains of one statistic.
private struct Draws {
  private(set) var scores: [Double] = []
  private(set) var gains: [Double] = []
  private var score = WeightedSum()
  private var gain = WeightedSum()

  /// Adds a repetition's terms of (1) and (2) to the present resample.
  mutating func add(
    _ pair: PreparedPair, multiplicity: Double, weights: [Double], referenceWeights: [Double]
  ) {
    guard let method = pair.method else { return }
    let value = method(weights)
    score.add(value, multiplicity: multiplicity, magnitude: abs(value ?? 0))
    guard let reference = pair.reference else { return }
    guard let value, let other = reference(referenceWeights) else {
      gain.add(nil, multiplicity: multiplicity, magnitude: 0)
      return
    }
    gain.add(value - other, multiplicity: multiplicity, magnitude: abs(value) + abs(other))
  }

  mutating func endResample() {
    if let mean = score.mean { scores.append(mean) }
    if let mean = gain.mean { gains.append(mean) }
    score = WeightedSum()
    gain = WeightedSum()
  }
}

/// The mean of one resample over the repetitions drawn.
private struct WeightedSum {
  private var sum = 0.0
  private var weight = 0.0
  private var magnitude = 0.0
  private var isDefined = true

  mutating func add(_ value: Double?, multiplicity: Double, magnitude: Double) {
    guard let value else {
      isDefined = false
      return
    }
    sum += multiplicity * value
    weight += multiplicity
    self.magnitude += multiplicity * magnitude
  }

  /// The mean; nil where a term was undefined or no repetition was drawn.
  ///
  /// Sums of few numbers are exact to some 1e-16 of their magnitude: what is below 1e-13 of it is
  /// the rounding of 0, and must not decide a verdict.
  var mean: Double? {
    guard isDefined, weight > 0 else { return nil }
    return abs(sum) <= 1e-13 * magnitude ? 0 : sum / weight
  }
}
