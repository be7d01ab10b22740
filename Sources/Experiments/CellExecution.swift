import Domains
import Learners
import LinearAlgebra
import Methods
import Randomness

/// What a completed cell predicted, before anyone opened the labels.
public struct CellPredictions: Sendable, Hashable, Codable {
  /// The target rows tested on.
  public let rows: [Int32]
  /// The class probabilities of those rows, row after row; empty for a clustering.
  public let probabilities: [Double]
  /// The clusters of those rows; empty for a classifier.
  public let clusters: [Int32]
  /// The source rows tested on, of the source model alone; else empty.
  public let sourceRows: [Int32]
  /// The class probabilities of those source rows.
  public let sourceProbabilities: [Double]
}

/// A cell's predictions and what they cost.
struct CellResult: Sendable {
  /// What was predicted.
  let predictions: CellPredictions
  /// Wall time of the fit, in seconds.
  let fitSeconds: Double
  /// Wall time of the prediction, in seconds.
  let predictSeconds: Double
}

extension Cell {
  /// Fits the method on what its setting grants of the pair, and predicts the test samples.
  ///
  /// - Precondition: the method is registered and its parameters are valid, as a plan checks.
  func execute(on pair: DomainPair) throws(CellFailure) -> CellResult {
    guard let entry = MethodRegistry.entry(method),
      let texts = ParametersJSON.decode(parameters),
      let settled = try? entry.settled(texts)
    else { preconditionFailure("A cell holds a registered method and valid parameters.") }
    let parts = try CellParts(cell: self, pair: pair, setting: entry.setting)
    let clock = ContinuousClock()
    let started = clock.now
    do {
      switch settled.fit {
      case .transductive(let fit):
        return try finish(try fit(parts.source, parts.target, fitKey), parts, clock, started)
      case .inductive(let fit):
        return try finish(
          try fit(parts.source, parts.shots, parts.unlabelled, fitKey), parts, clock, started)
      case .oracle(let fit):
        return try finish(try fit(parts.labelledTarget, fitKey), parts, clock, started)
      case .unsupervised(let fit):
        let model = try fit(
          parts.source.unlabelled, parts.target, pair.classes.count, fitKey)
        let fitted = clock.now
        let clusters = model.clusters(of: parts.test.features)
        return CellResult(
          predictions: CellPredictions(
            rows: parts.testRows.map(Int32.init), probabilities: [],
            clusters: clusters.map(Int32.init), sourceRows: [], sourceProbabilities: []),
          fitSeconds: (fitted - started) / .seconds(1),
          predictSeconds: (clock.now - fitted) / .seconds(1))
      }
    } catch let error as MethodError {
      throw .method(error)
    } catch let error as CellFailure {
      throw error
    } catch {
      preconditionFailure("A fit throws nothing but a method's error.")
    }
  }

  private func finish(
    _ model: any Classifier, _ parts: CellParts, _ clock: ContinuousClock,
    _ started: ContinuousClock.Instant
  ) throws(CellFailure) -> CellResult {
    let fitted = clock.now
    let probabilities = model.probabilities(of: parts.test.features)
    let ended = clock.now
    guard probabilities.isFinite else { throw .notFinite }
    let atHome = method == MethodRegistry.sourceModelID && !parts.sourceTestRows.isEmpty
    return CellResult(
      predictions: CellPredictions(
        rows: parts.testRows.map(Int32.init), probabilities: probabilities.elements, clusters: [],
        sourceRows: atHome ? parts.sourceTestRows.map(Int32.init) : [],
        sourceProbabilities: atHome
          ? model.probabilities(of: parts.sourceTest.features).elements : []),
      fitSeconds: (fitted - started) / .seconds(1), predictSeconds: (ended - fitted) / .seconds(1))
  }
}

/// The parts of a pair that one cell uses, under its protocol and its method's setting.
private struct CellParts {
  let source: LabelledSample
  /// The target part that methods see, unlabelled.
  let target: UnlabelledSample
  let shots: LabelledSample
  /// The target part that methods see, less the shots.
  let unlabelled: UnlabelledSample
  /// The target part that methods see, labelled: for the oracle alone.
  let labelledTarget: LabelledSample
  let testRows: [Int]
  let test: UnlabelledSample
  let sourceTestRows: [Int]
  let sourceTest: UnlabelledSample

  init(cell: Cell, pair: DomainPair, setting: Setting) throws(CellFailure) {
    let split = cell.evaluationProtocol.split(
      sourceCount: pair.source.count, targetCount: pair.target.count, key: cell.splitKey)
    var shotRows: [Int] = []
    if setting == .inductive {
      shotRows = try split.drawShots(
        cell.shots, labels: pair.target.labels, classes: pair.classes,
        key: cell.splitKey.child("shots"))
    }
    if setting == .oracle, split.targetTest == nil { throw .noOracle }
    let drawn = Set(shotRows)
    let rest = split.targetFit.filter { !drawn.contains($0) }
    testRows = split.targetTest ?? rest
    for (part, rows) in [
      ("the source's training part", split.sourceFit),
      ("the target's part to fit", split.targetFit),
      ("the target's test part", testRows),
    ] where rows.isEmpty { throw .emptyPart(part) }
    func sample(_ domain: Domain, _ rows: [Int]) -> LabelledSample {
      LabelledSample(
        features: domain.features.selecting(rows: rows), labels: rows.map { domain.labels[$0] },
        classCount: pair.classes.count)
    }
    func features(_ domain: Domain, _ rows: [Int]) -> UnlabelledSample {
      UnlabelledSample(features: domain.features.selecting(rows: rows))
    }
    source = sample(pair.source, split.sourceFit)
    target = features(pair.target, split.targetFit)
    shots = sample(pair.target, shotRows)
    unlabelled = features(pair.target, rest)
    labelledTarget = sample(pair.target, setting == .oracle ? split.targetFit : [])
    test = features(pair.target, testRows)
    sourceTestRows = split.sourceTest
    sourceTest = features(pair.source, split.sourceTest)
  }
}
