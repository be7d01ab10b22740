import Domains
import LinearAlgebra
import Randomness

/// A source and a target whose clusters are known, and whether they are the same.
struct Planted {
  let clusterCount = 4
  let source: UnlabelledSample
  let target: UnlabelledSample
  /// Target samples that no fit has seen, and their true clusters.
  let queries: Matrix<Double>
  let clusters: [Int]

  /// What the samples are.
  enum Form {
    /// Clouds of unit variance round centres of ten coordinates.
    case clouds
    /// Counts of 40 words, of which each cluster uses ten more than the others; the target's texts
    /// are half as long as the source's.
    case texts
  }

  /// The source has as many clusters as the target: the same ones, or others.
  init(
    key: RandomKey, form: Form = .clouds, sourceCount: Int = 160, targetCount: Int, isRelated: Bool
  ) {
    let own = key.child("own")
    let others = isRelated ? own : key.child("others")
    clusters = (0..<200).map { $0 % 4 }
    switch form {
    case .clouds:
      source = UnlabelledSample(features: Self.clouds(sourceCount, others, key.child("source")))
      target = UnlabelledSample(features: Self.clouds(targetCount, own, key.child("target")))
      queries = Self.clouds(200, own, key.child("queries"))
    case .texts:
      source = UnlabelledSample(
        features: Self.texts(sourceCount, of: 60, others, key.child("source")))
      target = UnlabelledSample(features: Self.texts(targetCount, of: 30, own, key.child("target")))
      queries = Self.texts(200, of: 30, own, key.child("queries"))
    }
  }

  private static func clouds(_ count: Int, _ centres: RandomKey, _ key: RandomKey) -> Matrix<Double>
  {
    var stream = RandomStream(centres)
    let means = (0..<4).map { _ in (0..<10).map { _ in stream.normal() } }
    var noise = RandomStream(key)
    return Matrix((0..<count).map { row in means[row % 4].map { $0 + noise.normal() } })
  }

  private static func texts(
    _ count: Int, of length: Int, _ topics: RandomKey, _ key: RandomKey
  ) -> Matrix<Double> {
    var stream = RandomStream(topics)
    let words = stream.permutation(40)
    var draws = RandomStream(key)
    var counts = Matrix<Double>(rows: count, columns: 40)
    for row in 0..<count {
      for _ in 0..<length {
        let own = 10 * (row % 4) + draws.integer(below: 10)
        let any = draws.integer(below: 40)
        counts[row, words[draws.uniform() < 0.4 ? own : any]] += 1
      }
    }
    return counts
  }

  /// Hubert and Arabie's Rand index of clusters with the true ones, corrected for chance.
  func adjustedRandIndex(_ found: [Int]) -> Double {
    func pairs(_ count: Int) -> Double { Double(count * (count - 1)) / 2 }
    var table = [Int](repeating: 0, count: clusterCount * clusterCount)
    for (own, cluster) in zip(clusters, found) { table[own * clusterCount + cluster] += 1 }
    let rows = (0..<clusterCount).map { row in
      (0..<clusterCount).reduce(0) { $0 + table[row * clusterCount + $1] }
    }
    let columns = (0..<clusterCount).map { column in
      (0..<clusterCount).reduce(0) { $0 + table[$1 * clusterCount + column] }
    }
    let together = table.reduce(0) { $0 + pairs($1) }
    let (own, cluster) = (rows.reduce(0) { $0 + pairs($1) }, columns.reduce(0) { $0 + pairs($1) })
    let expected = own * cluster / pairs(clusters.count)
    return (together - expected) / ((own + cluster) / 2 - expected)
  }
}
