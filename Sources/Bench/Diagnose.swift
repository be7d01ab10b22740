import ArgumentParser
import Dispatch
import Domains
import Experiments
import Foundation
import Learners
import Logging
import Metrics
import Randomness
import Synchronization

/// `bench diagnose`: which source, before anything is trained.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far apart domains are, and rank the sources of each target.",
    discussion: """
      For each target one table: divergences, which need no label or the source's alone, and \
      transferability scores, which compare what a source model says of the target with the \
      target's labels. Behind a value stands its permutation p-value (the domains are alike), or its \
      bootstrap interval at 95 %. The last column names the source that the measure prefers.

      With --gains, the summary of a 'bench compare' on the same pairs, a last table says how well \
      each measure foretold what came: Kendall's weighted τ over pairs, and the regret, in points, of \
      taking the source that it prefers.

      The files in --out are diagnosis.csv and, with --gains, forecast.csv.

      EXAMPLES
        bench diagnose --pairs 'office-caltech:*' --data ~/data
        bench diagnose --pairs all --out diagnosis
        bench diagnose --pairs moons --measures mmd,energy,leep --permutations 999
        bench compare --pairs 'office-caltech:*' --methods coral,tca,jda --out results
        bench diagnose --pairs 'office-caltech:*' --gains results/summary.csv
      """)

  @Option(
    help: ArgumentHelp(
      "embedded, available, all, or names such as digits:synthetic->scanned, moons or 'moons:*', separated by commas.",
      valueName: "pairs"),
    completion: .pairs)
  var pairs = "embedded"

  @OptionGroup var data: DataOptions

  @Option(
    help: ArgumentHelp("all, or ids, separated by commas.", valueName: "measures"),
    completion: .measures)
  var measures = "all"

  @Option(
    help: ArgumentHelp("The learner of the source model.", valueName: "name"),
    completion: .list(LearnerChoice.allCases.map(\.rawValue)))
  var learner = LearnerChoice.logisticRegression.rawValue

  @Option(
    help: ArgumentHelp(
      "Permutations behind a p-value, resamples behind an interval.", valueName: "n"))
  var permutations = 199

  @Option(help: ArgumentHelp("Names all randomness.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The summary.csv of a comparison on these pairs, or its folder.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var gains: String?

  @Option(
    help: ArgumentHelp("A folder for the CSV files.", valueName: "dir"), completion: .directory)
  var out: String?

  @Option(help: "How the tables are written: table, csv, json, markdown or latex.")
  var format = TableFormat.table

  @Option(help: ArgumentHelp("The pairs that are measured at a time.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    guard permutations >= 0 else {
      throw ValidationError("--permutations takes a whole number from 0.")
    }
    guard jobs >= 1 else { throw ValidationError("--jobs takes a whole number from 1.") }
  }

  func run() throws {
    let chosen = try Self.measures(measures)
    guard let learner = LearnerChoice(rawValue: learner) else {
      throw RequestError.unknown(
        .learner, name: learner, known: LearnerChoice.allCases.map(\.rawValue))
    }
    let recorded = try gains.map(Self.recorded)
    let catalogue = try data.catalogue()
    let pairs = try catalogue.resolve(Compare.list(pairs))
    let diagnoses = try diagnose(pairs, catalogue, chosen, learner)
    let forecast = recorded.flatMap { Forecast(diagnoses, $0) }
    if let gains, forecast == nil {
      throw RequestError.malformed(
        option: "--gains", text: gains, expected: "a summary with pairs that are diagnosed")
    }
    let report = DiagnosisReport(diagnoses, forecast: forecast)
    if let out {
      try AtomicFile.makeFolder(out)
      try AtomicFile.write(report.csv, to: "\(out)/diagnosis.csv")
      if let text = report.forecastCSV { try AtomicFile.write(text, to: "\(out)/forecast.csv") }
    }
    print(try report.text(format), terminator: "")
    if format == .table { print(try Self.note(on: pairs, catalogue), terminator: "") }
    try explain(diagnoses)
  }

  /// The measures of a list such as `all` or `mmd,leep`.
  static func measures(_ text: String) throws(RequestError) -> [DiagnosticMeasure] {
    let names = Compare.list(text)
    if names == ["all"] { return DiagnosticRegistry.all }
    for name in names where DiagnosticRegistry.measure(name) == nil {
      throw .unknown(.measure, name: name, known: CompletedNames.measures)
    }
    return DiagnosticRegistry.all.filter { names.contains($0.id) }
  }

  /// Says which data sets have domains that were brought together before they were measured.
  static func note(on pairs: [PairID], _ catalogue: DataCatalogue) throws(DomainError) -> String {
    var names: [String] = []
    for pair in pairs where !names.contains(pair.dataset) {
      let steps = try catalogue.card(pair.dataset).preprocessing
      if steps.contains(.standardizeDomain) { names.append(pair.dataset) }
    }
    guard !names.isEmpty else { return "" }
    return
      "\nEach domain of \(names.joined(separator: ", ")) is standardised by itself, as methods see "
      + "it:\ndistances are of what that leaves, and p-values near 1 say that means were made equal.\n"
  }

  /// The gains in a summary, or in the summary of a folder.
  static func recorded(_ path: String) throws -> RecordedGains {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return try RecordedGains(
      contentsOf: exists && isFolder.boolValue ? "\(path)/summary.csv" : path)
  }

  /// Measures the pairs, several at a time; the results don't depend on how many.
  private func diagnose(
    _ pairs: [PairID], _ catalogue: DataCatalogue, _ measures: [DiagnosticMeasure],
    _ learner: LearnerChoice
  ) throws -> [Diagnosis] {
    let key = RandomKey(seed: seed)
    let progress = CountedProgress(pairs.count, of: "pairs measured", isQuiet: quiet)
    let results = Mutex([Int: Result<Diagnosis, DomainError>]())
    let next = Mutex(0)
    @Sendable func take() -> Int? {
      next.withLock { next in
        guard next < pairs.count else { return nil }
        next += 1
        return next - 1
      }
    }
    let permutations = permutations
    DispatchQueue.concurrentPerform(iterations: min(jobs, max(pairs.count, 1))) { _ in
      while let index = take() {
        progress.start("\(pairs[index])")
        let result = Result { () throws(DomainError) in
          Diagnosis(
            try catalogue.load(pairs[index]), measures: measures, permutations: permutations,
            learner: learner, key: key)
        }
        results.withLock { $0[index] = result }
        // A pair that can't be read stops the rest: those before it are being measured already.
        if case .failure = result { next.withLock { $0 = pairs.count } }
        progress.finish()
      }
    }
    progress.end()
    let found = results.withLock { $0 }
    return try pairs.indices.compactMap { try found[$0]?.get() }
  }

  /// Says which measures failed for which reason.
  private func explain(_ diagnoses: [Diagnosis]) throws {
    var hasFailed = false
    for diagnosis in diagnoses {
      for entry in diagnosis.entries {
        guard let failure = entry.failure else { continue }
        hasFailed = true
        Logger.plain().error(
          "failed: \(entry.measure.id) on \(diagnosis.pair): \(ErrorMessages.sentence(failure))")
      }
    }
    if hasFailed { throw ExitCode.someCellsFailed }
  }
}
