public import Domains
public import Learners
import LinearAlgebra
public import Randomness

/// A measure of a pair of domains that is to be had before a method is trained on it.
public struct DiagnosticMeasure: Sendable {
  /// The labels that a measure needs.
  public enum Labels: String, Sendable, Hashable, CaseIterable {
    /// None on either side.
    case none
    /// The source's: a model is fitted on it.
    case source
    /// The source's and the target's: what a source model says is compared with the truth.
    case target
  }

  /// What a measure may draw on besides the samples.
  public struct Settings: Sendable {
    /// The permutations behind a p-value and the resamples behind an interval; 0 gives neither.
    public var permutations: Int
    /// The learner of the source model.
    public var learner: LearnerChoice
    /// Names the randomness.
    public var key: RandomKey

    /// Settings with their randomness named.
    public init(
      permutations: Int = 199, learner: LearnerChoice = .logisticRegression, key: RandomKey
    ) {
      self.permutations = permutations
      self.learner = learner
      self.key = key
    }
  }

  /// How a measure is computed, by what it may see.
  enum Computation: Sendable {
    case divergence(
      @Sendable (UnlabelledSample, UnlabelledSample, Settings) throws(LearnerError)
        -> MeasuredValue?)
    case sourceLabels(
      @Sendable (LabelledSample, UnlabelledSample, Settings) throws(LearnerError)
        -> MeasuredValue?)
    case transferability(
      @Sendable (SourceOutputs, Settings) throws(LearnerError) -> MeasuredValue?)
  }

  /// The name in files and on the command line, as in `mmd`.
  public let id: String
  /// The name in tables.
  public let title: String
  /// Which way promises more: a small divergence, a high transferability.
  public let direction: Metric.Direction
  /// The values it can take, in words.
  public let range: String
  /// The citation key in `papers/references.bib`.
  public let citation: String
  /// The samples of a domain beyond which a random part is taken; nil where all are used.
  public let largestSample: Int?
  private let computation: Computation

  init(
    _ id: String, _ title: String, direction: Metric.Direction, range: String, citation: String,
    largestSample: Int? = nil, _ computation: Computation
  ) {
    self.id = id
    self.title = title
    self.direction = direction
    self.range = range
    self.citation = citation
    self.largestSample = largestSample
    self.computation = computation
  }

  /// The labels it needs.
  public var labels: Labels {
    switch computation {
    case .divergence: .none
    case .sourceLabels: .source
    case .transferability: .target
    }
  }

  /// The value with its sign turned so that more promises more.
  public func promise(_ value: Double) -> Double {
    direction == .lowerIsBetter ? -value : value
  }

  /// The measure of a labelled source and an unlabelled target.
  ///
  /// `outputs` are what the source model says of the target, with the target's labels; nil where it
  /// has none. The result is nil where the measure isn't defined for these samples, or needs labels
  /// that aren't there. Throws a `LearnerError` where a fit or a decomposition fails.
  public func value(
    source: LabelledSample, target: UnlabelledSample, outputs: SourceOutputs?, settings: Settings
  ) throws(LearnerError) -> MeasuredValue? {
    var settings = settings
    let key = settings.key.child(id)
    settings.key = key.child("measure")
    func rows(_ count: Int, _ name: String) -> [Int]? {
      guard let largestSample, count > largestSample else { return nil }
      var stream = RandomStream(key.child(name))
      return stream.sample(largestSample, of: count).sorted()
    }
    let sourceRows = rows(source.count, "source")
    let targetRows = rows(target.count, "target")
    func seen() -> UnlabelledSample {
      guard let targetRows else { return target }
      return UnlabelledSample(features: target.features.selecting(rows: targetRows))
    }
    let found: MeasuredValue?
    switch computation {
    case .divergence(let compute):
      let source = sourceRows.map { source.selecting(rows: $0) } ?? source
      found = try compute(source.unlabelled, seen(), settings)
    case .sourceLabels(let compute):
      let source = sourceRows.map { source.selecting(rows: $0) } ?? source
      found = try compute(source, seen(), settings)
    case .transferability(let compute):
      guard let outputs else { return nil }
      let selected = rows(outputs.count, "target").map { outputs.selecting(rows: $0) }
      found = try compute(selected ?? outputs, settings)
    }
    guard let found, found.value.isFinite else { return nil }
    return found
  }
}
