import ArgumentParser
import Domains
import Experiments

/// On what methods are compared, and how often.
struct PlanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "embedded, available, all, or names such as digits:synthetic->scanned, moons or 'moons:*', separated by commas.",
      valueName: "pairs"),
    completion: .pairs)
  var pairs = "embedded"

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("holdout or transductive.", valueName: "name"),
    completion: .list(EvaluationProtocol.names))
  var protocolName = "holdout"

  @Option(help: ArgumentHelp("The fraction of each domain held out.", valueName: "fraction"))
  var holdout = 0.5

  @Option(
    help: ArgumentHelp(
      "Labelled target samples for each class; several, as in 1,2,5,10, draw learning curves.",
      valueName: "n"))
  var shots: ShotCounts = 5

  @Option(help: ArgumentHelp("Repetitions, with other splits and draws.", valueName: "n"))
  var repetitions = 5

  @Option(help: ArgumentHelp("Names all randomness of the run.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Bootstrap resamples behind each interval.", valueName: "n"))
  var resamples = 10_000

  /// The plan of these options for some methods.
  ///
  /// - Throws: a `DomainError` where there is no such pair.
  func plan(
    _ methods: [Plan.MethodSetting], _ catalogue: DataCatalogue
  ) throws(DomainError) -> Plan {
    Plan(
      pairs: try catalogue.resolve(Compare.list(pairs)).map(\.description), methods: methods,
      protocolName: protocolName, holdout: holdout, shots: shots, repetitions: repetitions,
      seed: seed, resamples: resamples)
  }
}
