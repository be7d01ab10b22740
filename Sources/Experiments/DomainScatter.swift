public import Domains
import Learners
import LinearAlgebra
import Methods

/// Source and target samples of a cell in two dimensions, before and after the method moved them.
///
/// The two dimensions are the first principal components of both domains together, of their features
/// before and of the method's after.
public struct DomainScatter: Sendable {
  /// A sample of a domain.
  struct Point: Sendable {
    let x: Double
    let y: Double
    let label: Int
  }

  /// Both domains in two dimensions.
  struct Plane: Sendable {
    let source: [Point]
    let target: [Point]
    /// The share of the variance that the two dimensions hold.
    let share: Double
  }

  let method: PlannedMethod
  let pair: PairID
  let classes: [String]
  let before: Plane
  let after: Plane

  /// The samples of a domain that are shown, spread evenly over its rows.
  private static let most = 300

  /// Fits a cell again and moves the samples that the method saw; nil where it moves none.
  ///
  /// - Throws: the `CellFailure` or `MethodError` of the fit, or a `LearnerError`.
  init?(of cell: Cell, _ method: PlannedMethod, on pair: DomainPair) throws {
    let samples = SplitSamples(of: cell, pair)
    let entry = method.entry
    let parts = try CellParts(cell: cell, pair: pair, setting: entry.setting, samples: samples)
    try cell.backbone?.begin(on: parts.source)
    let model: any Classifier
    switch try entry.settled(ParametersJSON.decode(method.parameters) ?? [:]).fit {
    case .transductive(let fit): model = try fit(parts.source, parts.target, cell.fitKey)
    case .inductive(let fit):
      model = try fit(parts.source, parts.shots, parts.unlabelled, cell.fitKey)
    case .oracle, .unsupervised, .program: return nil
    }
    guard let model = model as? any FeatureMapping else { return nil }
    let (sourceRows, targetRows) = (
      Self.rows(of: parts.source.features), Self.rows(of: parts.target.features)
    )
    let source = parts.source.features.selecting(rows: sourceRows)
    let target = parts.target.features.selecting(rows: targetRows)
    let (moved, movedTarget) = (model.mapped(ofSource: source), model.mapped(target))
    guard moved != source || movedTarget != target else { return nil }
    let labels = (
      sourceRows.map { parts.source.labels[$0] },
      targetRows.map { pair.target.labels[samples.split.targetFit[$0]] }
    )
    self.method = method
    self.pair = pair.id
    classes = pair.classes
    before = try Self.plane(source, target, labels)
    after = try Self.plane(moved, movedTarget, labels)
  }

  private static func rows(of features: Matrix<Double>) -> [Int] {
    let count = min(most, features.rows)
    return (0..<count).map { $0 * features.rows / count }
  }

  private static func plane(
    _ source: Matrix<Double>, _ target: Matrix<Double>, _ labels: (source: [Int], target: [Int])
  ) throws(LearnerError) -> Plane {
    let both = source.appending(rows: target)
    let model = try PrincipalComponents.fit(both, count: 2)
    let places = model.project(both)
    func points(_ start: Int, _ labels: [Int]) -> [Point] {
      labels.indices.map { row in
        Point(
          x: model.count > 0 ? places[start + row, 0] : 0,
          y: model.count > 1 ? places[start + row, 1] : 0, label: labels[row])
      }
    }
    let total = both.subtracting(row: model.mean).frobeniusNorm
    let variance = total * total / Double(max(both.rows - 1, 1))
    return Plane(
      source: points(0, labels.source), target: points(source.rows, labels.target),
      share: variance > 0 ? model.variances.reduce(0, +) / variance : 1)
  }
}

extension Run {
  /// The domains of a pair as a method of the plan moves them in the first repetition; nil where it
  /// moves none.
  ///
  /// - Throws: a `DomainError` where the data can't be had, a `PlanError` where they aren't those of
  ///   the results, or the error of the fit.
  public func scatter(
    of method: PlannedMethod, on pair: PairID, catalogue: DataCatalogue
  ) throws -> DomainScatter? {
    let loaded = try catalogue.load(pair)
    guard PairTruth(loaded).checksum == truths[pair.description]?.checksum else {
      throw PlanError.otherData(pair: pair.description)
    }
    return try DomainScatter(
      of: cell(method.stated, pair: pair.description, repetition: 0), method.stated, on: loaded)
  }
}
