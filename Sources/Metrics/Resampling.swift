internal import CKernels
import Dispatch
import Randomness
import Synchronization

/// The resamples of a bootstrap: how often each sample counts in each.
///
/// Made once and shared by every method that is tested on the same samples. Resamples are drawn and
/// worked on in blocks of `blockWidth`, each block with a key of its own.
public struct Resampling: Sendable {
  /// The number of resamples, B.
  public let count: Int
  /// The level of the intervals.
  let level: Double
  /// The number of different samples, N.
  let poolCount: Int
  /// The place among the different samples of each sample of each repetition.
  private let places: [[Int]]
  private let blocks: [Block]

  /// Some of the resamples.
  private struct Block: Sendable {
    /// The multiplicity of each different sample in each resample, N × lanes; 0 in lanes without a
    /// resample.
    let counts: [UInt8]
    /// The number of resamples.
    let width: Int
    /// The number of lanes, a multiple of `CK_STRIPE`.
    let lanes: Int
    /// The greatest multiplicity.
    let most: UInt8
  }

  /// The number of resamples in a block: those of the first are kept for each repetition, and
  /// statistics without counts see no others.
  static let blockWidth = 1024

  /// Resamples of the samples tested in each repetition, named by their identities.
  init(sampleIndices: [[Int]], count: Int, level: Double, samples: RandomKey) {
    var different: [Int] = []
    for identity in sampleIndices.joined().sorted() where identity != different.last {
      different.append(identity)
    }
    self.count = count
    self.level = level
    poolCount = different.count
    places = sampleIndices.map { $0.map { Self.place(of: $0, in: different) } }
    let poolCount = different.count
    blocks = Self.concurrently((count + Self.blockWidth - 1) / Self.blockWidth) { block in
      Self.draws(
        min(Self.blockWidth, count - block * Self.blockWidth), from: poolCount,
        RandomStream(samples.child("block", block)))
    }
  }

  private static func concurrently<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let value = body(index)
      values.withLock { $0[index] = value }
    }
    return values.withLock { $0.compactMap(\.self) }
  }

  /// For each resample of a block, how often each sample comes in as many draws with replacement.
  ///
  /// One word serves two draws, each ⌊size · 32 bits / 2³²⌋: no sample's probability is off by
  /// more than a share of size/2³². A multiplicity above 255 would not fit; with more than 255
  /// samples its probability is below 10⁻⁵⁰⁰.
  private static func draws(_ width: Int, from size: Int, _ stream: RandomStream) -> Block {
    var stream = stream
    let stripe = Int(CK_STRIPE)
    let lanes = (width + stripe - 1) / stripe * stripe
    var counts = [UInt8](repeating: 0, count: lanes * size)
    var drawn = [UInt8](repeating: 0, count: stripe * size)
    counts.withUnsafeMutableBufferPointer { counts in
      guard let counts = counts.baseAddress else { return }
      for first in stride(from: 0, to: width, by: stripe) {
        drawn.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        for resample in 0..<min(stripe, width - first) {
          ck_count_draws(size, stream.next((size + 1) / 2), resample, &drawn)
        }
        ck_copy_stripe(size, drawn, lanes, counts + first)
      }
    }
    return Block(
      counts: counts, width: width, lanes: lanes, most: ck_greatest_u8(counts.count, counts))
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

  /// Each statistic of the repetitions' evaluations under the resamples; nil where it applies to no
  /// repetition.
  ///
  /// - Complexity: O(B R n) for each table of counts that the statistics need, sixteen or more
  ///   additions an instruction; those that need the same one share it.
  public func scores(
    of evaluations: [Evaluation], statistics: [Statistic]
  ) -> [ResampledScores?] {
    precondition(
      evaluations.map(\.sampleCount) == places.map(\.count),
      "A resampling is of the samples of the evaluations.")
    let statistics = statistics.map { $0.settled(on: evaluations) }
    var scores = statistics.map { statistic in
      ResampledScores(
        resamples: statistic.isOfCounts ? count : min(count, Self.blockWidth),
        repetitions: repetitions)
    }
    var prepared: [[PreparedStatistic]] = []
    for (repetition, evaluation) in evaluations.enumerated() {
      let unit = SampleWeights(evaluation.unitWeights)
      prepared.append(
        statistics.enumerated().compactMap { index, statistic in
          statistic.prepared(evaluation).flatMap { prepared -> PreparedStatistic? in
            scores[index].whole[repetition] = prepared(unit)
            guard scores[index].whole[repetition] != nil else { return nil }
            return PreparedStatistic(
              index: index, isOfCounts: statistic.isOfCounts, scalar: prepared,
              lanes: poolCount <= LaneBlock.mostSamples ? statistic.lanes(evaluation) : nil)
          }
        })
    }
    let ofCounts = prepared.map { $0.filter(\.isOfCounts) }
    // Repetitions within blocks: they read the same counts, which stay in the cache.
    for block in blocks.indices {
      for (repetition, evaluation) in evaluations.enumerated() {
        let current = (block == 0 ? prepared : ofCounts)[repetition]
        if !current.isEmpty { add(current, block, repetition, evaluation, to: &scores) }
      }
    }
    for index in scores.indices { scores[index].finish() }
    return scores.map { $0.whole.contains { $0 != nil } ? $0 : nil }
  }

  private struct PreparedStatistic {
    let index: Int
    let isOfCounts: Bool
    let scalar: Statistic.Prepared
    let lanes: LaneStatistic.Prepared?
  }

  /// One repetition under the resamples of one block.
  private func add(
    _ prepared: [PreparedStatistic], _ block: Int, _ repetition: Int, _ evaluation: Evaluation,
    to scores: inout [ResampledScores]
  ) {
    let first = block * Self.blockWidth
    let block = blocks[block]
    let places = places[repetition]
    block.counts.withUnsafeBufferPointer { counts in
      let lanes = LaneBlock(
        evaluation, counts: counts, most: block.most, width: block.lanes, places: places)
      var values = [Double](repeating: 0, count: block.lanes)
      for statistic in prepared {
        guard let kernel = statistic.lanes else { continue }
        values.withUnsafeMutableBufferPointer { kernel(lanes, $0) }
        scores[statistic.index].add(values, block.width, first: first, repetition)
      }
      // Lane by lane, so that statistics of one lane share their tables of sums.
      let others = prepared.filter { $0.lanes == nil }
      guard !others.isEmpty else { return }
      let weights = SampleWeights(evaluation.unitWeights)
      var columns = others.map { _ in values }
      for lane in 0..<block.width {
        weights.replace(counts: counts, width: block.lanes, lane: lane, at: places)
        for (place, statistic) in others.enumerated() {
          columns[place][lane] = statistic.scalar(weights) ?? .nan
        }
      }
      for (statistic, column) in zip(others, columns) {
        scores[statistic.index].add(column, block.width, first: first, repetition)
      }
    }
  }
}

/// One statistic of every repetition, with every sample counted once and under every resample.
public struct ResampledScores: Sendable {
  /// The statistic of each repetition; nil where it doesn't apply.
  fileprivate(set) var whole: [Double?]
  /// The mean over the repetitions where it applies, of each resample; not a number where the
  /// resample leaves one undefined.
  private(set) var draws: [Double]
  /// The statistic of each repetition under the first block's resamples; empty where it doesn't
  /// apply.
  private(set) var early: [[Double]]

  fileprivate init(resamples: Int, repetitions: Int) {
    whole = Array(repeating: nil, count: repetitions)
    draws = Array(repeating: 0, count: resamples)
    early = Array(repeating: [], count: repetitions)
  }

  /// Adds a repetition's values under the `count` resamples from `first` on.
  fileprivate mutating func add(
    _ values: [Double], _ count: Int, first: Int, _ repetition: Int
  ) {
    if first == 0 { early[repetition] = Array(values.prefix(count)) }
    draws.withUnsafeMutableBufferPointer { draws in
      guard let base = draws.baseAddress else { return }
      ck_add_finite_f64(count, values, base + first)
    }
  }

  /// Turns sums over repetitions into means.
  fileprivate mutating func finish() {
    let count = whole.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
    guard count > 1 else { return }
    for index in draws.indices { draws[index] /= Double(count) }
  }
}
