import Domains
import Foundation
import Methods
import Metrics

/// The learning curve of one method on one pair: its score at each number of shots.
struct MethodCurve: Sendable {
  /// The score after one number of shots, the mean over repetitions.
  struct Point: Sendable {
    let shots: Int
    let result: PairedResult
    /// The reference's score on the same shots; nil where there is none.
    let referenceScore: Double?
  }

  let pair: PairID
  /// The method without its shots.
  let method: PlannedMethod
  let metric: Metric
  /// By ascending shots; two or more.
  let points: [Point]
  /// The id of the method that it is measured against; nil where there is none.
  let reference: String?
  /// What transfer did to the curve; nil where there is no reference at two or more of its shots.
  let transfer: LearningCurve.Transfer?

  /// The curves of the inductive methods of a plan with several numbers of shots, in order:
  /// `headlines` are those of each method, pair after pair.
  static func all(methods: [PlannedMethod], headlines: [[Headline]]) -> [MethodCurve] {
    var families: [PlannedMethod] = []
    for method in methods where method.shots != nil && !families.contains(method.atAnyShots) {
      families.append(method.atAnyShots)
    }
    var pairs: [PairID] = []
    for headline in headlines.joined() where !pairs.contains(headline.pair) {
      pairs.append(headline.pair)
    }
    func headline(_ method: PlannedMethod, _ pair: PairID) -> Headline? {
      methods.firstIndex(of: method).flatMap { place in
        headlines[place].first { $0.pair == pair }
      }
    }
    return families.flatMap { family in
      pairs.compactMap { pair -> MethodCurve? in
        var points: [Point] = []
        var score: Metric?
        for method in methods where method.shots != nil && method.atAnyShots == family {
          guard let shots = method.shots, let own = headline(method, pair) else { continue }
          let reference = (try? method.reference()).flatMap { $0 }
          let other = reference.flatMap { headline($0, pair) }
          score = own.score
          points.append(
            Point(shots: shots, result: own.result, referenceScore: other?.result.mean))
        }
        guard let score, points.count > 1 else { return nil }
        return MethodCurve(pair, family, score, points.sorted { $0.shots < $1.shots })
      }
    }
  }

  private init(_ pair: PairID, _ method: PlannedMethod, _ metric: Metric, _ points: [Point]) {
    self.pair = pair
    self.method = method
    self.metric = metric
    self.points = points
    let paired = points.filter { $0.referenceScore != nil }
    let own = LearningCurve(
      paired.map { LearningCurve.Point(shots: $0.shots, score: $0.result.mean) })
    let other = LearningCurve(
      paired.compactMap { point in
        point.referenceScore.map { LearningCurve.Point(shots: point.shots, score: $0) }
      })
    if let own, let other {
      transfer = own.transfer(over: other, direction: metric.direction)
    } else {
      transfer = nil
    }
    reference = paired.isEmpty ? nil : MethodRegistry.referenceID(of: method.entry.setting)
  }

  /// The four figures under their names in `curves.csv`.
  var figures: [(id: String, value: Double?)] {
    guard let transfer else { return [] }
    return [
      (CurveFigure.jumpStart, transfer.jumpStart),
      (CurveFigure.asymptoticGain, transfer.asymptoticGain),
      (CurveFigure.areaGain, transfer.areaGain),
      (CurveFigure.labelEfficiencyRatio, transfer.labelEfficiencyRatio),
    ]
  }
}

/// The names of the figures of a learning curve.
enum CurveFigure {
  static let jumpStart = "jump-start"
  static let asymptoticGain = "asymptotic-gain"
  static let areaGain = "learning-curve-area-gain"
  static let labelEfficiencyRatio = "label-efficiency-ratio"
}

/// The learning curves of a run as a short table: means over pairs.
public struct CurveTable: Sendable {
  private let curves: [MethodCurve]
  private let shots: [Int]

  /// The table of a run's curves; nil where inductive methods were run with one number of shots.
  public init?(_ summary: Summary) {
    guard !summary.curves.isEmpty else { return nil }
    curves = summary.curves
    shots = summary.plan.shots.counts
  }

  /// The table for people: scores and gains in points of 100, ratios as geometric means.
  public func text() -> String {
    var methods: [PlannedMethod] = []
    for curve in curves where !methods.contains(curve.method) { methods.append(curve.method) }
    let header =
      ["method"] + shots.map { "\($0) shot\($0 == 1 ? "" : "s")" }
      + ["jump-start", "asymptotic", "area", "label efficiency"]
    let rows = methods.map { method in
      let own = curves.filter { $0.method == method }
      return [ResultTable.name(method)]
        + shots.map { shots in
          Self.points(
            Self.mean(own.compactMap { $0.points.first { $0.shots == shots }?.result.mean }), "%.1f"
          )
        }
        + [\LearningCurve.Transfer.jumpStart, \.asymptoticGain, \.areaGain].map { figure in
          Self.points(Self.mean(own.compactMap { $0.transfer?[keyPath: figure] }), "%+.1f")
        }
        + [Self.ratio(own.compactMap { $0.transfer?.labelEfficiencyRatio })]
    }
    let lines = AlignedColumns.padded(
      [header] + rows, rightAligned: Set(header.indices).subtracting([0]))
    let rule = String(repeating: "─", count: lines[0].joined(separator: "  ").count)
    return ([AlignedColumns.line(lines[0]), rule] + lines.dropFirst().map(AlignedColumns.line))
      .joined(separator: "\n") + "\n"
  }

  /// In points of 100, never "-0.0"; empty of nothing.
  private static func points(_ value: Double?, _ format: String) -> String {
    guard let value else { return "" }
    let text = String(format: format, 100 * value)
    return ["-0.0", "+0.0"].contains(text) ? "0.0" : text
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func ratio(_ values: [Double]) -> String {
    mean(values.map { log($0) }).map { String(format: "%.2f", exp($0)) } ?? ""
  }
}
