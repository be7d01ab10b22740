import Domains
import Learners
import LinearAlgebra
import Methods
import Parameters
import Randomness
import Testing

/// Gains of the clustering methods where it is known what the source is worth.
@Suite struct PlantedTransferTests {
  static let ids = MethodRegistry.all.filter { $0.card.family == .clustering }.map(\.card.id)

  /// The mean over repetitions of a method's gain, and half its interval of 95 %.
  struct Gain {
    let mean: Double
    let margin: Double

    init(
      _ id: String, _ settings: [String: String] = [:], targetCount: Int, isRelated: Bool
    ) throws {
      let repetitions = 20
      let method = try #require(MethodRegistry.entry(id))
      let reference = try #require(MethodRegistry.entry("target-clustering"))
      let settled = try method.settled(settings)
      let names = reference.parameters.map(\.name)
      let shared = settled.assignments.filter { names.contains($0.name) }
      let texts = Dictionary(
        (shared + method.referenceAssignments).map { ($0.name, $0.value.description) },
        uniquingKeysWith: { $1 })
      guard case .unsupervised(let fit) = settled.fit,
        case .unsupervised(let fitReference) = try reference.settled(texts).fit
      else { throw Unexpected() }
      let gains = try (0..<repetitions).map { repetition in
        let key = RandomKey(seed: 11).child("planted", repetition)
        let planted = Planted(
          key: key, form: id == "self-taught-clustering" ? .texts : .clouds,
          targetCount: targetCount, isRelated: isRelated)
        let scores = try [fit, fitReference].map { fit in
          planted.adjustedRandIndex(
            try fit(planted.source, planted.target, planted.clusterCount, key.child("fit"))
              .clusters(of: planted.queries))
        }
        return scores[0] - scores[1]
      }
      let mean = gains.reduce(0, +) / Double(repetitions)
      let squares = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.mean = mean
      // 2.093 is the 97.5 % point of Student's t of 19 degrees of freedom.
      margin = 2.093 * (squares / Double((repetitions - 1) * repetitions)).squareRoot()
    }

    struct Unexpected: Error {}
  }

  /// Few target samples, and a source that has the same clusters.
  @Test(arguments: ids) func sourceOfTheSameClustersHelps(_ id: String) throws {
    // The texts of `self-taught-clustering` have few columns.
    let settings = id == "self-taught-clustering" ? ["featureClusters": "8"] : [:]
    let gain = try Gain(id, settings, targetCount: 20, isRelated: true)
    #expect(gain.mean - gain.margin > 0)
  }

  /// Methods that impose the source by definition, and what they are set to where they don't.
  ///
  /// `seeded-kmeans` has the source's start alone, where the reference has the best of ten: it is
  /// held against one start. The others take the source's word at a fixed strength.
  static let imposing = [
    "seeded-kmeans": ["restarts": "1"], "transfer-fcm": ["strength": "0"],
    "tda": ["strength": "0"], "self-taught-clustering": ["strength": "0"],
    "transfer-spectral": ["strength": "0"], "dec": ["adapts": "true"],
  ]

  /// A source whose clusters lie elsewhere.
  @Test(arguments: ids) func foreignSourceDoesNoHarm(_ id: String) throws {
    let gain = try Gain(id, Self.imposing[id] ?? [:], targetCount: 100, isRelated: false)
    #expect(gain.mean + gain.margin >= 0)
  }

  /// At its default strength transfer fuzzy c-means follows a foreign source, and is the worse.
  @Test func fixedStrengthCanHarm() throws {
    let gain = try Gain("transfer-fcm", targetCount: 100, isRelated: false)
    #expect(gain.mean + gain.margin < 0)
  }
}
