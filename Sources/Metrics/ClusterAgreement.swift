import Foundation

/// The weight of the samples of each class and cluster.
private struct Contingency: Sendable {
  let cells: [Double]
  let classes: [Double]
  let clusters: [Double]

  /// The contingency table of a clustering, ready for any weights; nil for a classifier.
  static func prepared(_ evaluation: Evaluation) -> (@Sendable (SampleWeights) -> Contingency)? {
    guard let places = evaluation.contingencyCells else { return nil }
    let classCount = evaluation.classCount
    let clusterCount = places.count / max(classCount, 1)
    return { weights in
      let cells = weights.sums(places)
      var classSums = [Double](repeating: 0, count: classCount)
      var clusterSums = [Double](repeating: 0, count: clusterCount)
      for label in 0..<classCount {
        for cluster in 0..<clusterCount {
          classSums[label] += cells[label * clusterCount + cluster]
          clusterSums[cluster] += cells[label * clusterCount + cluster]
        }
      }
      return Contingency(cells: cells, classes: classSums, clusters: clusterSums)
    }
  }

  /// A score of the contingency table; nil where there is no weight.
  static func preparedScore(
    _ evaluation: Evaluation, of score: @escaping @Sendable (Contingency) -> Double?
  ) -> Statistic.Prepared? {
    guard let contingency = prepared(evaluation) else { return nil }
    return { weights in
      let table = contingency(weights)
      return table.weight > 0 ? score(table) : nil
    }
  }

  /// The weight of all samples.
  var weight: Double { total(classes) }

  /// The entropy of the classes; exactly 0 where there is one alone.
  var classEntropy: Double { Self.entropy(classes, total: weight) }

  /// The entropy of the clusters; exactly 0 where there is one alone.
  var clusterEntropy: Double { Self.entropy(clusters, total: weight) }

  /// Σ p(c, k) ln(p(c, k) / (p(c) p(k))), never negative.
  var mutualInformation: Double {
    let (weight, width) = (weight, clusters.count)
    var information = 0.0
    for (place, cell) in cells.enumerated() where cell > 0 {
      let expected = classes[place / width] * clusters[place % width] / weight
      information += cell / weight * log(cell / expected)
    }
    return max(0, information)
  }

  /// −Σ p ln p of the parts of a total; exactly 0 where there is one part alone.
  private static func entropy(_ parts: [Double], total: Double) -> Double {
    var entropy = 0.0
    for part in parts where part > 0 && part < total {
      entropy -= part / total * log(part / total)
    }
    return entropy
  }

  /// The share of one entropy that the other partition explains; 1 where there is none.
  func explained(of entropy: Double) -> Double {
    guard entropy > 0 else { return 1 }
    return classEntropy == 0 || clusterEntropy == 0 ? 0 : min(1, mutualInformation / entropy)
  }
}

extension Metric {
  /// The Rand index between clusters and classes, corrected for chance.
  ///
  /// L. Hubert, P. Arabie. "Comparing partitions." Journal of Classification 2, 1985. 1 where the
  /// partitions agree, about 0 for chance. Two samples alike that a weight stands for are a pair
  /// like any other, as if their row stood twice; resampling therefore raises it by O(1/n).
  public static let adjustedRandIndex = Metric(
    id: "adjusted-rand-index", title: "Adjusted Rand index", direction: .higherIsBetter,
    definition:
      "The share of pairs of samples that clusters and classes treat alike, corrected for "
      + "chance.",
    lanes: .adjustedRandIndex
  ) { evaluation in
    guard let contingency = Contingency.prepared(evaluation) else { return nil }
    return { weights in
      let table = contingency(weights)
      let weight = total(table.classes)
      guard weight > 0 else { return nil }
      // Ordered pairs of samples, and among them those in one class, one cluster, both.
      let pairs = weight * weight - weight
      let sameBoth = table.cells.reduce(0) { $0 + $1 * $1 } - weight
      let sameClass = table.classes.reduce(0) { $0 + $1 * $1 } - weight
      let sameCluster = table.clusters.reduce(0) { $0 + $1 * $1 } - weight
      if sameClass == sameBoth && sameCluster == sameBoth { return 1 }
      // (both − expected) / (mean − expected), expected = class · cluster / pairs; times pairs.
      let expected = sameClass * sameCluster
      return (sameBoth * pairs - expected) / ((sameClass + sameCluster) / 2 * pairs - expected)
    }
  }

  /// The mutual information of clusters and classes over the mean of their entropies.
  ///
  /// The arithmetic mean, as of scikit-learn. 1 where both have a single part, 0 where only one of
  /// them has.
  public static let normalizedMutualInformation = Metric(
    id: "normalized-mutual-information", title: "Normalised mutual information",
    direction: .higherIsBetter,
    definition: "The mutual information of clusters and classes over the mean of their entropies.",
    lanes: .normalizedMutualInformation
  ) { evaluation in
    Contingency.preparedScore(evaluation) { table in
      let (classEntropy, clusterEntropy) = (table.classEntropy, table.clusterEntropy)
      if classEntropy == 0 && clusterEntropy == 0 { return 1 }
      if classEntropy == 0 || clusterEntropy == 0 { return 0 }
      return table.mutualInformation / ((classEntropy + clusterEntropy) / 2)
    }
  }

  /// The mutual information of clusters and classes corrected for chance.
  ///
  /// N. X. Vinh, J. Epps, J. Bailey. "Information theoretic measures for clusterings comparison."
  /// JMLR 11, 2010; with the arithmetic mean of the entropies, as of scikit-learn.
  ///
  /// ```
  /// AMI = (I − E I) / ((H(classes) + H(clusters))/2 − E I)
  /// ```
  ///
  /// 1 where both have a single part, 0 where only one of them has. The expectation counts
  /// samples, so weights that are no whole numbers have none. Its sums are too dear for every
  /// resample.
  public static let adjustedMutualInformation = Metric(
    id: "adjusted-mutual-information", title: "Adjusted mutual information",
    direction: .higherIsBetter,
    definition: "The mutual information of clusters and classes, corrected for chance and over the "
      + "mean of their entropies.",
    isResampled: false
  ) { evaluation in
    Contingency.preparedScore(evaluation) { table in
      let (classEntropy, clusterEntropy) = (table.classEntropy, table.clusterEntropy)
      if classEntropy == 0 && clusterEntropy == 0 { return 1 }
      if classEntropy == 0 || clusterEntropy == 0 { return 0 }
      guard let expected = ChanceAgreement.mutualInformation(table.classes, table.clusters) else {
        return nil
      }
      // Where chance explains as much as can be explained, as with each sample a cluster in both.
      let room = (classEntropy + clusterEntropy) / 2 - expected
      let least = Double.ulpOfOne
      let gain = table.mutualInformation - expected
      return (gain < 0 ? min(gain, -least) : max(gain, least))
        / (room < 0 ? min(room, -least) : max(room, least))
    }
  }

  /// Homogeneity: the share of the classes' entropy that the clusters explain.
  ///
  /// A. Rosenberg, J. Hirschberg. "V-measure: a conditional entropy-based external cluster
  /// evaluation measure." EMNLP-CoNLL 2007. 1 where every cluster holds one class, as where there
  /// is one class alone.
  public static let homogeneity = Metric(
    id: "homogeneity", title: "Homogeneity", direction: .higherIsBetter,
    definition: "The share of the classes' entropy that the clusters explain.", isResampled: false
  ) { evaluation in
    Contingency.preparedScore(evaluation) { $0.explained(of: $0.classEntropy) }
  }

  /// Completeness: the share of the clusters' entropy that the classes explain.
  ///
  /// Rosenberg and Hirschberg, 2007. 1 where every class lies in one cluster.
  public static let completeness = Metric(
    id: "completeness", title: "Completeness", direction: .higherIsBetter,
    definition: "The share of the clusters' entropy that the classes explain.", isResampled: false
  ) { evaluation in
    Contingency.preparedScore(evaluation) { $0.explained(of: $0.clusterEntropy) }
  }

  /// The harmonic mean of homogeneity and completeness.
  ///
  /// Rosenberg and Hirschberg, 2007, β = 1: another formula for `normalizedMutualInformation`, kept
  /// beside its two factors because readers look for it by its name.
  public static let vMeasure = Metric(
    id: "v-measure", title: "V-measure", direction: .higherIsBetter,
    definition: "The harmonic mean of homogeneity and completeness.", isResampled: false
  ) { evaluation in
    Contingency.preparedScore(evaluation) { table in
      let homogeneity = table.explained(of: table.classEntropy)
      let completeness = table.explained(of: table.clusterEntropy)
      let sum = homogeneity + completeness
      return sum > 0 ? 2 * homogeneity * completeness / sum : 0
    }
  }

  /// The share of samples whose cluster is matched to their class.
  ///
  /// Clusters are matched one to one to classes, once, on the whole sample: see
  /// `Evaluation.init(labels:classCount:clusters:groups:)`.
  public static let clusteringAccuracy = Metric(
    id: "clustering-accuracy", title: "Clustering accuracy", direction: .higherIsBetter,
    definition:
      "The share of samples in the cluster that is matched to their class, matched one to "
      + "one so that the share is greatest.",
    lanes: .accuracy
  ) { evaluation in
    guard evaluation.clusters != nil else { return nil }
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in confusion(weights).accuracy }
  }
}
