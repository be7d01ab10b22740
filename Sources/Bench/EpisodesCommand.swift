import ArgumentParser
import Dispatch
import Domains
import Experiments
import Foundation
import Learners
import Logging
import Methods
import Synchronization

/// `bench episodes`: N-way K-shot accuracy, as the few-shot literature reports it.
struct EpisodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "episodes",
    abstract: "Measure N-way K-shot accuracy on episodes of the target.",
    discussion: """
      An episode draws N classes of a pair's target, and of each K samples to learn from and others \
      to classify. Every inductive method is given the same episodes: the whole source, the K \
      samples as its shots, and the queries without their labels. A query counts as right where its \
      class is the most probable of the N. The table shows the mean over episodes with Student's \
      interval at 95 %, which takes the episodes as independent; it says nothing of another source \
      or of another training run.

      The file in --out is episodes.csv.

      EXAMPLES
        bench episodes
        bench episodes --methods prototypical,matching,linear-probe --pairs usps-mnist-jda --shots 1,5
        bench episodes --methods family:few-shot --set prototypical.episodes=1000 --out episodes
      """)

  @Option(
    help: ArgumentHelp(
      "all, ids, or family:NAME, separated by commas; of all and families the inductive ones.",
      valueName: "methods"),
    completion: .methods)
  var methods = "family:few-shot,linear-probe,target-only"

  @Option(
    help: ArgumentHelp(
      "embedded, available, all, or names such as digits:synthetic->scanned, moons or 'moons:*', separated by commas.",
      valueName: "pairs"),
    completion: .pairs)
  var pairs = "digits"

  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("N, the classes of an episode.", valueName: "n"))
  var ways = 5

  @Option(
    help: ArgumentHelp("K, the shots of each class; several, as in 1,5.", valueName: "n"))
  var shots: ShotCounts = ShotCounts([1, 5])

  @Option(help: ArgumentHelp("The queries of each class.", valueName: "n"))
  var queries = 15

  @Option(help: ArgumentHelp("The episodes behind a mean.", valueName: "n"))
  var episodes = 600

  @Option(help: ArgumentHelp("Names all randomness.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "A hyperparameter, as in prototypical.episodes=300; may be given more than once.",
      valueName: "method.parameter=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp("The learner of every method that takes one.", valueName: "name"),
    completion: .list(LearnerChoice.allCases.map(\.rawValue)))
  var learner: String?

  @Option(
    help: ArgumentHelp("A folder for the CSV file.", valueName: "dir"), completion: .directory)
  var out: String?

  @Option(help: "How the tables are written: table, csv, json, markdown or latex.")
  var format = TableFormat.table

  @Option(help: ArgumentHelp("The episodes that are run at a time.", valueName: "n"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    guard ways >= 2 else { throw ValidationError("--ways takes a whole number from 2.") }
    guard let least = shots.counts.first, least >= 1 else {
      throw ValidationError("--shots takes whole numbers from 1, separated by commas.")
    }
    guard queries >= 1 else { throw ValidationError("--queries takes a whole number from 1.") }
    guard episodes >= 2 else { throw ValidationError("--episodes takes a whole number from 2.") }
    guard jobs >= 1 else { throw ValidationError("--jobs takes a whole number from 1.") }
  }

  func run() throws {
    let methods = try Self.methods(methods, set: set, learner: learner)
    let catalogue = try data.catalogue()
    let pairs = try catalogue.resolve(Compare.list(pairs))
    let interrupt = Interrupt()
    let progress = CountedProgress(
      pairs.count * shots.counts.count * methods.count * episodes, of: "episodes", isQuiet: quiet)
    var results: [EpisodicResult] = []
    for id in pairs {
      let pair = try catalogue.load(id)
      results += evaluate(
        EpisodicEvaluation(pair, seed: seed), id, methods, progress, interrupt)
    }
    progress.end()
    guard !interrupt.isRequested else {
      Logger.plain().error("Interrupted: nothing was written.")
      throw ExitCode.interrupted
    }
    let report = EpisodesReport(results, seed: seed)
    if let out {
      try AtomicFile.makeFolder(out)
      try AtomicFile.write(report.csv, to: "\(out)/episodes.csv")
    }
    print(try report.text(format), terminator: "")
    try Self.explain(results)
  }

  /// The inductive methods of a list, with their hyperparameters.
  static func methods(
    _ text: String, set: [String] = [], learner: String? = nil
  ) throws -> [PlannedMethod] {
    let named = Set(Compare.list(text))
    let ids = try MethodSelection.ids(text).filter { id in
      guard let entry = MethodRegistry.entry(id), entry.setting != .inductive else { return true }
      guard !named.contains(id) else {
        throw RequestError.notInductive(method: id, setting: entry.setting)
      }
      return false
    }
    let settings = try MethodSelection.settings(ids, assignments: set, learner: learner)
    guard !settings.isEmpty else { throw PlanError.nothingToRun("inductive method") }
    return try settings.map { try PlannedMethod($0) }
  }

  /// Runs every method on the episodes of a pair, several at a time; the results don't depend on how
  /// many.
  private func evaluate(
    _ evaluation: EpisodicEvaluation, _ pair: PairID, _ methods: [PlannedMethod],
    _ progress: CountedProgress, _ interrupt: Interrupt
  ) -> [EpisodicResult] {
    let drawn = shots.counts.flatMap { count in
      let shape = EpisodeShape(ways: ways, shots: count, queries: queries)
      let episodes = Result { () throws(MethodError) in try evaluation.episodes(shape) }
      return methods.map { (method: $0, shape: shape, episodes: episodes) }
    }
    let count = episodes
    let found = Mutex(drawn.map { _ in [Int: Result<Double, MethodError>]() })
    let next = Mutex(0)
    // Episode after episode: what methods compute of the source alone, they compute first.
    @Sendable func take() -> (episode: Int, place: Int)? {
      next.withLock { next in
        guard next < count * drawn.count, !interrupt.isRequested else { return nil }
        next += 1
        return ((next - 1) / drawn.count, (next - 1) % drawn.count)
      }
    }
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while let (episode, place) = take() {
        let task = drawn[place]
        progress.start("\(task.method.id) on \(pair)")
        // Where one episode fails, the others would in the same way.
        let hasFailed = found.withLock { found in
          found[place].values.contains { (try? $0.get()) == nil }
        }
        if !hasFailed {
          let result = Result { () throws(MethodError) in
            try evaluation.accuracy(
              of: task.method, onEpisode: episode, of: try task.episodes.get())
          }
          found.withLock { $0[place][episode] = result }
        }
        progress.finish()
      }
    }
    let results = found.withLock { $0 }
    return zip(drawn, results).map { task, results in
      EpisodicResult(
        pair: pair, method: task.method, shape: task.shape,
        accuracies: Result { () throws(MethodError) in
          var accuracies: [Double] = []
          for episode in 0..<count {
            if let result = results[episode] { accuracies.append(try result.get()) }
          }
          return accuracies
        })
    }
  }

  /// Says which methods could not be fitted for which reason.
  private static func explain(_ results: [EpisodicResult]) throws {
    var hasFailed = false
    for result in results {
      guard case .failure(let error) = result.accuracies else { continue }
      hasFailed = true
      Logger.plain().error(
        "failed: \(result.method.id) on \(result.pair), \(result.shape.shots)-shot: \(ErrorMessages.sentence(error))"
      )
    }
    if hasFailed { throw ExitCode.someCellsFailed }
  }
}
