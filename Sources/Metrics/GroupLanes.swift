internal import CKernels
import Domains

extension LaneStatistic {
  static func accuracyGap(of name: String) -> LaneStatistic {
    ofOutcomes(name, classCount: nil) { $0.accuracies.writeSpread(to: $1) }
  }

  static func worstGroupAccuracy(of name: String) -> LaneStatistic {
    ofOutcomes(name, classCount: nil) { $0.accuracies.writeLeast(to: $1) }
  }

  static func demographicParity(of name: String) -> LaneStatistic {
    ofOutcomes(name, classCount: 2) { $0.selectionRates.writeSpread(to: $1) }
  }

  static func equalOpportunity(of name: String) -> LaneStatistic {
    ofOutcomes(name, classCount: 2) { $0.rates(ofClass: 1).writeSpread(to: $1) }
  }

  static func equalisedOdds(of name: String) -> LaneStatistic {
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
  }

  static func predictiveParity(of name: String) -> LaneStatistic {
    ofOutcomes(name, classCount: 2) { $0.precisions.writeSpread(to: $1) }
  }

  static func calibrationGap(of name: String) -> LaneStatistic {
    LaneStatistic(isOfCounts: false) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let binned = evaluation.calibrationBins
      else { return nil }
      let count = CalibrationBins.count
      let cells = SampleCells(
        zip(group.members, binned.bins.cells).map { $0 * count + $1 },
        count: group.levels.count * count)
      let factors = cells.samplesByCell.map { Float(binned.residuals[$0]) }
      let outcomes = evaluation.outcomeCells(of: group)
      let levels = evaluation.shownPlaces(of: group)
      return { lanes, values in
        let outcomes = OutcomeLanes(lanes.counts(outcomes), levels: levels, width: lanes.width)
        var spread = Spread(width: lanes.width)
        for level in levels {
          var errors = [Double](repeating: 0, count: lanes.width)
          lanes.addSizes(
            of: level * count..<(level + 1) * count, in: cells, times: factors, to: &errors)
          spread.add(errors, over: outcomes.totals(level))
        }
        spread.writeSpread(to: values)
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
      guard evaluation.shownLevels(of: group)[place] else { return nil }
      return { lanes, values in
        OutcomeLanes(lanes.counts(cells), levels: [], width: lanes.width)
          .write(.accuracy, place, to: values)
      }
    }
  }

  /// The difference of a rate of outcomes between two levels of an attribute.
  static func difference(
    _ rate: Gap.Rate, of name: String, from bottom: String, to top: String
  ) -> LaneStatistic {
    LaneStatistic(isOfCounts: true) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let ends = rate.ends(evaluation, group, from: bottom, to: top)
      else { return nil }
      let cells = evaluation.outcomeCells(of: group)
      return { lanes, values in
        let outcomes = OutcomeLanes(lanes.counts(cells), levels: [], width: lanes.width)
        outcomes.write(rate, ends.top, to: values)
        var least = [Double](repeating: 0, count: values.count)
        least.withUnsafeMutableBufferPointer { outcomes.write(rate, ends.bottom, to: $0) }
        ck_subtract_f64(values.count, least, values.baseAddress)
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
  private func sum(_ level: Int, _ outcomes: [Int]) -> [UInt16] {
    var sums = [UInt16](repeating: 0, count: width)
    for outcome in outcomes where table.rows[8 * level + outcome] > 0 {
      ck_add_u16(width, table.lanes(8 * level + outcome), &sums)
    }
    return sums
  }

  private func spread(_ parts: [Int], over wholes: [Int]) -> Spread {
    var spread = Spread(width: width)
    for level in levels { spread.add(sum(level, parts), over: sum(level, wholes)) }
    return spread
  }

  /// Writes a rate on a level; not a number where it is undefined.
  func write(_ rate: Gap.Rate, _ level: Int, to values: UnsafeMutableBufferPointer<Double>) {
    ck_ratios_u16(width, sum(level, rate.parts), sum(level, rate.wholes), values.baseAddress)
  }

  /// The accuracies of the levels.
  var accuracies: Spread { spread([4, 5, 6, 7], over: Array(0..<8)) }

  /// The weight of a level.
  func totals(_ level: Int) -> [UInt16] { sum(level, Array(0..<8)) }

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
