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
}

extension Metric {
  /// The Rand index between clusters and classes, corrected for chance.
  ///
  /// L. Hubert, P. Arabie. "Comparing partitions." Journal of Classification 2, 1985. 1 where the
  /// partitions agree, about 0 for chance. Two samples alike that a weight stands for are a pair
  /// like any other, as if their row stood twice; resampling therefore raises it by O(1/n).
  public static let adjustedRandIndex = Metric(
    id: "adjusted-rand-index", title: "Adjusted Rand index", direction: .higherIsBetter
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
    direction: .higherIsBetter
  ) { evaluation in
    guard let contingency = Contingency.prepared(evaluation) else { return nil }
    return { weights in
      let table = contingency(weights)
      let weight = total(table.classes)
      guard weight > 0 else { return nil }
      let classEntropy = entropy(table.classes, total: weight)
      let clusterEntropy = entropy(table.clusters, total: weight)
      if classEntropy == 0 && clusterEntropy == 0 { return 1 }
      if classEntropy == 0 || clusterEntropy == 0 { return 0 }
      let width = table.clusters.count
      var information = 0.0
      for (place, cell) in table.cells.enumerated() where cell > 0 {
        let expected = table.classes[place / width] * table.clusters[place % width] / weight
        information += cell / weight * log(cell / expected)
      }
      return max(0, information) / ((classEntropy + clusterEntropy) / 2)
    }
  }

  /// The share of samples whose cluster is matched to their class.
  ///
  /// Clusters are matched one to one to classes, once, on the whole sample: see
  /// `Evaluation.init(labels:classCount:clusters:groups:)`.
  public static let clusteringAccuracy = Metric(
    id: "clustering-accuracy", title: "Clustering accuracy", direction: .higherIsBetter
  ) { evaluation in
    guard evaluation.clusters != nil else { return nil }
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in confusion(weights).accuracy }
  }

  /// −Σ p ln p of the parts of a total; exactly 0 where there is one part alone.
  private static func entropy(_ parts: [Double], total: Double) -> Double {
    var entropy = 0.0
    for part in parts where part > 0 && part < total {
      entropy -= part / total * log(part / total)
    }
    return entropy
  }
}
