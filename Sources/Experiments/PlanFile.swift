public import Domains
import Learners
import Methods

/// A plan as a file states it.
///
/// Pairs may be patterns, as on the command line, and methods families; everything else that isn't
/// said is as `Plan` has it. Every error names the line.
public struct PlanFile: Sendable {
  /// The plan, its pairs named as in the file.
  public private(set) var plan = Plan(pairs: [], methods: [])
  private let path: String
  /// The line of each pair's name.
  private var pairLines: [Int] = []
  /// The line of each key.
  private var lines: [String: Int] = [:]

  /// The plan of a file's text; `path` names the file in errors.
  public init(yaml: String, path: String) throws(PlanError) {
    self.path = path
    let top = try PlanNode(yaml: yaml, path: path)
    let fields = try top.fields(Plan.CodingKeys.allCases.map(\.rawValue))
    lines = fields.mapValues(\.line)
    for key in [Plan.CodingKeys.pairs, .methods] where fields[key.rawValue] == nil {
      throw top.error(.missingKey(key.rawValue))
    }
    for key in Plan.CodingKeys.allCases {
      if let node = fields[key.rawValue] { try read(key, node) }
    }
    do {
      try plan.check()
    } catch {
      throw located(error)
    }
  }

  /// The plan with every pattern of pairs replaced by the pairs it stands for.
  public func plan(in catalogue: DataCatalogue) throws(PlanError) -> Plan {
    var plan = plan
    plan.pairs = []
    for (name, line) in zip(self.plan.pairs, pairLines) {
      do {
        for pair in try catalogue.resolve([name]).map(\.description)
        where !plan.pairs.contains(pair) {
          plan.pairs.append(pair)
        }
      } catch {
        throw .at(path: path, line: line, .data(error))
      }
    }
    return plan
  }

  private mutating func read(_ key: Plan.CodingKeys, _ node: PlanNode) throws(PlanError) {
    switch key {
    case .pairs:
      for item in try node.items() {
        plan.pairs.append(try item.text())
        pairLines.append(item.line)
      }
    case .methods:
      for item in try node.items() { plan.methods += try Plan.MethodSetting.list(item) }
    case .protocolName: plan.protocolName = try node.text()
    case .holdout: plan.holdout = try node.value("a number")
    case .shots:
      var counts: [Int] = []
      for item in try node.items() { counts.append(try item.value("a whole number")) }
      plan.shots = ShotCounts(counts)
    case .repetitions: plan.repetitions = try node.value("a whole number")
    case .seed: plan.seed = try node.value("a whole number from 0")
    case .selection: plan.selection = try node.text()
    case .search:
      let name = try node.text()
      guard let search = SettingSearch(rawValue: name) else {
        throw node.error(.unknownSearch(name))
      }
      plan.search = search
    case .budget: plan.budget = try node.value("a whole number")
    case .folds: plan.folds = try node.value("a whole number")
    case .resamples: plan.resamples = try node.value("a whole number")
    case .limits: plan.limits = try Plan.Limits(node)
    case .ablation:
      let name = try node.text()
      guard let kind = AblationDesign.Kind(rawValue: name) else {
        throw node.error(.unknownAblation(name))
      }
      plan.ablation = kind
    case .backbone: plan.backbone = try GivenBackbone(node)
    }
  }

  /// An error of the whole plan at the line of the key that it is about.
  private func located(_ error: PlanError) -> PlanError {
    let key: Plan.CodingKeys? =
      switch error {
      case .unknownProtocol: .protocolName
      case .unknownSelection: .selection
      case .repeatedPair: .pairs
      case .mixedAblation: .ablation
      case .outOfRange(let name, _, _), .nothingToRun(let name): Plan.CodingKeys(rawValue: name)
      default: nil
      }
    return key.flatMap { lines[$0.rawValue] }.map { .at(path: path, line: $0, error) } ?? error
  }
}

extension Plan {
  /// The plan of a file that names every pair in full, as written by a run.
  public init(yaml: String, path: String) throws(PlanError) {
    self = try PlanFile(yaml: yaml, path: path).plan
  }
}

extension GivenBackbone {
  fileprivate init(_ node: PlanNode) throws(PlanError) {
    let fields = try node.fields(CodingKeys.allCases.map(\.rawValue))
    guard let name = fields["network"] else { throw node.error(.missingKey("network")) }
    guard let weights = fields["weights"] else { throw node.error(.missingKey("weights")) }
    guard let network = NetworkChoice(rawValue: try name.text()) else {
      throw name.error(.unknownNetwork(try name.text()))
    }
    self.init(network, weights: try weights.text(), checksum: try fields["checksum"]?.text())
  }
}

extension Plan.Limits {
  fileprivate init(_ node: PlanNode) throws(PlanError) {
    self.init()
    let fields = try node.fields(["timeout", "memory"])
    func positive(_ node: PlanNode) throws(PlanError) -> Double {
      let number: Double = try node.value("a number above 0")
      guard number > 0 else { throw node.error(expected: "a number above 0") }
      return number
    }
    if let node = fields["timeout"] { timeout = try positive(node) }
    if let node = fields["memory"] { memory = try positive(node) }
  }
}

extension Plan.MethodSetting {
  /// The methods of an item of the list: a name, or a mapping of one method's settings.
  fileprivate static func list(_ node: PlanNode) throws(PlanError) -> [Self] {
    if node.isScalar {
      do {
        return try Plan.methodIDs(node.text()).map { Self(id: $0) }
      } catch {
        throw node.error(error.withoutPlace)
      }
    }
    let fields = try node.fields(CodingKeys.allCases.map(\.rawValue))
    let program = try program(fields, node)
    guard let name = fields["id"] ?? fields["command"] else { throw node.error(.missingKey("id")) }
    let id = try fields["id"]?.text() ?? program?.baseName ?? ""
    var setting = Self(id: id, program: program)
    func check(_ assigned: [String: String], _ place: PlanNode) throws(PlanError) {
      do {
        _ = try PlannedMethod(Self(id: setting.id, parameters: assigned, program: program))
      } catch {
        throw place.error(error)
      }
    }
    try check([:], name)
    for (parameter, value) in try fields["parameters"]?.entries() ?? [] {
      let text = try value.text()
      try check([parameter: text], value)
      setting.parameters[parameter] = text
    }
    guard let grid = fields["grid"] else { return [setting] }
    guard program == nil else { throw grid.error(.program(.notTuned(id))) }
    var values: [String: [String]] = [:]
    for (parameter, list) in try grid.entries() {
      values[parameter] = try list.texts()
      for text in values[parameter] ?? [] { try check([parameter: text], list) }
    }
    setting.grid = values
    return [setting]
  }
}

extension Plan.MethodSetting {
  /// The program that an item of the list states; nil where it states none.
  private static func program(
    _ fields: [String: PlanNode], _ node: PlanNode
  ) throws(PlanError) -> ExternalProgram? {
    guard let command = fields["command"] else {
      for key in [CodingKeys.setting, .checksum] {
        if let extra = fields[key.rawValue] { throw extra.error(.missingKey("command")) }
      }
      return nil
    }
    let name = try fields["setting"]?.text() ?? Setting.transductive.rawValue
    let (text, checksum) = (try command.text(), try fields["checksum"]?.text())
    do throws(ProgramError) {
      guard let setting = Setting(rawValue: name) else { throw .unknownSetting(name) }
      return try ExternalProgram(command: text, setting: setting, checksum: checksum)
    } catch {
      throw (fields["setting"] ?? command).error(.program(error))
    }
  }
}

extension Plan {
  /// The ids that `all`, `family:NAME` or an id stands for, in registry order.
  public static func methodIDs(_ name: String) throws(PlanError) -> [String] {
    let all = MethodRegistry.all
    if name == "all" { return all.map(\.card.id) }
    if all.contains(where: { $0.card.id == name }) { return [name] }
    guard name.hasPrefix("family:") else { throw .unknownMethod(name) }
    let family = String(name.dropFirst("family:".count))
    let members = all.filter { $0.card.family.name == family }
    guard members.isEmpty else { return members.map(\.card.id) }
    var known: [String] = []
    for entry in all where !known.contains(entry.card.family.name) {
      known.append(entry.card.family.name)
    }
    throw .unknownFamily(family, known: known)
  }
}

extension PlanError {
  /// What is wrong, wherever it stands.
  fileprivate var withoutPlace: PlanError {
    if case .at(_, _, let fault) = self { fault } else { self }
  }
}
