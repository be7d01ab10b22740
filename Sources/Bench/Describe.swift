import ArgumentParser
import Domains
import Experiments
import Methods
import Metrics
import Parameters

/// `bench describe`: everything about one method, pair, data set, metric or measure.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a method, a pair, a data set, a metric, a measure or a validator.",
    discussion: """
      EXAMPLES
        bench describe coral
        bench describe 'office-caltech:amazon->caltech' --data ~/data
        bench describe accuracy
        bench describe mmd
      """)

  @Argument(
    help: "The name of a method, a pair, a data set, a metric, a measure or a validator.",
    completion: .describable)
  var name: String

  @OptionGroup var options: DataOptions

  func run() throws {
    if let text = Self.method(name) ?? Self.metric(name) ?? Self.measure(name)
      ?? Self.validator(name)
    {
      print(text, terminator: "")
      return
    }
    let catalogue = try options.catalogue()
    if let pair = PairID(name) {
      print(try catalogue.describe(pair), terminator: "")
    } else if let card = catalogue.cards.first(where: { $0.id == name }) {
      print(catalogue.describe(card), terminator: "")
    } else {
      throw RequestError.unknown(
        .name, name: name,
        known: CompletedNames.methods + catalogue.datasets + CompletedNames.metrics
          + CompletedNames.measures + ValidatorRegistry.all.map(\.id))
    }
  }

  /// The description of the method of that id.
  static func method(_ id: String) -> String? {
    guard let entry = MethodRegistry.entry(id) else { return nil }
    let card = entry.card
    var facts = [
      ("title", card.title), ("family", card.family.name), ("setting", entry.setting.words),
    ]
    facts.append(("note", "papers/\(card.paper).md"))
    if let citation = PaperNote.find(card.paper)?.citation { facts.append(("citation", citation)) }
    let heading = "\(id), a method\n" + lines(facts)
    guard !entry.parameters.isEmpty else { return heading + "\nIt has no parameters.\n" }
    let parameters = entry.parameters.map { parameter in
      let grid = parameter.grid.map(\.description).joined(separator: ", ")
      return "\n  \(parameter.name) = \(parameter.initial)\n"
        + "    \(parameter.help)\n    values: \(parameter.range)\n"
        + (grid.isEmpty ? "" : "    grid:   \(grid)\n")
    }
    return heading + "\nParameters and their defaults\n" + parameters.joined()
      + "\nSet one with: bench compare --methods \(id)"
      + " --set \(id).\(entry.parameters[0].name)=\(entry.parameters[0].initial)\n"
  }

  /// The description of the metric or group measure of that id.
  static func metric(_ id: String) -> String? {
    if let metric = MetricRegistry.metric(id) {
      return "\(id), a metric\n"
        + lines([
          ("title", metric.title), ("definition", metric.definition),
          ("better", metric.direction.words), ("interval", metric.interval),
        ])
    }
    if let measure = MetricRegistry.groupMetric(id) {
      return "\(id), a measure of bias between groups\n"
        + lines([
          ("title", measure.title), ("definition", measure.definition),
          ("better", measure.direction.words), ("interval", measure.interval),
        ])
    }
    guard let derived = DerivedMetric.named(id) else { return nil }
    return "\(id), a metric of a comparison\n"
      + lines([
        ("title", derived.title), ("definition", derived.definition),
        ("better", derived.direction.words), ("needs", derived.needs),
      ])
  }

  /// The description of the measure of `bench diagnose` of that id.
  static func measure(_ id: String) -> String? {
    guard let measure = DiagnosticRegistry.measure(id) else { return nil }
    var facts = [
      ("title", measure.title), ("promises more", "where \(measure.direction.words)"),
      ("labels", measure.labels.words), ("values", measure.range),
    ]
    if let largest = measure.largestSample {
      facts.append(("samples", "at most \(largest) of each domain, drawn by the seed"))
    }
    facts.append(("note", "papers/diagnose.md, citation \(measure.citation)"))
    return "\(id), a measure before training\n" + lines(facts)
      + "\nCompute it with: bench diagnose --measures \(id)\n"
  }

  /// The description of the validator of that id.
  static func validator(_ id: String) -> String? {
    guard let validator = ValidatorRegistry.validator(id) else { return nil }
    return "\(id), a validator: chooses hyperparameters without target labels\n"
      + lines([
        ("title", validator.title), ("better", "higher"),
        (
          "costs",
          validator.needsReverseFit ? "two fits a setting and fold" : "one fit a setting and fold"
        ),
      ]) + "\nChoose by it: bench compare --methods coral --select \(id)\n"
  }

  /// Facts with their names padded to one width.
  static func lines(_ facts: [(String, String)]) -> String {
    let names = AlignedColumns.padded(facts.map { [$0.0] })
    return zip(names, facts).map { "  \($0[0])  \($1.1)\n" }.joined()
  }
}

extension DiagnosticMeasure.Labels {
  /// The labels that are needed, in words.
  var words: String {
    switch self {
    case .none: "none are needed"
    case .source: "the source's are needed"
    case .target: "the source's and the target's are needed"
    }
  }
}

extension Setting {
  /// What a method of this setting may see.
  var words: String {
    switch self {
    case .inductive: "inductive: labelled source, few labelled target samples, unlabelled target"
    case .transductive: "transductive: labelled source, unlabelled target"
    case .unsupervised: "unsupervised: no label on either side"
    case .oracle: "oracle: the labelled target"
    }
  }
}
