import ArgumentParser
import Domains
import Experiments
import Learners
import Methods
import Parameters

/// `bench ablate`: what each part of a method brings.
struct Ablate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Vary a method's hyperparameters and see what each part brings.",
    discussion: """
      Every other setting is compared with the method as stated (its defaults, or --set): the same \
      splits, shots and seed, and the difference with its paired bootstrap interval. Without --vary \
      each hyperparameter takes the values that it declares (bench describe METHOD), switches and \
      choices too, one at a time. ablation.csv holds the table by pair; plan.yml can be run again.

      EXAMPLES
        bench ablate jda
        bench ablate jda --pairs 'digits:*' --set learner=1-nn
        bench ablate tca --vary components=2,5,10,20,40
        bench ablate tca --vary components --vary kernel
        bench ablate coral --vary ridge=0.01,1,100 --vary learner=1-nn,linear-svm --cartesian
      """)

  @Argument(help: ArgumentHelp("The method's id.", valueName: "method"), completion: .methods)
  var method: String

  @Option(
    help: ArgumentHelp(
      "The values to try of a hyperparameter, those that it declares where none are given; only those named are varied. Repeatable.",
      valueName: "parameter[=a,b,c]"))
  var vary: [String] = []

  @Flag(help: "Every combination of the values, not one hyperparameter at a time.")
  var cartesian = false

  @Option(
    help: ArgumentHelp(
      "A hyperparameter of the method as stated; repeatable.", valueName: "parameter=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp("The learner, where the method takes one.", valueName: "name"),
    completion: .list(LearnerChoice.allCases.map(\.rawValue)))
  var learner: String?

  @OptionGroup var backbone: BackboneOptions

  @OptionGroup var external: ProgramOptions

  @OptionGroup var planning: PlanOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var results: ResultOptions

  func run() throws {
    let catalogue = try data.catalogue()
    try results.run(
      plan(catalogue), data: data, catalogue: catalogue,
      resumedBy: ["run", results.planFile, "--out", results.out] + data.arguments)
  }

  /// The plan: the method as stated, then its other settings.
  private func plan(_ catalogue: DataCatalogue) throws -> Plan {
    let program = try external.programs().first { $0.name == method }
    guard let id = try program?.name ?? Plan.methodIDs(method).first, id == method else {
      throw RequestError.malformed(
        option: "bench ablate", text: method, expected: "the id of one method")
    }
    guard
      let stated = try MethodSelection.settings(
        program == nil ? [id] : [], programs: program.map { [$0] } ?? [],
        assignments: set.map(qualified), learner: learner, network: backbone.network(),
        grids: vary.map { try qualified(withValues($0, ofProgram: program != nil)) },
        gridOption: "--vary"
      ).first
    else { preconditionFailure("A method has settings.") }
    let kind = cartesian ? AblationDesign.Kind.cartesian : .oneAtATime
    let design = try AblationDesign(stated, varied: stated.grid ?? [:], kind: kind)
    var plan = try planning.plan(design.settings(), catalogue)
    plan.ablation = kind
    plan.limits = results.options.limits
    plan.backbone = try backbone.given()
    return plan
  }

  /// A text `parameter` with the values that the method declares behind it.
  private func withValues(_ text: String, ofProgram isProgram: Bool) throws(RequestError) -> String
  {
    guard !text.contains("="), !isProgram, let entry = MethodRegistry.entry(method) else {
      return text
    }
    let name = text.hasPrefix("\(method).") ? String(text.dropFirst(method.count + 1)) : text
    guard let parameter = entry.parameters.first(where: { $0.name == name }) else {
      throw .parameter(
        method: method, .unknown(name: name, known: entry.parameters.map(\.name)))
    }
    guard !parameter.grid.isEmpty else {
      throw .malformed(
        option: "--vary", text: text, expected: "values for \(name), which declares none")
    }
    return "\(name)=\(parameter.grid.map(\.description).joined(separator: ","))"
  }

  /// A text `parameter=value` with the method's id before it, where it isn't there.
  private func qualified(_ text: String) -> String {
    text.hasPrefix("\(method).") ? text : "\(method).\(text)"
  }
}
