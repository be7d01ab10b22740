public import Methods
import Metrics
import Randomness
import Yams

/// What to run: pairs × methods × repetitions under one protocol.
public struct Plan: Sendable, Hashable, Encodable {
  /// A method with some of its hyperparameters set.
  public struct MethodSetting: Sendable, Hashable, Encodable {
    /// The method's id.
    public var id: String
    /// The texts of the hyperparameters that differ from their defaults.
    public var parameters: [String: String]
    /// The texts of the values to try of a hyperparameter, where they aren't those it declares.
    public var grid: [String: [String]]?
    /// The program that is the method, where it is no method of this one.
    public var program: ExternalProgram?

    /// A method, at its defaults where nothing is said.
    public init(
      id: String, parameters: [String: String] = [:], grid: [String: [String]]? = nil,
      program: ExternalProgram? = nil
    ) {
      self.id = id
      self.parameters = parameters
      self.grid = grid
      self.program = program
    }

    /// The keys of a method in a plan file.
    enum CodingKeys: String, CodingKey, CaseIterable {
      case id, command, setting, checksum, parameters, grid
    }

    /// Writes what a plan file says of a method.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encodeIfPresent(program?.command, forKey: .command)
      try container.encodeIfPresent(program?.setting.rawValue, forKey: .setting)
      try container.encodeIfPresent(program?.checksum, forKey: .checksum)
      try container.encode(parameters, forKey: .parameters)
      try container.encodeIfPresent(grid, forKey: .grid)
    }
  }

  /// What a cell may use; nil leaves it to whoever runs the plan.
  public struct Limits: Sendable, Hashable, Encodable {
    /// Wall time, in seconds.
    public var timeout: Double?
    /// Memory that its worker may hold, in GB.
    public var memory: Double?

    /// Limits, none where nothing is said.
    public init(timeout: Double? = nil, memory: Double? = nil) {
      self.timeout = timeout
      self.memory = memory
    }
  }

  /// Weights that methods begin with in place of those that the source trains, where a file has
  /// them.
  public var backbone: GivenBackbone?
  /// The pairs' names, `dataset:source->target`.
  public var pairs: [String]
  /// The methods asked for.
  public var methods: [MethodSetting]
  /// `holdout` or `transductive`.
  public var protocolName: String
  /// The fraction of each domain that is held out.
  public var holdout: Double
  /// Labelled target samples for each class, granted to inductive methods: at several numbers they
  /// are run at each.
  public var shots: ShotCounts
  /// How often everything is repeated, with other splits and draws.
  public var repetitions: Int
  /// Names all randomness of the run.
  public var seed: UInt64
  /// How hyperparameters are chosen: `none` takes those stated; else a validator's id, `oracle`, or
  /// `all` for each of these side by side.
  public var selection: String
  /// How the settings to choose from are taken from the grids.
  public var search: SettingSearch
  /// The number of settings tried of a method, unless the search is of the whole grid.
  public var budget: Int
  /// The folds of the inner split that settings are judged on.
  public var folds: Int
  /// The number of bootstrap resamples behind each interval.
  public var resamples: Int
  /// What a cell may use, where the plan says so; it determines no result.
  public var limits: Limits?
  /// How the methods came about, where they are settings of one method to be compared with the
  /// first of them.
  public var ablation: AblationDesign.Kind?

  /// The keys of a plan file.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case pairs, methods
    case protocolName = "protocol"
    case holdout, shots, repetitions, seed, selection, search, budget, folds, resamples, limits
    case ablation, backbone
  }

  /// A plan.
  public init(
    pairs: [String], methods: [MethodSetting], protocolName: String = "holdout",
    holdout: Double = 0.5, shots: ShotCounts = 5, repetitions: Int = 5, seed: UInt64 = 0,
    selection: String = "none", search: SettingSearch = .random, budget: Int = 16,
    folds: Int = 3, resamples: Int = 10_000, limits: Limits? = nil,
    ablation: AblationDesign.Kind? = nil
  ) {
    self.pairs = pairs
    self.methods = methods
    self.protocolName = protocolName
    self.holdout = holdout
    self.shots = shots
    self.repetitions = repetitions
    self.seed = seed
    self.selection = selection
    self.search = search
    self.budget = budget
    self.folds = folds
    self.resamples = resamples
    self.limits = limits
    self.ablation = ablation
  }

  /// The plan with its programs and weights as their files are now: a changed script is another
  /// method.
  public func sealed() throws(PlanError) -> Plan {
    var plan = self
    for index in plan.methods.indices {
      do {
        plan.methods[index].program = try plan.methods[index].program?.sealed()
      } catch {
        throw .program(error)
      }
    }
    do {
      plan.backbone = try plan.backbone?.sealed()
    } catch {
      throw .data(error)
    }
    return plan
  }

  /// The plan as the text of a plan file.
  public func yaml() -> String {
    let encoder = YAMLEncoder()
    encoder.options.sortKeys = true
    do {
      return try encoder.encode(self)
    } catch {
      preconditionFailure("A plan can be written as YAML.")
    }
  }

  /// The key of a plan file in which this plan differs from another; nil where both run the same.
  ///
  /// Limits determine no result and don't count.
  public func difference(from other: Plan) -> String? {
    let parts: [(CodingKeys, Bool)] = [
      (.pairs, pairs == other.pairs), (.methods, methods == other.methods),
      (.protocolName, protocolName == other.protocolName), (.holdout, holdout == other.holdout),
      (.shots, shots == other.shots), (.repetitions, repetitions == other.repetitions),
      (.seed, seed == other.seed), (.selection, selection == other.selection),
      (.search, search == other.search), (.budget, budget == other.budget),
      (.folds, folds == other.folds), (.resamples, resamples == other.resamples),
      (.ablation, ablation == other.ablation), (.backbone, backbone == other.backbone),
    ]
    return parts.first { !$0.1 }?.0.rawValue
  }

  /// Checks everything but the pairs, which their catalogue checks.
  public func check() throws(PlanError) {
    guard EvaluationProtocol.names.contains(protocolName) else {
      throw .unknownProtocol(protocolName)
    }
    guard SelectionRule.names.contains(selection) else { throw .unknownSelection(selection) }
    if protocolName == "holdout", !(holdout > 0 && holdout < 1) {
      throw .outOfRange(name: "holdout", value: "\(holdout)", range: "a number between 0 and 1")
    }
    for (name, value, most) in [
      ("shots", shots.counts.first ?? 0, 1_000_000), ("shots", shots.counts.last ?? 0, 1_000_000),
      ("repetitions", repetitions, 10_000), ("resamples", resamples, 100_000),
      ("budget", budget, 100_000),
    ] where !(1...most).contains(value) {
      throw .outOfRange(name: name, value: "\(value)", range: "a whole number from 1 to \(most)")
    }
    guard (2...100).contains(folds) else {
      throw .outOfRange(name: "folds", value: "\(folds)", range: "a whole number from 2 to 100")
    }
    for (index, pair) in pairs.enumerated() where pairs.prefix(index).contains(pair) {
      throw .repeatedPair(pair)
    }
    if pairs.isEmpty { throw .nothingToRun("pairs") }
    if methods.isEmpty { throw .nothingToRun("methods") }
    for (index, method) in methods.enumerated() {
      let others = methods.prefix(index).filter { $0.id == method.id }
      guard others.allSatisfy({ $0.program == method.program }) else {
        throw .program(.repeatedName(method.id))
      }
    }
    if ablation != nil {
      let isOfOne = methods.allSatisfy { $0.id == methods[0].id }
      guard isOfOne, !shots.areSeveral, selection == SelectionRule.stated.id else {
        throw .mixedAblation
      }
    }
  }
}

extension Plan {
  /// The rules by which hyperparameters are chosen, side by side.
  var rules: [SelectionRule] {
    selection == SelectionRule.allID
      ? SelectionRule.all : SelectionRule(selection).map { [$0] } ?? []
  }

  /// The methods asked for under each rule and those they are measured against, each once, in
  /// registry order, programs last.
  func plannedMethods() throws(PlanError) -> [PlannedMethod] {
    var planned: [PlannedMethod] = []
    func add(_ method: PlannedMethod?) {
      if let method, !planned.contains(method) { planned.append(method) }
    }
    for setting in methods {
      let method = try PlannedMethod(setting)
      for method in granted(method) {
        if try tuning(setting, method) == nil {
          add(method)
        } else {
          for rule in rules { add(method.chosen(by: rule.id)) }
        }
        add(try method.reference())
      }
      guard method.entry.setting != .unsupervised else { continue }
      add(try method.counterpart(MethodRegistry.sourceModelID))
      if protocolName == "holdout" { add(try method.counterpart(MethodRegistry.oracleID)) }
    }
    let order = MethodRegistry.all.map(\.card.id)
    return order.flatMap { id in planned.filter { $0.id == id } }
      + planned.filter { !order.contains($0.id) }
  }

  /// A method at each number of shots, where there are several and its setting grants any.
  private func granted(_ method: PlannedMethod) -> [PlannedMethod] {
    guard shots.areSeveral, method.entry.setting == .inductive else { return [method] }
    return shots.counts.map { method.granted($0) }
  }

  /// The shots that an inductive method is granted.
  func shots(of method: PlannedMethod) -> Int { method.shots ?? shots.counts.first ?? 0 }

  /// The settings that are tried of every method that has some to choose from.
  func tunings() throws(PlanError) -> [PlannedMethod: Tuning] {
    var tunings: [PlannedMethod: Tuning] = [:]
    for setting in methods {
      for method in granted(try PlannedMethod(setting)) {
        tunings[method] = try tuning(setting, method)
      }
    }
    return tunings
  }

  /// The settings that are tried of a method; nil where there is nothing to choose.
  ///
  /// Clusterings answer with clusters, which no validator of classifiers can judge: they stay as
  /// stated. So do programs, which give no model to ask, and the method that sees the target's
  /// labels anyway.
  private func tuning(
    _ setting: MethodSetting, _ method: PlannedMethod
  ) throws(PlanError) -> Tuning? {
    let kind = method.entry.setting
    guard selection != SelectionRule.stated.id, kind == .transductive || kind == .inductive,
      setting.program == nil
    else { return nil }
    let candidates = try method.candidates(
      grid: setting.grid ?? [:], fixed: Set(setting.parameters.keys),
      limit: search == .grid ? nil : budget,
      key: RandomKey(seed: seed).child("search").child(method.id))
    guard candidates.count > 1 else { return nil }
    return Tuning(
      candidates: candidates, search: search, folds: folds,
      isReversed: rules.contains { rule in
        if case .validator(let validator) = rule { validator.needsReverseFit } else { false }
      })
  }

  /// The tests of methods as stated: pair after pair, method after method, repetition after
  /// repetition.
  func cells(methods: [PlannedMethod], checksums: [String: String]) -> [Cell] {
    pairs.flatMap { pair in
      methods.flatMap { method in
        (0..<repetitions).map {
          cell(method, pair: pair, repetition: $0, checksum: checksums[pair] ?? "")
        }
      }
    }
  }

  /// The test of a method as stated.
  func cell(
    _ method: PlannedMethod, pair: String, repetition: Int, checksum: String
  ) -> Cell {
    Cell(
      pair: pair, checksum: checksum, method: method.id, parameters: method.parameters,
      protocolName: protocolName, holdout: protocolName == "holdout" ? holdout : 0,
      shots: method.entry.setting == .inductive ? shots(of: method) : 0,
      repetition: repetition, seed: seed,
      selection: SelectionRule.stated.id,
      version: "\(TransferBench.version), cells \(TransferBench.cellContents), "
        + "method \(method.entry.card.version)",
      backbone: backbone.flatMap {
        $0.network == method.entry.pretrainedNetwork(parameters: method.parameters) ? $0 : nil
      })
  }
}
