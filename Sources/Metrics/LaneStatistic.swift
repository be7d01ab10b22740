import Domains

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

  /// The metric of that id under many resamples; nil where it has no such form.
  static func metric(_ id: String) -> LaneStatistic? {
    switch id {
    case "accuracy", "clustering-accuracy": accuracy
    case "balanced-accuracy": balancedAccuracy
    case "macro-f1": macroF1
    case "recall-gap": recallGap
    case "marginal-shift": marginalShift
    case "log-loss": mean { ProbabilityLosses.logarithmic($0) }
    case "brier": mean { ProbabilityLosses.squared($0) }
    case "ece-width-15": calibrationError
    case "auroc": auroc
    default: nil
    }
  }

  /// The mean of a loss of each sample.
  private static func mean(
    _ losses: @escaping @Sendable (Evaluation) -> [Double]?
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: false) { evaluation in
      guard let losses = losses(evaluation) else { return nil }
      let factors = losses.map(Float.init)
      return { lanes, values in
        let whole = SampleCells(Array(repeating: 0, count: factors.count), count: 1)
        let sums = lanes.sums(whole, times: factors)
        let (sum, total) = (sums.lanes(0), lanes.classes.total)
        for lane in values.indices { values[lane] = Double(sum[lane]) / total[lane] }
        sums.values.deallocate()
      }
    }
  }

  private static let calibrationError = LaneStatistic(isOfCounts: false) { evaluation in
    guard let binned = CalibrationBins(evaluation) else { return nil }
    let factors = binned.residuals.map(Float.init)
    return { lanes, values in
      let sums = lanes.sums(binned.bins, times: factors)
      for lane in values.indices { values[lane] = 0 }
      for bin in 0..<CalibrationBins.count where sums.rows[bin] > 0 {
        let gaps = sums.lanes(bin)
        for lane in values.indices { values[lane] += Double(abs(gaps[lane])) }
      }
      let total = lanes.classes.total
      for lane in values.indices { values[lane] /= total[lane] }
      sums.values.deallocate()
    }
  }

  private static let auroc = LaneStatistic(isOfCounts: false) { evaluation in
    guard evaluation.classCount == 2, let ranking = Ranking(evaluation, of: 1) else { return nil }
    return { lanes, values in ranking.auroc(lanes.weights(), values) }
  }

  private static let accuracy = ofClasses { classes, values in
    let (total, right) = (classes.total, classes.allRight)
    for lane in values.indices { values[lane] = right[lane] / total[lane] }
  }

  private static let balancedAccuracy = ofClasses { classes, values in
    var present = [Double](repeating: 0, count: values.count)
    for lane in values.indices { values[lane] = 0 }
    for label in 0..<classes.classCount {
      let (truth, right) = (classes.truth(label), classes.right(label))
      for lane in values.indices where truth[lane] > 0 {
        values[lane] += right[lane] / truth[lane]
        present[lane] += 1
      }
    }
    for lane in values.indices { values[lane] /= present[lane] }
  }

  private static let macroF1 = ofClasses { classes, values in
    var present = [Double](repeating: 0, count: values.count)
    for lane in values.indices { values[lane] = 0 }
    for label in 0..<classes.classCount {
      let (truth, right) = (classes.truth(label), classes.right(label))
      let predicted = classes.predicted(label)
      for lane in values.indices where truth[lane] + predicted[lane] > 0 {
        values[lane] += 2 * right[lane] / (truth[lane] + predicted[lane])
        present[lane] += 1
      }
    }
    for lane in values.indices { values[lane] /= present[lane] }
  }

  private static let recallGap = ofClasses { classes, values in
    var spread = Spread(width: values.count)
    for label in 0..<classes.classCount {
      let (truth, right) = (classes.truth(label), classes.right(label))
      spread.add(right, over: truth)
    }
    spread.write(least: 1, to: values)
  }

  private static let marginalShift = ofClasses { classes, values in
    for lane in values.indices { values[lane] = 0 }
    for label in 0...classes.classCount {
      let predicted = classes.predicted(label)
      if label < classes.classCount {
        let truth = classes.truth(label)
        for lane in values.indices { values[lane] += abs(truth[lane] - predicted[lane]) }
      } else {
        for lane in values.indices { values[lane] += predicted[lane] }
      }
    }
    let total = classes.total
    for lane in values.indices { values[lane] = values[lane] / 2 / total[lane] }
  }
}

extension LaneStatistic {
  /// The group measure of that id, of the attribute of that name; nil where it has no such form.
  static func group(_ id: String, of name: String) -> LaneStatistic? {
    switch id {
    case "accuracy-gap": ofOutcomes(name, classCount: nil) { $0.accuracies.writeSpread(to: $1) }
    case "worst-group-accuracy":
      ofOutcomes(name, classCount: nil) { $0.accuracies.writeLeast(to: $1) }
    case "demographic-parity-difference":
      ofOutcomes(name, classCount: 2) { $0.selectionRates.writeSpread(to: $1) }
    case "equal-opportunity-difference":
      ofOutcomes(name, classCount: 2) { $0.rates(ofClass: 1).writeSpread(to: $1) }
    case "equalised-odds-difference":
      ofOutcomes(name, classCount: 2) { outcomes, values in
        outcomes.rates(ofClass: 1).writeSpread(to: values)
        let truePositives = Array(values)
        outcomes.rates(ofClass: 0).writeSpread(to: values)
        for lane in values.indices {
          // Not a number where either isn't.
          values[lane] =
            values[lane] >= truePositives[lane]
            ? values[lane] : truePositives[lane] + 0 * values[lane]
        }
      }
    case "predictive-parity-difference":
      ofOutcomes(name, classCount: 2) { $0.precisions.writeSpread(to: $1) }
    case "calibration-gap": calibrationGap(name)
    default: nil
    }
  }

  private static func calibrationGap(_ name: String) -> LaneStatistic {
    LaneStatistic(isOfCounts: false) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let binned = CalibrationBins(evaluation)
      else { return nil }
      let count = CalibrationBins.count
      let cells = SampleCells(
        zip(group.members, binned.bins.cells).map { $0 * count + $1 },
        count: group.levels.count * count)
      let factors = binned.residuals.map(Float.init)
      let outcomes = evaluation.outcomeCells(of: group)
      let levels = evaluation.shownPlaces(of: group)
      return { lanes, values in
        let sums = lanes.sums(cells, times: factors)
        let outcomes = OutcomeLanes(lanes.counts(outcomes), levels: levels, width: lanes.width)
        var spread = Spread(width: lanes.width)
        for level in levels {
          var errors = [Double](repeating: 0, count: lanes.width)
          for cell in level * count..<(level + 1) * count where sums.rows[cell] > 0 {
            let gaps = sums.lanes(cell)
            for lane in errors.indices { errors[lane] += Double(abs(gaps[lane])) }
          }
          spread.add(errors, over: outcomes.totals(level))
        }
        spread.writeSpread(to: values)
        sums.values.deallocate()
      }
    }
  }

  /// The accuracy of a level of an attribute.
  static func groupAccuracy(of name: String, level: String) -> LaneStatistic {
    LaneStatistic(isOfCounts: true) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let place = group.levels.firstIndex(of: level)
      else { return nil }
      let cells = evaluation.outcomeCells(of: group)
      let levels = evaluation.shownPlaces(of: group).filter { $0 == place }
      return { lanes, values in
        let outcomes = OutcomeLanes(lanes.counts(cells), levels: levels, width: lanes.width)
        outcomes.accuracies.writeLeast(to: values)
      }
    }
  }

  /// A function of the outcomes on each level of an attribute.
  private static func ofOutcomes(
    _ name: String, classCount: Int?,
    _ body: @escaping @Sendable (OutcomeLanes, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: true) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        classCount.map({ $0 == evaluation.classCount }) ?? true
      else { return nil }
      let cells = evaluation.outcomeCells(of: group)
      let levels = evaluation.shownPlaces(of: group)
      return { lanes, values in
        body(OutcomeLanes(lanes.counts(cells), levels: levels, width: lanes.width), values)
      }
    }
  }
}

/// The weights of the outcomes on levels of an attribute, lane by lane: see `GroupOutcomes`.
private struct OutcomeLanes {
  private let table: LaneTable<UInt16>
  private let levels: [Int]
  private let width: Int

  init(_ table: LaneTable<UInt16>, levels: [Int], width: Int) {
    self.table = table
    self.levels = levels
    self.width = width
  }

  /// The sum of some outcomes on a level.
  private func sum(_ level: Int, _ outcomes: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    for outcome in outcomes where table.rows[8 * level + outcome] > 0 {
      let weights = table.lanes(8 * level + outcome)
      for lane in 0..<width { sums[lane] += Double(weights[lane]) }
    }
    return sums
  }

  private func spread(_ parts: [Int], over wholes: [Int]) -> Spread {
    var spread = Spread(width: width)
    for level in levels { spread.add(sum(level, parts), over: sum(level, wholes)) }
    return spread
  }

  /// The accuracies of the levels.
  var accuracies: Spread { spread([4, 5, 6, 7], over: Array(0..<8)) }

  /// The weight of a level.
  func totals(_ level: Int) -> [Double] { sum(level, Array(0..<8)) }

  /// The shares of class 1 among those predicted as it.
  var precisions: Spread { spread([3, 7], over: [1, 3, 5, 7]) }

  /// The rates at which class 1 is predicted.
  var selectionRates: Spread { spread([1, 3, 5, 7], over: Array(0..<8)) }

  /// The rates at which class 1 is predicted of a class.
  func rates(ofClass label: Int) -> Spread {
    let (negative, positive) = (2 * label, 2 * label + 1)
    return spread(
      [positive, positive + 4], over: [negative, negative + 4, positive, positive + 4])
  }
}

extension Evaluation {
  /// The places of the levels of an attribute that are shown.
  fileprivate func shownPlaces(of group: Domain.Group) -> [Int] {
    zip(group.levels.indices, shownLevels(of: group)).compactMap { $1 ? $0 : nil }
  }
}

/// The least and greatest of rates, lane by lane.
struct Spread {
  private var least: [Double]
  private var greatest: [Double]
  private var defined: [Int]

  init(width: Int) {
    least = Array(repeating: .infinity, count: width)
    greatest = Array(repeating: -.infinity, count: width)
    defined = Array(repeating: 0, count: width)
  }

  /// Takes a rate in, where its denominator isn't 0.
  mutating func add(_ parts: UnsafePointer<Double>, over wholes: UnsafePointer<Double>) {
    for lane in least.indices where wholes[lane] > 0 {
      let rate = parts[lane] / wholes[lane]
      least[lane] = min(least[lane], rate)
      greatest[lane] = max(greatest[lane], rate)
      defined[lane] += 1
    }
  }

  /// Writes the greatest minus the least, where there are at least so many rates.
  func write(least count: Int, to values: UnsafeMutableBufferPointer<Double>) {
    for lane in values.indices {
      values[lane] = defined[lane] >= count ? greatest[lane] - least[lane] : .nan
    }
  }

  /// Writes the greatest minus the least of two or more rates.
  func writeSpread(to values: UnsafeMutableBufferPointer<Double>) { write(least: 2, to: values) }

  /// Writes the least rate.
  func writeLeast(to values: UnsafeMutableBufferPointer<Double>) {
    for lane in values.indices { values[lane] = defined[lane] > 0 ? least[lane] : .nan }
  }
}
