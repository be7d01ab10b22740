public import Randomness

/// The shape of an episode: N classes, K samples of each to learn from, Q of each to classify.
public struct EpisodeShape: Sendable, Hashable {
  /// N.
  public var ways: Int
  /// K.
  public var shots: Int
  /// Q.
  public var queries: Int

  /// An N-way K-shot episode with Q queries of each class.
  public init(ways: Int, shots: Int, queries: Int) {
    precondition(
      ways > 0 && shots > 0 && queries > 0, "An episode has classes, shots and queries.")
    self.ways = ways
    self.shots = shots
    self.queries = queries
  }

  /// The largest episode up to this one for which a sample with these labels has enough.
  ///
  /// Classes of one sample take no part. Where fewer than N are left, all are taken; where the Nth
  /// largest has fewer than K + Q samples, these are divided in the proportion of K and Q, with one
  /// shot and one query at least.
  func fitting(_ labels: [Int]) throws(MethodError) -> EpisodeShape {
    let counts = Episodes.members(labels).map(\.rows.count).filter { $0 > 1 }.sorted(by: >)
    guard counts.count > 1 else {
      throw .notApplicable(reason: "fewer than two classes of the source have two samples")
    }
    var shape = self
    shape.ways = min(ways, counts.count)
    let least = counts[shape.ways - 1]
    shape.shots = min(shots, max(1, least * shots / (shots + queries)))
    shape.queries = min(queries, least - shape.shots)
    return shape
  }
}

/// One episode: rows of a sample.
public struct Episode: Sendable, Hashable {
  /// The classes, in the order in which they were drawn.
  public let classes: [Int]
  /// The K rows of each class to learn from, class after class.
  public let support: [Int]
  /// The Q rows of each class to classify, class after class.
  public let queries: [Int]
}

/// Episodes drawn from a labelled sample, each under a key of its own.
///
/// O. Vinyals et al. "Matching Networks for One Shot Learning." NIPS 2016, section 3: the classes
/// are drawn first, then the rows of each; neither is drawn twice in an episode. Classes with fewer
/// than K + Q rows take no part.
public struct Episodes: Sendable {
  /// N, K and Q.
  public let shape: EpisodeShape
  private let members: [(label: Int, rows: [Int])]
  private let key: RandomKey

  /// The episodes of a sample with these labels.
  ///
  /// - Throws: `notApplicable` where fewer than N classes have K + Q rows.
  public init(of labels: [Int], shape: EpisodeShape, key: RandomKey) throws(MethodError) {
    let least = shape.shots + shape.queries
    members = Self.members(labels).filter { $0.rows.count >= least }
    guard members.count >= shape.ways else {
      throw .notApplicable(
        reason:
          "\(members.count) classes have \(least) samples, where an episode takes \(shape.ways)"
      )
    }
    self.shape = shape
    self.key = key
  }

  /// The rows of each class that has any, by ascending class.
  fileprivate static func members(_ labels: [Int]) -> [(label: Int, rows: [Int])] {
    var rows = Array(repeating: [Int](), count: (labels.max() ?? -1) + 1)
    for (row, label) in labels.enumerated() { rows[label].append(row) }
    return rows.enumerated().filter { !$1.isEmpty }.map { (label: $0, rows: $1) }
  }

  /// The episode of that number, whatever others are drawn.
  public subscript(_ index: Int) -> Episode {
    var stream = RandomStream(key.child("episode", index))
    let drawn = stream.sample(shape.ways, of: members.count).map { members[$0] }
    var (support, queries) = ([Int](), [Int]())
    for (_, rows) in drawn {
      let taken = stream.sample(shape.shots + shape.queries, of: rows.count).map { rows[$0] }
      support += taken.prefix(shape.shots)
      queries += taken.dropFirst(shape.shots)
    }
    return Episode(classes: drawn.map(\.label), support: support, queries: queries)
  }
}
