internal import CKernels
import Foundation

/// A statistic under many resamples at once: the same number as its `Statistic`, lane by lane.
///
/// Only for speed: a statistic without one is computed resample by resample, and tests hold those
/// with one to their `Statistic`.
struct LaneStatistic: Sendable {
  /// Writes the statistic of each lane; not a number where it is undefined.
  typealias Prepared = (LaneBlock, UnsafeMutableBufferPointer<Double>) -> Void

  /// Whether it is a function of counts of samples: cheap enough for any number of resamples.
  let isOfCounts: Bool
  let preparing: @Sendable (Evaluation) -> Prepared?

  /// A function of the weights of true, predicted and right classes.
  private static func ofClasses(
    _ body: @escaping @Sendable (ClassLanes, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: true) { _ in { lanes, values in body(lanes.classes, values) } }
  }

  /// The mean of a loss of each sample, never negative.
  static func mean(
    _ losses: @escaping @Sendable (Evaluation) -> [Double]?
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: false) { evaluation in
      guard let losses = losses(evaluation) else { return nil }
      let factors = losses.map(Float.init)
      let whole = SampleCells(Array(repeating: 0, count: factors.count), count: 1)
      return { lanes, values in
        values.update(repeating: 0)
        lanes.addSizes(of: 0..<1, in: whole, times: factors, to: values.baseAddress)
        ck_divide_u16(values.count, lanes.classes.total, values.baseAddress)
      }
    }
  }

  static let calibrationError = LaneStatistic(isOfCounts: false) { evaluation in
    guard let binned = evaluation.calibrationBins else { return nil }
    let factors = binned.bins.samplesByCell.map { Float(binned.residuals[$0]) }
    return { lanes, values in
      values.update(repeating: 0)
      lanes.addSizes(
        of: 0..<CalibrationBins.count, in: binned.bins, times: factors, to: values.baseAddress)
      ck_divide_u16(values.count, lanes.classes.total, values.baseAddress)
    }
  }

  static let auroc = LaneStatistic(isOfCounts: false) { evaluation in
    guard evaluation.classCount == 2, let ranking = evaluation.ranking(of: 1) else { return nil }
    return { lanes, values in ranking.auroc(lanes, values) }
  }

  static let accuracy = ofClasses { classes, values in
    ck_ratios_u16(values.count, classes.allRight, classes.total, values.baseAddress)
  }

  static let balancedAccuracy = ofClasses { classes, values in
    values.update(repeating: 0)
    var present = [Double](repeating: 0, count: values.count)
    for label in 0..<classes.classCount {
      ck_add_ratios_u16(
        values.count, classes.right(label), classes.truth(label), values.baseAddress, &present)
    }
    ck_divide_f64(values.count, present, values.baseAddress)
  }

  static let macroF1 = ofClasses { classes, values in
    values.update(repeating: 0)
    var present = [Double](repeating: 0, count: values.count)
    for label in 0..<classes.classCount {
      ck_add_f1_u16(
        values.count, classes.right(label), classes.truth(label), classes.predicted(label),
        values.baseAddress, &present)
    }
    ck_divide_f64(values.count, present, values.baseAddress)
  }

  static let recallGap = ofClasses { classes, values in
    var spread = Spread(width: values.count)
    for label in 0..<classes.classCount {
      spread.add(classes.right(label), over: classes.truth(label))
    }
    spread.write(least: 1, to: values)
  }

  /// The difference of the recalls of two classes.
  static func recallDifference(from bottom: Int, to top: Int) -> LaneStatistic {
    ofClasses { classes, values in
      ck_ratios_u16(values.count, classes.right(top), classes.truth(top), values.baseAddress)
      var least = [Double](repeating: 0, count: values.count)
      ck_ratios_u16(values.count, classes.right(bottom), classes.truth(bottom), &least)
      ck_subtract_f64(values.count, least, values.baseAddress)
    }
  }

  static let marginalShift = ofClasses { classes, values in
    values.update(repeating: 0)
    for label in 0...classes.classCount {
      ck_add_differences_u16(
        values.count, label < classes.classCount ? classes.truth(label) : classes.none,
        classes.predicted(label), values.baseAddress)
    }
    ck_divide_all_f64(values.count, 2, values.baseAddress)
    ck_divide_u16(values.count, classes.total, values.baseAddress)
  }

  /// A function of sums over the cells of the table of classes and clusters, over its classes and
  /// over its clusters, in this order, of `term` of their weights; and of the weight of all.
  private static func ofContingency(
    _ term: @escaping @Sendable (UnsafeMutablePointer<UInt16>, _ sums: inout [Double]) -> Void,
    _ body:
      @escaping @Sendable (_ sums: [[Double]], ClassLanes, UnsafeMutableBufferPointer<Double>)
      -> Void
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: false) { evaluation in
      guard let cells = evaluation.contingencyCells else { return nil }
      let clusterCount = cells.count / max(evaluation.classCount, 1)
      return { lanes, values in
        let (table, classes) = (lanes.counts(cells), lanes.classes)
        var sums = [[Double]](repeating: Array(repeating: 0, count: lanes.width), count: 3)
        for cell in 0..<cells.count where table.rows[cell] > 0 {
          term(table.lanes(cell), &sums[0])
        }
        for label in 0..<classes.classCount { term(classes.truth(label), &sums[1]) }
        for cluster in 0..<clusterCount {
          var weights = [UInt16](repeating: 0, count: lanes.width)
          for cell in stride(from: cluster, to: cells.count, by: clusterCount)
          where table.rows[cell] > 0 {
            ck_add_u16(lanes.width, table.lanes(cell), &weights)
          }
          weights.withUnsafeMutableBufferPointer { weights in
            if let base = weights.baseAddress { term(base, &sums[2]) }
          }
        }
        body(sums, classes, values)
      }
    }
  }

  static let adjustedRandIndex = ofContingency {
    ck_add_squares_u16($1.count, $0, &$1)
  } _: { sums, classes, values in
    for lane in values.indices {
      let weight = Double(classes.total[lane])
      let pairs = weight * weight - weight
      let sameBoth = sums[0][lane] - weight
      let (sameClass, sameCluster) = (sums[1][lane] - weight, sums[2][lane] - weight)
      let expected = sameClass * sameCluster
      values[lane] =
        weight == 0
        ? .nan
        : sameClass == sameBoth && sameCluster == sameBoth
          ? 1
          : (sameBoth * pairs - expected) / ((sameClass + sameCluster) / 2 * pairs - expected)
    }
  }

  /// k ln k of each number that a lane can hold, in whole multiples of 2⁻³³: their sums are exact,
  /// so that clusterings alike but for the clusters' numbers get the same value.
  private static let entropyTerms = (0...Int(UInt16.max)).map { count in
    count > 1 ? (Double(count) * log(Double(count)) * 0x1p33).rounded() * 0x1p-33 : 0
  }

  static let normalizedMutualInformation = ofContingency {
    ck_add_looked_up_u16($1.count, $0, entropyTerms, &$1)
  } _: { sums, classes, values in
    for lane in values.indices {
      let weight = classes.total[lane]
      // Entropies and information times the weight; exactly 0 where there is one part alone.
      let whole = entropyTerms[Int(weight)]
      let (ofClasses, ofClusters) = (whole - sums[1][lane], whole - sums[2][lane])
      let information = max(0, sums[0][lane] - sums[1][lane] - sums[2][lane] + whole)
      values[lane] =
        weight == 0
        ? .nan
        : ofClasses == 0 && ofClusters == 0
          ? 1
          : ofClasses == 0 || ofClusters == 0 ? 0 : information / ((ofClasses + ofClusters) / 2)
    }
  }
}

/// The least and greatest of rates, lane by lane.
struct Spread {
  private var least: [Double]
  private var greatest: [Double]
  private var present: [Double]

  init(width: Int) {
    least = Array(repeating: .infinity, count: width)
    greatest = Array(repeating: -.infinity, count: width)
    present = Array(repeating: 0, count: width)
  }

  /// Takes a rate in, where its denominator isn't 0.
  mutating func add(_ parts: UnsafePointer<UInt16>, over wholes: UnsafePointer<UInt16>) {
    ck_spread_ratios_u16(least.count, parts, wholes, &least, &greatest, &present)
  }

  /// Takes a mean in, where its denominator isn't 0.
  mutating func add(_ sums: [Double], over wholes: [UInt16]) {
    for lane in least.indices where wholes[lane] > 0 {
      let mean = sums[lane] / Double(wholes[lane])
      least[lane] = min(least[lane], mean)
      greatest[lane] = max(greatest[lane], mean)
      present[lane] += 1
    }
  }

  /// Writes the greatest minus the least, where there are at least so many rates.
  func write(least count: Double, to values: UnsafeMutableBufferPointer<Double>) {
    for lane in values.indices {
      values[lane] = present[lane] >= count ? greatest[lane] - least[lane] : .nan
    }
  }

  /// Writes the greatest minus the least of two or more rates.
  func writeSpread(to values: UnsafeMutableBufferPointer<Double>) { write(least: 2, to: values) }

  /// Writes the least rate.
  func writeLeast(to values: UnsafeMutableBufferPointer<Double>) {
    for lane in values.indices { values[lane] = present[lane] > 0 ? least[lane] : .nan }
  }
}
