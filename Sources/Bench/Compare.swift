import ArgumentParser
import Domains
import Experiments
import Foundation
import Learners
import Methods

/// `bench compare`: methods on pairs, and what transfer did.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare methods on pairs of domains.",
    discussion: """
      Every method is run on every pair beside its own no-transfer reference, with the same splits, \
      shots and seed. The table shows the mean over pairs of the score, the gain over the reference \
      with its bootstrap interval, the verdict (positive, neutral, negative), on how many pairs the \
      method harmed, and the bias drift: how much the accuracy gap between groups grew. The files in \
      --out hold every metric of every cell.

      EXAMPLES
        bench compare --methods all
        bench compare --methods coral,tca --pairs 'office-caltech:amazon->caltech' --data ~/data
        bench compare --methods family:few-shot --pairs 'digits:*' --shots 1
        bench compare --methods family:fine-tuning --shots 1,2,5,10
        bench compare --methods fine-tune,linear-probe --backbone resnet-20 --weights resnet20.npz
        bench compare --methods tca,jda --set jda.components=20 --learner 1-nn --format markdown
        bench compare --methods coral,tca --select entropy
        bench compare --methods family:subspace --select all --budget 8
        bench compare --resume --out results
        bench compare --methods coral --method-command 'python3 my_method.py'
        bench compare --method-command 'mine:inductive=python3 few.py --fast' --set mine.ridge=0.1

      A program is started with a folder as its last argument. The folder holds task.json (setting, \
      class_count, feature_count, test_count, seed, parameters), source.npz (features, labels), \
      target.npz (features; shot_features and shot_labels where the setting is inductive) and \
      test.npz (features); of a clustering (unsupervised) nothing has labels. It writes \
      predictions.npy: a class from 0 for each row of test.npz, or the probabilities of all classes. \
      A changed script is run again. See examples/.
      """)

  @Option(
    help: ArgumentHelp(
      "all, ids, or family:NAME, separated by commas; all without --method-command, else none.",
      valueName: "methods"),
    completion: .methods)
  var methods: String?

  @OptionGroup var external: ProgramOptions

  @OptionGroup var planning: PlanOptions

  @OptionGroup var data: DataOptions

  @Option(
    help: ArgumentHelp(
      "A hyperparameter, as in jda.components=20; may be given more than once.",
      valueName: "method.parameter=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp("The learner of every method that takes one.", valueName: "name"),
    completion: .list(LearnerChoice.allCases.map(\.rawValue)))
  var learner: String?

  @OptionGroup var backbone: BackboneOptions

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var results: ResultOptions

  @Flag(help: "Go on with the plan in --out; other options about what to run are not read.")
  var resume = false

  func run() throws {
    let catalogue = try data.catalogue()
    let plan = resume ? try readPlan() : try self.plan(catalogue)
    try results.run(
      plan, data: data, catalogue: catalogue,
      resumedBy: ["compare", "--resume", "--out", results.out] + data.arguments)
  }

  /// The plan that the options state.
  private func plan(_ catalogue: DataCatalogue) throws -> Plan {
    let programs = try external.programs()
    let ids = try MethodSelection.ids(methods ?? (programs.isEmpty ? "all" : ""))
    let settings = try MethodSelection.settings(
      ids, programs: programs, assignments: set, learner: learner,
      network: backbone.network(), grids: selection.grid)
    var plan = try planning.plan(settings, catalogue)
    plan.selection = selection.select
    plan.search = selection.search
    plan.budget = selection.budget
    plan.folds = selection.folds
    plan.limits = results.options.limits
    plan.backbone = try backbone.given()
    return plan
  }

  private func readPlan() throws -> Plan {
    let path = results.planFile
    return try Plan(yaml: RunCommand.text(path), path: path)
  }

  static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
