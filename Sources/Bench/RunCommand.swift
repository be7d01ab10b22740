import ArgumentParser
import Domains
import Experiments
import Foundation

/// `bench run`: a plan from a file.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a plan from a file.",
    discussion: """
      A plan is what `bench compare` takes as options, in YAML. Every run writes its plan to plan.yml \
      beside its results, with every pair in full: that file run again gives the same results.

      KEYS
        pairs        names or patterns: embedded, moons, 'digits:*', digits:synthetic->scanned
        methods      all, family:NAME, ids, or mappings of one method's settings:
                       id          the method
                       parameters  parameter: value
                       grid        parameter: [values to try, where selection chooses]
                       command     a program that is the method (bench compare --help)
                       setting     what it may see: transductive, inductive, unsupervised
                       checksum    of the files that the command names; written by runs
        protocol     holdout or transductive                        (holdout)
        holdout      the fraction of each domain held out           (0.5)
        shots        labelled target samples a class, or a list     (5)
        repetitions  with other splits and draws                    (5)
        seed         names all randomness                           (0)
        selection    none, a validator, oracle or all               (none)
        search       grid, random or halving                        (random)
        budget       settings tried by random and halving           (16)
        folds        inner folds that settings are judged on        (3)
        resamples    bootstrap resamples behind each interval       (10000)
        limits       timeout: seconds a cell, memory: GB a worker   (3600, 8)
        ablation     one-at-a-time or cartesian: the methods are settings
                     of one method, each compared with the first

      Pairs and methods must be there; the others have the defaults in brackets. --timeout and \
      --memory go before the plan's limits.

      EXAMPLE
        pairs: [moons, digits:synthetic->scanned]
        methods:
          - family:subspace
          - {id: coral, parameters: {ridge: 0.1}}
          - {id: coral, parameters: {ridge: 10}}
        repetitions: 3

        bench run plan.yml --out results

      SLURM
        bench run plan.yml --out results --launcher slurm --slurm-options '--partition=long --mem=16G'

      The missing cells are divided among the tasks of one array job, each with a store of its own in \
      OUT/slurm; the command waits, joins the stores as tasks end, and writes the files. OUT, the data \
      and bench itself must lie where the nodes see them. --jobs and the limits are those of a task. \
      Ctrl-C cancels the tasks and keeps what they finished. A command that was killed leaves them in \
      the queue; the same command again waits for them. A cancelled or lost task loses the cells that \
      it hadn't finished; the same command again submits those.
      """)

  @Argument(help: ArgumentHelp("The plan file.", valueName: "plan.yml"), completion: .file())
  var plan: String

  @OptionGroup var external: ProgramOptions

  @OptionGroup var launching: LaunchOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var results: ResultOptions

  func run() throws {
    let catalogue = try data.catalogue()
    let file = try PlanFile(yaml: Self.text(plan), path: plan)
    var stated = try file.plan(in: catalogue)
    stated.methods += try external.programs()
      .map { Plan.MethodSetting(id: $0.name, program: $0.program) }
    let commands = external.commands.flatMap { ["--method-command", $0] }
    try results.run(
      stated, data: data, catalogue: catalogue,
      slurm: launching.slurm(folder: results.out, options: results.options, data: data),
      resumedBy: ["run", plan] + commands + ["--out", results.out] + launching.arguments
        + data.arguments)
  }

  /// The text of a plan file.
  static func text(_ path: String) throws(DomainError) -> String {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .missing(path: path)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(path: path, place: "byte 0", expected: "UTF-8 text", found: "other bytes")
    }
    return text
  }
}
