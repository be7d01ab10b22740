public import Domains
public import Learners
import LinearAlgebra
public import Metrics
public import Randomness

/// What is measured of a pair before any method is trained on it.
public struct Diagnosis: Sendable {
  /// One measure of a pair.
  public struct Entry: Sendable {
    /// The measure.
    public let measure: DiagnosticMeasure
    /// Its value; nil where it isn't defined for the pair.
    public let value: MeasuredValue?
    /// Why there is no value, where a fit or a decomposition failed.
    public let failure: LearnerError?
  }

  /// The pair.
  public let pair: PairID
  /// The measures in the order asked for.
  public let entries: [Entry]

  /// What is measured of a pair, with how it is done.
  public init(pair: PairID, entries: [Entry]) {
    self.pair = pair
    self.entries = entries
  }

  /// Measures a pair on the whole of both domains.
  ///
  /// The source model is the learner on the whole source; its class probabilities for the target
  /// are what transferability scores see of it. Each measure draws from a key of its own.
  ///
  /// - Complexity: a fit, and what the measures take: O((n + m)²) memory for those on all pairs of
  ///   samples.
  public init(
    _ pair: DomainPair, measures: [DiagnosticMeasure] = DiagnosticRegistry.all,
    permutations: Int, learner: LearnerChoice = .logisticRegression, key: RandomKey
  ) {
    self.pair = pair.id
    let key = key.child("diagnose").child(pair.id.description)
    let settings = DiagnosticMeasure.Settings(
      permutations: permutations, learner: learner, key: key)
    let source = LabelledSample(
      features: pair.source.features, labels: pair.source.labels, classCount: pair.classes.count)
    let target = UnlabelledSample(features: pair.target.features)
    var outputs: SourceOutputs?
    var unfitted: LearnerError?
    if measures.contains(where: { $0.labels == .target }) {
      do throws(LearnerError) {
        let model = try learner.fit(
          features: source.features, labels: source.labels, classCount: source.classCount,
          key: key.child("source-model"))
        outputs = SourceOutputs(
          outputs: model.probabilities(of: target.features), labels: pair.target.labels)
      } catch {
        unfitted = error
      }
    }
    entries = measures.map { measure in
      if measure.labels == .target, let unfitted {
        return Entry(measure: measure, value: nil, failure: unfitted)
      }
      do throws(LearnerError) {
        let value = try measure.value(
          source: source, target: target, outputs: outputs, settings: settings)
        return Entry(measure: measure, value: value, failure: nil)
      } catch {
        return Entry(measure: measure, value: nil, failure: error)
      }
    }
  }

  /// The value of a measure with its sign turned so that more promises more.
  public func promise(of measure: DiagnosticMeasure) -> Double? {
    entries.first { $0.measure.id == measure.id }?.value.map { measure.promise($0.value) }
  }
}

extension [Diagnosis] {
  /// The diagnoses of each target, in the order of the first of each.
  public var byTarget: [[Diagnosis]] {
    var groups: [[Diagnosis]] = []
    for diagnosis in self {
      let place = groups.firstIndex {
        $0[0].pair.dataset == diagnosis.pair.dataset && $0[0].pair.target == diagnosis.pair.target
      }
      if let place { groups[place].append(diagnosis) } else { groups.append([diagnosis]) }
    }
    return groups
  }

  /// Of the sources of one target, the one that a measure prefers: the first of equal ones.
  ///
  /// - Returns: nil where a source has no value, or there is but one.
  public func preferred(by measure: DiagnosticMeasure) -> PairID? {
    let promises = compactMap { $0.promise(of: measure) }
    guard promises.count == count, count > 1, let best = promises.max() else { return nil }
    return promises.firstIndex(of: best).map { self[$0].pair }
  }
}
