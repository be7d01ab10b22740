import Randomness

/// The resamples of a bootstrap: how often each sample and each repetition counts in each.
///
/// Made once and shared by every method that is tested on the same samples.
public struct Resampling: Sendable {
  /// The number of resamples, B.
  public let count: Int
  /// The level of the intervals.
  let level: Double
  /// The multiplicity of each repetition in each resample, B × R.
  let multiplicities: [Double]
  /// The number of different samples, N.
  private let poolCount: Int
  /// The multiplicity of each different sample in each resample, B × N.
  private let sampleCounts: [Double]
  /// The place among the different samples of each sample of each repetition.
  private let places: [[Int]]

  /// Resamples of the samples tested in each repetition, named by their identities.
  init(
    sampleIndices: [[Int]], count: Int, level: Double, samples: RandomKey, repetitions: RandomKey
  ) {
    var different: [Int] = []
    for identity in sampleIndices.joined().sorted() where identity != different.last {
      different.append(identity)
    }
    self.count = count
    self.level = level
    poolCount = different.count
    places = sampleIndices.map { $0.map { Self.place(of: $0, in: different) } }
    multiplicities = Self.draws(count, from: sampleIndices.count, RandomStream(repetitions))
    sampleCounts = Self.draws(count, from: different.count, RandomStream(samples))
  }

  /// For each resample, how often each of `size` things comes in as many draws with replacement.
  private static func draws(_ resamples: Int, from size: Int, _ stream: RandomStream) -> [Double] {
    var stream = stream
    var counts = [Double](repeating: 0, count: resamples * size)
    for resample in 0..<resamples {
      for _ in 0..<size { counts[resample * size + stream.integer(below: size)] += 1 }
    }
    return counts
  }

  private static func place(of identity: Int, in sorted: [Int]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < identity { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of repetitions, R.
  var repetitions: Int { places.count }

  /// Each statistic of the repetitions' evaluations under every resample; nil where it applies to
  /// no repetition.
  ///
  /// - Complexity: O(B R n) for each table of counts that the statistics need; those that need the
  ///   same one share it.
  public func scores(
    of evaluations: [Evaluation], statistics: [Statistic]
  ) -> [ResampledScores?] {
    precondition(
      evaluations.map(\.sampleCount) == places.map(\.count),
      "A resampling is of the samples of the evaluations.")
    var scores = statistics.map { _ in ResampledScores(resamples: count, repetitions: repetitions) }
    sampleCounts.withUnsafeBufferPointer { counts in
      for (repetition, evaluation) in evaluations.enumerated() {
        let unit = SampleWeights(evaluation.unitWeights)
        let weights = SampleWeights(evaluation.unitWeights)
        let prepared = statistics.enumerated().compactMap { index, statistic in
          statistic.prepared(evaluation).flatMap { prepared -> (Int, Statistic.Prepared)? in
            scores[index].whole[repetition] = prepared(unit)
            return scores[index].whole[repetition] == nil ? nil : (index, prepared)
          }
        }
        for resample in 0..<count where multiplicities[resample * repetitions + repetition] > 0 {
          weights.replace(
            counts: UnsafeBufferPointer(
              rebasing: counts[resample * poolCount..<(resample + 1) * poolCount]),
            at: places[repetition])
          for (index, statistic) in prepared {
            scores[index].draws[resample * repetitions + repetition] = statistic(weights) ?? .nan
          }
        }
      }
    }
    return scores.map { $0.whole.contains { $0 != nil } ? $0 : nil }
  }
}

/// One statistic of every repetition, with every sample counted once and under every resample.
public struct ResampledScores: Sendable {
  /// The statistic of each repetition; nil where it doesn't apply.
  fileprivate(set) var whole: [Double?]
  /// The statistic of each resample and repetition, B × R; not a number where it is undefined or
  /// the resample doesn't hold the repetition.
  fileprivate(set) var draws: [Double]

  fileprivate init(resamples: Int, repetitions: Int) {
    whole = Array(repeating: nil, count: repetitions)
    draws = Array(repeating: .nan, count: resamples * repetitions)
  }
}

extension PairedResult {
  /// The score of a method and its gain over a reference that was resampled alike: (1) to (4) of
  /// `PairedBootstrap`.
  public init(_ method: ResampledScores, over reference: ResampledScores?, _ resampling: Resampling)
  {
    let repetitions = resampling.repetitions
    var scores: [Double] = []
    var gains: [Double] = []
    for resample in 0..<resampling.count {
      var score = WeightedSum()
      var gain = WeightedSum()
      for repetition in 0..<repetitions where method.whole[repetition] != nil {
        let index = resample * repetitions + repetition
        let multiplicity = resampling.multiplicities[index]
        guard multiplicity > 0 else { continue }
        let value = method.draws[index]
        score.add(value, multiplicity: multiplicity, magnitude: abs(value))
        if let reference, reference.whole[repetition] != nil {
          let other = reference.draws[index]
          gain.add(value - other, multiplicity: multiplicity, magnitude: abs(value) + abs(other))
        }
      }
      if let mean = score.mean { scores.append(mean) }
      if let mean = gain.mean { gains.append(mean) }
    }
    let pairs = zip(method.whole, reference?.whole ?? [])
    self.init(
      scores: method.whole.compactMap(\.self),
      gains: pairs.compactMap { own, other in own.flatMap { own in other.map { own - $0 } } },
      resampledScores: scores, resampledGains: gains, resamples: resampling.count,
      level: resampling.level)
  }
}

/// The mean of one resample over the repetitions drawn.
private struct WeightedSum {
  private var sum = 0.0
  private var weight = 0.0
  private var magnitude = 0.0

  mutating func add(_ value: Double, multiplicity: Double, magnitude: Double) {
    sum += multiplicity * value
    weight += multiplicity
    self.magnitude += multiplicity * magnitude
  }

  /// The mean; nil where a term was undefined or no repetition was drawn.
  ///
  /// Sums of few numbers are exact to some 1e-16 of their magnitude: what is below 1e-13 of it is
  /// the rounding of 0, and must not decide a verdict.
  var mean: Double? {
    guard weight > 0, !sum.isNaN else { return nil }
    return abs(sum) <= 1e-13 * magnitude ? 0 : sum / weight
  }
}
