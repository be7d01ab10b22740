public import Domains
import Learners
import LinearAlgebra
public import Methods
import Metrics
import Randomness

/// Episodes of a pair's target, on which methods that see few shots are tried.
///
/// The method sees the whole source, an episode's support as shots, and its queries without their
/// labels; it is right about a query whose class it prefers among those of the episode.
public struct EpisodicEvaluation: Sendable {
  private let pair: DomainPair
  private let source: LabelledSample
  private let key: RandomKey

  /// The evaluation of a pair; the seed names all randomness.
  public init(_ pair: DomainPair, seed: UInt64) {
    self.pair = pair
    source = LabelledSample(
      features: pair.source.features, labels: pair.source.labels, classCount: pair.classes.count)
    key = RandomKey(seed: seed)
  }

  /// The episodes of that shape, the same for every method.
  ///
  /// - Throws: `notApplicable` where the target has too few classes with enough samples.
  public func episodes(_ shape: EpisodeShape) throws(MethodError) -> Episodes {
    try Episodes(
      of: pair.target.labels, shape: shape,
      key: key.child("episodes").child(pair.id.description).child("shots", shape.shots))
  }

  /// The share of an episode's queries about which an inductive method is right.
  public func accuracy(
    of method: PlannedMethod, onEpisode index: Int, of episodes: Episodes
  ) throws(MethodError) -> Double {
    guard let texts = ParametersJSON.decode(method.parameters),
      case .inductive(let fit) = try? method.entry.settled(texts).fit
    else { preconditionFailure("Episodes are for inductive methods with valid parameters.") }
    let episode = episodes[index]
    let (features, labels) = (pair.target.features, pair.target.labels)
    let shots = LabelledSample(
      features: features.selecting(rows: episode.support),
      labels: episode.support.map { labels[$0] }, classCount: pair.classes.count)
    let queries = UnlabelledSample(features: features.selecting(rows: episode.queries))
    let model = try fit(
      source, shots, queries,
      key.child("fit").child(pair.id.description).child(method.id)
        .child("shots", episodes.shape.shots).child("episode", index))
    let probabilities = model.probabilities(of: queries.features)
    guard probabilities.isFinite else { throw .learner(.notFinite) }
    let ways = episode.classes.sorted()
    let right = episode.queries.enumerated().count { place, row in
      // The first of equal ones.
      let preferred = ways.reduce(ways[0]) { best, label in
        probabilities[place, label] > probabilities[place, best] ? label : best
      }
      return preferred == labels[row]
    }
    return Double(right) / Double(episode.queries.count)
  }
}

/// How a method did on episodes of one shape.
public struct EpisodicResult: Sendable {
  /// The pair.
  public let pair: PairID
  /// The method.
  public let method: PlannedMethod
  /// N, K and Q.
  public let shape: EpisodeShape
  /// The accuracy on each episode; or why there is none.
  public let accuracies: Result<[Double], MethodError>

  /// The result of a method on a pair.
  public init(
    pair: PairID, method: PlannedMethod, shape: EpisodeShape,
    accuracies: Result<[Double], MethodError>
  ) {
    self.pair = pair
    self.method = method
    self.shape = shape
    self.accuracies = accuracies
  }

  /// The mean accuracy with Student's interval at 95 %, over the episodes as independent draws; nil
  /// for fewer than two, or where there is none.
  var interval: StudentInterval? {
    (try? accuracies.get()).flatMap { StudentInterval($0) }
  }
}
