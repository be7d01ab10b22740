public import Domains
public import LinearAlgebra

/// What a model said of n samples, beside the sealed truth: all that a metric needs.
public struct Evaluation: Sendable {
  /// The true class of each sample, in 0 ..< `classCount`.
  public let labels: [Int]
  /// The number of classes of the task; a sample need not hold every one.
  public let classCount: Int
  /// The predicted class of each sample; `noClass` for a cluster that no class was left for.
  public let predictedClasses: [Int]
  /// The class probabilities, n × C; nil where the model is a clustering.
  public let probabilities: Matrix<Double>?
  /// The cluster of each sample; nil where the model is a classifier.
  public let clusters: [Int]?
  /// The sensitive attributes, each with a level for every sample.
  public let groups: [Domain.Group]
  /// The number of samples that a level must have to be shown, in any measure of groups.
  public let leastGroupCount: Int

  /// The cell of each sample in the C × (C + 1) table of true and predicted classes.
  let confusionCells: SampleCells
  /// The cell of each sample in the table of classes and clusters; nil for a classifier.
  let contingencyCells: SampleCells?
  /// The probabilities where there are any and all are numbers.
  let usableProbabilities: Matrix<Double>?
  /// The probability of each sample's predicted class; nil where there are no probabilities.
  let confidences: [Double]?
  private let outcomeCells: [SampleCells]
  /// The number of samples on each level of each attribute.
  private let levelCounts: [[Int]]
  private let known: Known

  /// The predicted class of a sample whose cluster is matched to no class.
  ///
  /// It differs from every class, so such a sample is never right.
  public static let noClass = -1

  /// A classifier's predictions for n samples.
  public init(
    labels: [Int], classCount: Int, predictions: Predictions, groups: [Domain.Group] = [],
    leastGroupCount: Int = 1
  ) {
    precondition(
      predictions.probabilities.rows == labels.count,
      "An evaluation has predictions for each label.")
    precondition(
      predictions.probabilities.columns == classCount,
      "An evaluation has one probability for each class.")
    self.init(
      labels: labels, classCount: classCount, predictedClasses: predictions.classes,
      probabilities: predictions.probabilities, clusters: nil, groups: groups,
      leastGroupCount: leastGroupCount)
  }

  /// A clustering of n samples.
  ///
  /// Clusters are matched one to one to classes so that as many samples as possible are right: on
  /// the whole sample, once. Where there are more clusters than classes, the samples of those left
  /// over are predicted `noClass`. The evaluation has no probabilities.
  public init(
    labels: [Int], classCount: Int, clusters: [Int], groups: [Domain.Group] = [],
    leastGroupCount: Int = 1
  ) {
    precondition(clusters.count == labels.count, "An evaluation has a cluster for each label.")
    precondition(clusters.allSatisfy { $0 >= 0 }, "Clusters are numbered from 0.")
    let clusterCount = (clusters.max() ?? -1) + 1
    var agreements = Matrix<Double>(rows: clusterCount, columns: classCount)
    for (cluster, label) in zip(clusters, labels) { agreements[cluster, label] += 1 }
    let classes = Assignment.maximising(agreements)
    self.init(
      labels: labels, classCount: classCount,
      predictedClasses: clusters.map { classes[$0] ?? Self.noClass },
      probabilities: nil, clusters: clusters, groups: groups, leastGroupCount: leastGroupCount)
  }

  private init(
    labels: [Int], classCount: Int, predictedClasses: [Int], probabilities: Matrix<Double>?,
    clusters: [Int]?, groups: [Domain.Group], leastGroupCount: Int
  ) {
    precondition(
      labels.allSatisfy { (0..<classCount).contains($0) },
      "The labels of an evaluation lie below its class count.")
    precondition(
      groups.allSatisfy { $0.members.count == labels.count },
      "A group of an evaluation has one member for each sample.")
    self.labels = labels
    self.classCount = classCount
    self.predictedClasses = predictedClasses
    self.probabilities = probabilities
    self.clusters = clusters
    self.groups = groups
    self.leastGroupCount = leastGroupCount
    let usable = probabilities.flatMap { $0.isFinite ? $0 : nil }
    usableProbabilities = usable
    confidences = usable.map { usable in
      predictedClasses.enumerated().map { usable[$0, $1] }
    }
    contingencyCells = clusters.map { clusters in
      let clusterCount = (clusters.max() ?? -1) + 1
      return SampleCells(
        zip(labels, clusters).map { $0 * clusterCount + $1 }, count: classCount * clusterCount,
        margins: (0..<classCount * clusterCount).map { $0 / clusterCount })
    }
    levelCounts = groups.map(Self.counts)
    // The last attribute, the intersection of others where there are several, may tell them all.
    let last = groups.last.map { Self.outcomeCells(labels, predictedClasses, $0) }
    outcomeCells =
      groups.dropLast().map { Self.outcomeCells(labels, predictedClasses, $0, finer: last) }
      + [last].compactMap(\.self)
    confusionCells = SampleCells(
      zip(labels, predictedClasses).map { label, predicted in
        label * (classCount + 1) + (predicted == Self.noClass ? classCount : predicted)
      }, count: classCount * (classCount + 1), finer: last,
      margins: (0..<classCount * (classCount + 1)).map { $0 / (classCount + 1) })
    known = Known(classCount: classCount)
  }

  /// What several scores are made of and not every evaluation is asked for.
  private struct Known: Sendable {
    let rankings: [Once<Ranking?>]
    let calibrationBins = Once<CalibrationBins?>()
    let logarithmicLosses = Once<[Double]?>()
    let squaredLosses = Once<[Double]?>()

    init(classCount: Int) {
      rankings = (0..<classCount).map { _ in Once() }
    }
  }

  /// The samples in the order of p(label); nil where there are no probabilities.
  func ranking(of label: Int) -> Ranking? {
    known.rankings[label].value { Ranking(self, of: label) }
  }

  /// The bins of confidences; nil where there are no probabilities.
  var calibrationBins: CalibrationBins? { known.calibrationBins.value { CalibrationBins(self) } }

  /// −ln p(true class), clipped; nil where there are no probabilities.
  var logarithmicLosses: [Double]? {
    known.logarithmicLosses.value { ProbabilityLosses.logarithmic(self) }
  }

  /// Σ_c (p(c) − 1[c is the true class])²; nil where there are no probabilities.
  var squaredLosses: [Double]? { known.squaredLosses.value { ProbabilityLosses.squared(self) } }

  /// The table of an attribute's outcomes: see `GroupOutcomes`.
  func outcomeCells(of group: Domain.Group) -> SampleCells {
    if let place = groups.firstIndex(of: group) { return outcomeCells[place] }
    return Self.outcomeCells(labels, predictedClasses, group)
  }

  /// Whether each level of an attribute is shown: not where it has samples, but fewer than
  /// `leastGroupCount`.
  ///
  /// Samples are counted, not their weights: what a bootstrap resamples is shown or not as a whole.
  func shownLevels(of group: Domain.Group) -> [Bool] {
    let counts = groups.firstIndex(of: group).map { levelCounts[$0] } ?? Self.counts(group)
    return counts.map { $0 == 0 || $0 >= leastGroupCount }
  }

  /// A level of an attribute, or a cell of an intersection, that has too few samples to be shown.
  public struct SuppressedLevel: Sendable, Hashable {
    /// The attribute and the level, as in `sex=female`.
    public let label: String
    /// The number of its samples.
    public let count: Int
  }

  /// The levels of all attributes that have samples, but fewer than `leastGroupCount`.
  public var suppressedLevels: [SuppressedLevel] {
    zip(groups, levelCounts).flatMap { group, counts in
      zip(group.levels, counts).compactMap { level, count in
        count > 0 && count < leastGroupCount
          ? SuppressedLevel(
            label: GroupAccuracy.label(group: group.name, level: level), count: count)
          : nil
      }
    }
  }

  private static func counts(_ group: Domain.Group) -> [Int] {
    var counts = [Int](repeating: 0, count: group.levels.count)
    for member in group.members { counts[member] += 1 }
    return counts
  }

  private static func outcomeCells(
    _ labels: [Int], _ predicted: [Int], _ group: Domain.Group, finer: SampleCells? = nil
  ) -> SampleCells {
    SampleCells(
      labels.indices.map { row in
        8 * group.members[row] + (labels[row] == predicted[row] ? 4 : 0)
          + (labels[row] == 1 ? 2 : 0) + (predicted[row] == 1 ? 1 : 0)
      }, count: 8 * group.levels.count, finer: finer,
      // The level, and whether the true class is 1.
      margins: (0..<8 * group.levels.count).map { 2 * ($0 / 8) + $0 / 2 % 2 })
  }

  /// The number of samples, n.
  public var sampleCount: Int { labels.count }

  /// Whether the sample in that row is predicted right.
  public func isCorrect(_ row: Int) -> Bool { predictedClasses[row] == labels[row] }

  /// A weight of 1 for each sample: every sample counted once.
  public var unitWeights: [Double] { Array(repeating: 1, count: sampleCount) }
}
