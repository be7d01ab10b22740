import Domains
import Learners
import LinearAlgebra
import Methods
import Metrics
import Randomness

/// What a completed cell predicted, before anyone opened the labels.
public struct CellPredictions: Sendable, Hashable, Codable {
  /// The target rows tested on.
  public let rows: [Int32]
  /// The class probabilities of those rows, row after row; empty for a clustering.
  public let probabilities: [Double]
  /// The clusters of those rows; empty for a classifier.
  public let clusters: [Int32]
  /// The held-out source rows tested on; empty for a clustering or where nothing is held out.
  public let sourceRows: [Int32]
  /// The class probabilities of those source rows.
  public let sourceProbabilities: [Double]
}

/// A cell's predictions and what they cost.
struct CellResult: Sendable {
  /// What was predicted; nil of a fold of the inner split.
  var predictions: CellPredictions?
  /// What is known of the setting, of a fold of the inner split.
  var judgement: FoldJudgement?
  /// Wall time of the fit, in seconds.
  let fitSeconds: Double
  /// Wall time of the prediction, in seconds.
  let predictSeconds: Double
  /// The most memory that a program held beside its worker, in MiB.
  var programMemory = 0.0
}

extension Cell {
  /// Fits the method on what its setting grants of the pair, and predicts the test samples.
  ///
  /// `samples` are those of the last cell; cells of the same split go on with them, and with what
  /// methods computed of them. What a fit found there counts with the time that it took.
  ///
  /// `networks` keeps what sources train beyond this process.
  ///
  /// - Precondition: the method is registered and its parameters are valid, as a plan checks.
  func execute(
    on pair: DomainPair, samples: inout SplitSamples?, networks: NetworkArchive? = nil
  ) throws(CellFailure) -> CellResult {
    guard let entry,
      let texts = ParametersJSON.decode(parameters),
      let settled = try? entry.settled(texts)
    else { preconditionFailure("A cell holds a registered method and valid parameters.") }
    let current: SplitSamples
    if let samples, samples.isOf(self) {
      current = samples
    } else {
      samples = nil
      current = SplitSamples(of: self, pair)
      samples = current
    }
    let parts = try CellParts(cell: self, pair: pair, setting: entry.setting, samples: current)
    let clock = ContinuousClock()
    let savedBefore = current.savedSeconds
    let started = clock.now
    func seconds() -> Double {
      (clock.now - started) / .seconds(1) + current.savedSeconds - savedBefore
    }
    try backbone?.begin(on: parts.source)
    let trained = backbone == nil ? entry.pretrainedNetwork(parameters: parameters) : nil
    if let trained { networks?.restore(trained, to: parts.source) }
    defer { if let trained { networks?.keep(trained, of: parts.source) } }
    do {
      switch settled.fit {
      case .transductive(let fit):
        let model = try fit(parts.source, parts.target, fitKey)
        return try finish(model, parts, seconds) { () throws(MethodError) in
          try fit(
            LabelledSample(
              features: parts.target.features,
              labels: Predictions(probabilities: model.probabilities(of: parts.target.features))
                .classes, classCount: parts.source.classCount),
            current.unlabelledSource, fitKey.child("reverse"))
        }
      case .inductive(let fit):
        return try finish(
          try fit(parts.source, parts.shots, parts.unlabelled, fitKey), parts, seconds)
      case .oracle(let fit):
        return try finish(try fit(parts.labelledTarget, fitKey), parts, seconds)
      case .unsupervised(let fit):
        let model = try fit(
          current.unlabelledSource, parts.target, pair.classes.count, fitKey)
        let fitted = seconds()
        let clusters = model.clusters(of: parts.test.features)
        guard fold == nil else { preconditionFailure("Clusterings are not tuned.") }
        return CellResult(
          predictions: CellPredictions(
            rows: parts.testRows.map(Int32.init), probabilities: [],
            clusters: clusters.map(Int32.init), sourceRows: [], sourceProbabilities: []),
          fitSeconds: fitted, predictSeconds: seconds() - fitted)
      case .program(let program, let parameters):
        guard fold == nil else { preconditionFailure("Programs are not tuned.") }
        let (answer, memory) = try answer(
          of: program, parameters: parameters,
          to: grant(parts, of: program.setting, current), test: parts.test,
          classCount: pair.classes.count)
        return CellResult(
          predictions: CellPredictions(rows: parts.testRows, answer),
          fitSeconds: seconds(), predictSeconds: 0, programMemory: memory)
      }
    } catch let error as MethodError {
      throw .method(error)
    } catch let error as CellFailure {
      throw error
    } catch {
      preconditionFailure("A fit throws nothing but a method's error.")
    }
  }

  /// What a program of that setting is granted.
  private func grant(
    _ parts: CellParts, of setting: Setting, _ samples: SplitSamples
  ) -> ProgramTask.Grant {
    switch setting {
    case .transductive: .transductive(source: parts.source, target: parts.target)
    case .inductive:
      .inductive(source: parts.source, shots: parts.shots, unlabelled: parts.unlabelled)
    case .unsupervised: .unsupervised(source: samples.unlabelledSource, target: parts.target)
    case .oracle: preconditionFailure("A program is no oracle.")
    }
  }

  private func judgement(
    _ model: any Classifier, _ answers: Predictions, _ back: (any Classifier)?, _ parts: CellParts
  ) -> FoldJudgement {
    let (source, held) = (parts.source, parts.sourceTest)
    return FoldJudgement(
      of: ValidationFold(
        source: held,
        sourceAnswers: Predictions(probabilities: model.probabilities(ofSource: held.features)),
        target: parts.test, targetAnswers: answers,
        model: { model.probabilities(of: $0) },
        densityRatio: {
          source.shared.once(
            "density ratio", with: parts.target.shared, bytes: 8 * held.count
          ) {
            DensityRatio.estimate(
              source: source.features, target: parts.target.features, at: held.features,
              key: splitKey.child("density-ratio"))
          }
        },
        reverseAnswers: back.map {
          Predictions(probabilities: $0.probabilities(of: held.features))
        }, key: splitKey.child("validators")),
      rows: parts.testRows)
  }

  /// The answers of a fitted model for the test samples, or what validators say of it.
  ///
  /// `reversed` fits the method from the target with the model's answers back to the source.
  private func finish(
    _ model: any Classifier, _ parts: CellParts, _ seconds: () -> Double,
    reversed: () throws(MethodError) -> (any Classifier)? = { () throws(MethodError) in nil }
  ) throws(CellFailure) -> CellResult {
    let fitted = seconds()
    let probabilities = model.probabilities(of: parts.test.features)
    let ended = seconds()
    guard probabilities.isFinite else { throw .notFinite }
    if let fold {
      // A method that can't be fitted backwards can't be judged so; all else still holds.
      let back = fold.isReversed ? try? reversed() : nil
      return CellResult(
        judgement: judgement(model, Predictions(probabilities: probabilities), back, parts),
        fitSeconds: fitted, predictSeconds: seconds() - fitted)
    }
    let atHome = atHome(model, parts)
    return CellResult(
      predictions: CellPredictions(
        rows: parts.testRows.map(Int32.init), probabilities: probabilities.elements, clusters: [],
        sourceRows: atHome.isEmpty ? [] : parts.sourceTestRows.map(Int32.init),
        sourceProbabilities: atHome),
      fitSeconds: fitted, predictSeconds: ended - fitted)
  }
}

extension Cell {
  /// The probabilities of the held-out source samples, which show what the model forgot; none where
  /// nothing is held out, or where the model has no finite answer for them.
  ///
  /// As the model answers for the target: who uses it doesn't tell it where a sample comes from.
  private func atHome(_ model: any Classifier, _ parts: CellParts) -> [Double] {
    guard !parts.sourceTestRows.isEmpty else { return [] }
    let probabilities = model.probabilities(of: parts.sourceTest.features)
    return probabilities.isFinite ? probabilities.elements : []
  }
}

/// The samples of one split that do not depend on the method's setting: what a worker keeps from
/// cell to cell.
struct SplitSamples {
  /// The rows of each part; of a fold of the inner split, those of the fold.
  let split: Split
  /// The target rows that methods see, among them the shots: a fold grants the same shots.
  let targetFit: [Int]
  /// The source part that methods see.
  let source: LabelledSample
  /// The same without labels; its shared work knows none either.
  let unlabelledSource: UnlabelledSample
  /// The target part that methods see, unlabelled.
  let target: UnlabelledSample
  private let checksum: String
  private let key: RandomKey
  private let evaluationProtocol: EvaluationProtocol
  private let fold: InnerFold?

  init(of cell: Cell, _ pair: DomainPair) {
    (checksum, key, evaluationProtocol, fold) = (
      cell.checksum, cell.splitKey, cell.evaluationProtocol, cell.fold
    )
    let whole = evaluationProtocol.split(
      sourceCount: pair.source.count, targetCount: pair.target.count, key: key)
    targetFit = whole.targetFit
    split =
      fold.map {
        whole.inner($0, sourceLabels: pair.source.labels, key: cell.splitKey.child("folds"))
      } ?? whole
    source = pair.source.sample(split.sourceFit, classCount: pair.classes.count)
    unlabelledSource = source.unlabelled
    target = pair.target.features(split.targetFit)
  }

  /// Whether a cell has this split.
  func isOf(_ cell: Cell) -> Bool {
    checksum == cell.checksum && key == cell.splitKey
      && evaluationProtocol == cell.evaluationProtocol && fold?.index == cell.fold?.index
      && fold?.count == cell.fold?.count
  }

  /// The wall time that shared work took when it was done, in seconds, summed over its uses.
  var savedSeconds: Double {
    source.shared.savedSeconds + unlabelledSource.shared.savedSeconds + target.shared.savedSeconds
  }
}

extension Domain {
  fileprivate func sample(_ rows: [Int], classCount: Int) -> LabelledSample {
    LabelledSample(
      features: features.selecting(rows: rows), labels: rows.map { labels[$0] },
      classCount: classCount)
  }

  fileprivate func features(_ rows: [Int]) -> UnlabelledSample {
    UnlabelledSample(features: features.selecting(rows: rows))
  }
}

/// The parts of a pair that one cell uses, under its protocol and its method's setting.
struct CellParts {
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
  /// Source samples that the method doesn't see: their labels are for a validator.
  let sourceTest: LabelledSample

  init(
    cell: Cell, pair: DomainPair, setting: Setting, samples: SplitSamples
  ) throws(CellFailure) {
    let split = samples.split
    var shotRows: [Int] = []
    if setting == .inductive {
      shotRows = try Split.drawShots(
        cell.shots, of: samples.targetFit, labels: pair.target.labels, classes: pair.classes,
        key: cell.splitKey.child("shots"))
    }
    if setting == .oracle, split.targetTest == nil { throw .noOracle }
    let drawn = Set(shotRows)
    let rest = split.targetFit.filter { !drawn.contains($0) }
    testRows = split.targetTest?.filter { !drawn.contains($0) } ?? rest
    for (part, rows) in [
      ("the source's training part", split.sourceFit),
      ("the target's part to fit", split.targetFit),
      ("the target's test part", testRows),
    ] where rows.isEmpty { throw .emptyPart(part) }
    let classCount = pair.classes.count
    source = samples.source
    target = samples.target
    shots = pair.target.sample(shotRows, classCount: classCount)
    unlabelled = pair.target.features(rest)
    labelledTarget = pair.target.sample(
      setting == .oracle ? split.targetFit : [], classCount: classCount)
    test = pair.target.features(testRows)
    sourceTestRows = split.sourceTest
    sourceTest = pair.source.sample(split.sourceTest, classCount: classCount)
  }
}
