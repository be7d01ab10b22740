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
  private let margins = MarginLanes()

  /// Some of the resamples, one after another.
  private struct Block: Sendable {
    /// The place of the first among all.
    let first: Int
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

  /// The number of resamples that one key names: those of the first are kept for each repetition,
  /// and statistics without counts see no others.
  static let blockWidth = 1024
  /// The most bytes of counts in a block, if it can be.
  ///
  /// So many stay in a core's cache while methods and repetitions are counted. Which resamples there
  /// are doesn't depend on it.
  private static let mostBytes = 1 << 20
  /// The most resamples in a block: so many values of a statistic stay in the nearest cache.
  private static let mostLanes = 3 * blockWidth

  /// Resamples of the samples tested in each repetition, named by their identities.
  init(sampleIndices: [[Int]], count: Int, level: Double, samples: RandomKey) {
    var different: [Int] = []
    for identity in sampleIndices.joined().sorted() where identity != different.last {
      different.append(identity)
    }
    self.count = count
    self.level = level
    poolCount = different.count
    normalQuantile = Distributions.normalQuantile(tail: (1 - level) / 2)
    quantiles = StudentQuantiles(
      tail: (1 - level) / 2,
      degrees: [different.count - 1] + Array(1..<max(2, sampleIndices.count)))
    places = sampleIndices.map { $0.map { Self.place(of: $0, in: different) } }
    let poolCount = different.count
    let width = Self.width(poolCount)
    let starts = [0] + stride(from: Self.blockWidth, to: count, by: max(width, Self.blockWidth))
    blocks = Self.concurrently(starts.count) { place in
      Self.draws(
        starts[place]..<min(place + 1 < starts.count ? starts[place + 1] : count, count),
        from: poolCount, width, samples)
    }.flatMap(\.self)
  }

  /// The number of resamples in a block: whole keys of them, or a part of one.
  private static func width(_ poolCount: Int) -> Int {
    let fitting = min(mostLanes, mostBytes / max(poolCount, 1))
    return fitting >= blockWidth
      ? fitting / blockWidth * blockWidth
      : max(Int(CK_STRIPE), fitting / Int(CK_STRIPE) * Int(CK_STRIPE))
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

  /// For each of these resamples, how often each sample comes in as many draws with replacement.
  ///
  /// One word serves two draws, each ⌊size · 32 bits / 2³²⌋: no sample's probability is off by
  /// more than a share of size/2³². A multiplicity above 255 would not fit; with more than 255
  /// samples its probability is below 10⁻⁵⁰⁰.
  private static func draws(
    _ resamples: Range<Int>, from size: Int, _ width: Int, _ key: RandomKey
  ) -> [Block] {
    var stream = RandomStream(key)
    let stripe = Int(CK_STRIPE)
    let length = (size + Int(CK_TILE) - 1) / Int(CK_TILE) * Int(CK_TILE)
    let wordCount = (size + 1) / 2
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stripe * length) { drawn in
      drawn.initialize(repeating: 0)
      return stride(from: resamples.lowerBound, to: resamples.upperBound, by: width).map { first in
        let held = first..<min(first + width, resamples.upperBound)
        let lanes = (held.count + stripe - 1) / stripe * stripe
        let counts = [UInt8](unsafeUninitializedCapacity: lanes * size) { counts, initialized in
          for start in stride(from: first, to: held.upperBound, by: stripe) {
            if start % blockWidth == 0 {
              stream = RandomStream(key.child("block", start / blockWidth))
            }
            let number = min(stripe, held.upperBound - start)
            // Lanes without a resample stay 0.
            if number < stripe { drawn.update(repeating: 0) }
            // The words of a few resamples at once, which stay in the cache.
            for few in stride(from: 0, to: number, by: 8) {
              let words = stream.next(min(8, number - few) * wordCount)
              words.withUnsafeBufferPointer { words in
                for lane in few..<min(few + 8, number) {
                  ck_count_draws(
                    size, words.baseAddress.map { $0 + (lane - few) * wordCount },
                    drawn.baseAddress.map { $0 + lane * length })
                }
              }
            }
            ck_transpose_stripe(
              size, drawn.baseAddress, lanes, counts.baseAddress.map { $0 + (start - first) })
          }
          initialized = lanes * size
        }
        return Block(
          first: first, counts: counts, width: held.count, lanes: lanes,
          most: ck_greatest_u8(counts.count, counts))
      }
    }
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

  /// The quantiles of Student's t that intervals of these samples and repetitions are made of.
  let quantiles: StudentQuantiles
  /// The normal quantile of the same probability.
  let normalQuantile: Double

  /// Each statistic of the repetitions' evaluations under the resamples; nil where it applies to no
  /// repetition.
  ///
  /// - Complexity: O(B R n) for each table of counts that the statistics need, sixteen or more
  ///   additions an instruction; those that need the same one share it.
  public func scores(
    of evaluations: [Evaluation], statistics: [Statistic]
  ) -> [ResampledScores?] {
    scores(ofEach: [evaluations], statistics: statistics)[0]
  }

  /// The same of several methods, whose repetitions are tested on the same samples: they read the
  /// counts one after another, while these lie in the cache.
  public func scores(
    ofEach methods: [[Evaluation]], statistics: [Statistic]
  ) -> [[ResampledScores?]] {
    var prepared = methods.map { PreparedMethod($0, statistics, self) }
    for block in blocks {
      for place in prepared.indices { prepared[place].add(block, self) }
    }
    return prepared.map { $0.finished }
  }

  /// The statistics of one method, ready for the blocks.
  private struct PreparedMethod {
    private let evaluations: [Evaluation]
    private let all: [[PreparedStatistic]]
    private let ofCounts: [[PreparedStatistic]]
    /// Whether a repetition has statistics that are computed lane by lane.
    private let others: [Bool]
    private var scores: [ResampledScores]

    init(_ evaluations: [Evaluation], _ statistics: [Statistic], _ resampling: Resampling) {
      precondition(
        evaluations.map(\.sampleCount) == resampling.places.map(\.count),
        "A resampling is of the samples of the evaluations.")
      let statistics = statistics.map { $0.settled(on: evaluations) }
      var scores = statistics.map { statistic in
        ResampledScores(
          resamples: statistic.isOfCounts
            ? resampling.count : min(resampling.count, Resampling.blockWidth),
          repetitions: resampling.repetitions)
      }
      let hasLanes = resampling.poolCount <= LaneBlock.mostSamples
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
                lanes: hasLanes ? statistic.lanes(evaluation) : nil)
            }
          })
      }
      self.evaluations = evaluations
      self.scores = scores
      all = prepared
      ofCounts = prepared.map { $0.filter(\.isOfCounts) }
      others = prepared.map { $0.contains { $0.lanes == nil } }
    }

    /// All repetitions under the resamples of one block: they read the same counts.
    mutating func add(_ block: Block, _ resampling: Resampling) {
      for (repetition, evaluation) in evaluations.enumerated() {
        let current = (block.first < Resampling.blockWidth ? all : ofCounts)[repetition]
        if !current.isEmpty {
          resampling.add(
            current, hasOthers: others[repetition], block, repetition, evaluation, to: &scores)
        }
      }
    }

    /// The statistics once every block was added.
    var finished: [ResampledScores?] {
      scores.map { score in
        guard score.whole.contains(where: { $0 != nil }) else { return nil }
        var score = score
        score.finish()
        return score
      }
    }
  }

  private struct PreparedStatistic {
    let index: Int
    let isOfCounts: Bool
    let scalar: Statistic.Prepared
    let lanes: LaneStatistic.Prepared?
  }

  /// One repetition under the resamples of one block.
  private func add(
    _ prepared: [PreparedStatistic], hasOthers: Bool, _ block: Block, _ repetition: Int,
    _ evaluation: Evaluation, to scores: inout [ResampledScores]
  ) {
    let first = block.first
    let places = places[repetition]
    block.counts.withUnsafeBufferPointer { counts in
      let lanes = LaneBlock(
        evaluation, counts: counts, most: block.most, width: block.lanes, places: places,
        margins: margins, MarginLanes.Key(first: first, repetition: repetition))
      var values = [Double](repeating: 0, count: block.lanes)
      for statistic in prepared {
        guard let kernel = statistic.lanes else { continue }
        values.withUnsafeMutableBufferPointer { kernel(lanes, $0) }
        scores[statistic.index].add(values, block.width, first: first, repetition)
      }
      // Lane by lane, so that statistics of one lane share their tables of sums.
      guard hasOthers else { return }
      let others = prepared.filter { $0.lanes == nil }
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
    if first == 0 {
      early[repetition] = Array(values.prefix(count))
    } else if first < Resampling.blockWidth {
      early[repetition] += values.prefix(count)
    }
    draws.withUnsafeMutableBufferPointer { draws in
      guard let base = draws.baseAddress else { return }
      ck_add_finite_f64(count, values, base + first)
    }
  }

  /// Turns sums over repetitions into means.
  fileprivate mutating func finish() {
    let count = whole.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
    guard count > 1 else { return }
    ck_divide_all_f64(draws.count, Double(count), &draws)
  }
}
