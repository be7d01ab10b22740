public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// k-means of the target's sparse codes in a dictionary learnt from the source.
///
/// After R. Raina, A. Battle, H. Lee, B. Packer, A. Y. Ng. "Self-taught Learning: Transfer
/// Learning from Unlabeled Data." ICML 2007. See `papers/raina-2007-dictionary-kmeans.md`.
///
/// ```
/// min over D, a:  Σ_i ½ ‖x_i − a_i D‖² + λ ‖a_i‖₁,  ‖d_m‖ ≤ 1,  over the source    (1)
/// a(x) = argmin over a:  ½ ‖x − a D‖² + λ ‖a‖₁  for the target's samples            (2)
/// min over c:  Σ_j min over k of ‖a(x_j) − c_k‖²                                     (3)
/// ```
///
/// Each domain is first brought to mean 0 and mean squared length 1.
///
/// - Complexity: O(n d M) and O(M) for each coefficient that changes, a round of (1).
/// - Deviations: the paper's codes feed a classifier; here they are clustered.
public struct DictionaryTransfer: UnsupervisedMethod {
  /// M.
  public var atoms = 32
  /// λ.
  public var sparsity = 0.1
  /// The rounds of (1).
  public var rounds = 10
  /// How many starts of k-means.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "dictionary-kmeans", title: "k-means in the source's dictionary", family: .clustering,
    paper: "raina-2007-dictionary-kmeans", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "atoms", \.atoms, in: 1...10_000, grid: [16, 32, 64, 128],
      help: "M, the atoms; at most the samples they are learnt from, and twice the columns."),
    .real(
      "sparsity", \.sparsity, in: 0...1e3, grid: [0.03, 0.1, 0.2, 0.3],
      help: "λ, the weight of the codes' size, where samples have length 1 on average."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 10, 50],
      help: "How often codes and atoms are improved in turn."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of k-means."),
  ]

  /// The reference is k-means in a dictionary of the target.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.dictionaryKMeans.rawValue))
  ]

  /// Learns the source's dictionary and clusters the target's codes.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = DictionaryKMeans(clusters: clusterCount)
      algorithm.dictionary.atomCount = atoms
      algorithm.dictionary.sparsity = sparsity
      algorithm.dictionary.rounds = rounds
      algorithm.restarts = restarts
      let dictionary = try algorithm.learn(source.features, key: key.child("source"))  // (1)
      return try algorithm.fit(
        target.features, in: dictionary, key: key.child("target"))  // (2) (3)
    }
  }
}
