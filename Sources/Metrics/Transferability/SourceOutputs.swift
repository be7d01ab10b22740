public import LinearAlgebra
import Randomness

/// What a source model says of target samples, with those samples' own labels.
///
/// The one type through which target labels reach a measure before training: a measure that takes
/// it can't be had where the target is unlabelled.
public struct SourceOutputs: Sendable {
  /// What the source model makes of each target sample, n × k: its class probabilities, or a
  /// representation.
  public let outputs: Matrix<Double>
  /// The label of each target sample.
  public let labels: [Int]

  /// The outputs for n labelled target samples.
  public init(outputs: Matrix<Double>, labels: [Int]) {
    precondition(outputs.rows == labels.count, "Outputs have one label for each row.")
    precondition(labels.allSatisfy { $0 >= 0 }, "Labels are not negative.")
    self.outputs = outputs
    self.labels = labels
  }

  /// n.
  public var count: Int { labels.count }

  /// The samples at these rows; a row may stand more than once.
  func selecting(rows: [Int]) -> SourceOutputs {
    SourceOutputs(outputs: outputs.selecting(rows: rows), labels: rows.map { labels[$0] })
  }

  /// The classes that have a sample, ascending, each with its rows.
  var classes: [(label: Int, rows: [Int])] {
    var rows = [[Int]](repeating: [], count: (labels.max() ?? -1) + 1)
    for (row, label) in labels.enumerated() { rows[label].append(row) }
    return rows.enumerated().filter { !$0.element.isEmpty }.map { ($0.offset, $0.element) }
  }

  /// The mean output of each sample's class, n × k.
  var classMeans: Matrix<Double> {
    var means = outputs
    for (_, rows) in classes {
      let mean = outputs.selecting(rows: rows).columnMeans
      for row in rows {
        for column in 0..<means.columns { means[row, column] = mean[column] }
      }
    }
    return means
  }
}

extension SourceOutputs {
  /// How far a score would vary over targets of as many samples.
  ///
  /// ```
  /// s + Q(s*_b − s̄*),   Q the 2.5 and 97.5 % quantiles over resamples b       (1)
  /// ```
  ///
  /// A resample holds samples more than once, which scores such as a conditional entropy take for
  /// order: all s* are too high, and plain quantiles miss the score itself. (1) takes the mean s̄* of
  /// that away. It is an interval of what the score is on average over targets of this size, which
  /// is how scores of several sources are compared; that of infinitely many samples may lie outside.
  /// Resamples on which the score isn't defined are left out; where they are more than half, there
  /// is no interval. The source model is taken as given: its own variance isn't in the interval.
  func interval<Failure: Error>(
    of value: Double, resamples: Int, key: RandomKey,
    _ score: (SourceOutputs) throws(Failure) -> Double?
  ) throws(Failure) -> ClosedRange<Double>? {
    guard resamples > 0, count > 1 else { return nil }
    var scores: [Double] = []
    for resample in 0..<resamples {
      var stream = RandomStream(key.child("resample", resample))
      let rows = (0..<count).map { _ in stream.integer(below: count) }
      if let value = try score(selecting(rows: rows)), value.isFinite { scores.append(value) }
    }
    guard 2 * scores.count > resamples else { return nil }
    scores.sort()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(scores.count - 1)
      let below = Int(place)
      let above = min(below + 1, scores.count - 1)
      return scores[below] + (place - Double(below)) * (scores[above] - scores[below])
    }
    let shift = value - scores.reduce(0, +) / Double(scores.count)
    return quantile(0.025) + shift...quantile(0.975) + shift  // (1)
  }
}
