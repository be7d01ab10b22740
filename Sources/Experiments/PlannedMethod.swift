public import Methods
public import Parameters

/// A method of a plan with every hyperparameter settled, and what it is measured against.
public struct PlannedMethod: Sendable, Hashable {
  /// The method's id.
  public let id: String
  /// Every hyperparameter with its value, as compact JSON.
  public let parameters: String
  /// The hyperparameters that differ from their defaults, in declared order.
  public let changes: [Assignment]
  /// The labelled target samples of each class that it is granted, of a plan with several numbers
  /// of shots; else nil.
  public private(set) var shots: Int?
  /// How other hyperparameters are chosen: `none` where these are all.
  public private(set) var selection = SelectionRule.stated.id

  /// The method's entry: the registry's, or a program's.
  public var entry: MethodEntry {
    guard let entry = MethodRegistry.entry(id, parameters: parameters) else {
      preconditionFailure("A planned method is registered or a program.")
    }
    return entry
  }

  /// Settles a method's hyperparameters.
  public init(_ setting: Plan.MethodSetting) throws(PlanError) {
    id = setting.id
    if let program = setting.program {
      do throws(ProgramError) {
        try ExternalProgram.check(name: id)
        for name in ExternalProgram.reservedNames where setting.parameters[name] != nil {
          throw .reservedParameter(name)
        }
        if setting.grid != nil { throw .notTuned(id) }
      } catch {
        throw .program(error)
      }
      changes = program.assignments(setting.parameters)
      parameters = ParametersJSON.encode(program.facts + changes)
      return
    }
    guard let entry = MethodRegistry.entry(id) else { throw .unknownMethod(id) }
    do {
      let settled = try entry.settled(setting.parameters)
      parameters = ParametersJSON.encode(settled.assignments)
      changes = zip(settled.assignments, entry.parameters)
        .filter { $0.value != $1.initial }.map(\.0)
    } catch {
      throw .parameter(method: setting.id, error)
    }
  }

  /// The same method granted that many shots; itself where its setting grants none.
  func granted(_ shots: Int?) -> PlannedMethod {
    guard entry.setting == .inductive else { return self }
    var method = self
    method.shots = shots
    return method
  }

  /// The same method whatever its shots.
  var atAnyShots: PlannedMethod { granted(nil) }

  /// The same method with hyperparameters chosen by a rule.
  func chosen(by rule: String) -> PlannedMethod {
    var method = self
    method.selection = rule
    return method
  }

  /// The method as stated.
  var stated: PlannedMethod { chosen(by: SelectionRule.stated.id) }

  /// Another method with the hyperparameters that this one shares with it by name, or fixes, and
  /// with its shots; of a program, with its shots alone.
  func counterpart(_ id: String) throws(PlanError) -> PlannedMethod? {
    guard let other = MethodRegistry.entry(id) else { return nil }
    let own = entry.card.family == .external ? [:] : ParametersJSON.decode(parameters) ?? [:]
    var shared: [String: String] = [:]
    for parameter in other.parameters { shared[parameter.name] = own[parameter.name] }
    for fixed in entry.referenceAssignments where shared[fixed.name] == nil {
      shared[fixed.name] = fixed.value.description
    }
    return try PlannedMethod(Plan.MethodSetting(id: id, parameters: shared)).granted(shots)
  }

  /// Whether a method of the plan is what this one is measured against.
  func isMeasured(against other: PlannedMethod) -> Bool {
    (try? reference()).flatMap { $0 } == other
  }

  /// What the method is measured against: its setting's no-transfer method with the same learner.
  func reference() throws(PlanError) -> PlannedMethod? {
    guard let id = MethodRegistry.referenceID(of: entry.setting), id != self.id else { return nil }
    return try counterpart(id)
  }
}
