import Domains
import LinearAlgebra
import Randomness

extension LabelledSample {
  /// At most `limit` of the samples, of every class about its share, in random order within one.
  func thinned(to limit: Int, key: RandomKey) -> LabelledSample {
    guard count > limit else { return self }
    var stream = RandomStream(key)
    let drawn = stream.permutation(count)
    let places = drawn.indices.sorted { (labels[drawn[$0]], $0) < (labels[drawn[$1]], $1) }
    return selecting(rows: (0..<limit).map { drawn[places[$0 * count / limit]] })
  }
}

extension UnlabelledSample {
  /// At most `limit` of the samples, drawn without replacement.
  func thinned(to limit: Int, key: RandomKey) -> UnlabelledSample {
    guard count > limit else { return self }
    var stream = RandomStream(key)
    return UnlabelledSample(
      features: features.selecting(rows: stream.sample(limit, of: count)))
  }
}
