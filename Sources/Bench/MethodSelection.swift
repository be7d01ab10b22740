import Experiments
import Learners
import Methods
import Parameters

/// Reads what `--methods`, `--set`, `--learner` and `--backbone` say.
enum MethodSelection {
  /// The ids that a list such as `all`, `coral,tca` or `family:few-shot` names.
  static func ids(_ text: String) throws(PlanError) -> [String] {
    var ids: [String] = []
    for name in Compare.list(text) {
      for id in try Plan.methodIDs(name) where !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// The methods, and programs after them, with the hyperparameters that `method.parameter=value` texts set, and the values
  /// to try that `method.parameter=a,b,c` texts name.
  static func settings(
    _ ids: [String], programs: [(name: String, program: ExternalProgram)] = [],
    assignments: [String], learner: String?, network: NetworkChoice? = nil, grids: [String] = [],
    gridOption: String = "--grid"
  ) throws -> [Plan.MethodSetting] {
    let names = ids + programs.map(\.name)
    let parameters = try assigned(assignments, option: "--set", expected: "value", names)
    let values = try assigned(grids, option: gridOption, expected: "a,b,c", names)
      .mapValues { $0.mapValues(Compare.list) }
    if let learner, LearnerChoice(rawValue: learner) == nil {
      throw RequestError.unknown(
        .learner, name: learner, known: LearnerChoice.allCases.map(\.rawValue))
    }
    var settings: [Plan.MethodSetting] = []
    for id in ids {
      guard let entry = MethodRegistry.entry(id) else { continue }
      var own = parameters[id] ?? [:]
      if let network, own["learner"] == nil, entry.isOfNetwork {
        own["learner"] = network.rawValue
      }
      if let learner, own["learner"] == nil,
        entry.parameters.contains(where: { $0.name == "learner" })
      {
        own["learner"] = learner
      }
      do throws(ParameterError) {
        _ = try entry.settled(own)
        for (name, texts) in values[id] ?? [:] {
          for text in texts { _ = try entry.settled([name: text]) }
        }
      } catch {
        throw RequestError.parameter(method: id, error)
      }
      settings.append(Plan.MethodSetting(id: id, parameters: own, grid: values[id]))
    }
    return settings
      + programs.map {
        Plan.MethodSetting(
          id: $0.name, parameters: parameters[$0.name] ?? [:], grid: values[$0.name],
          program: $0.program)
      }
  }

  /// The texts behind `method.parameter=`, by method and parameter.
  private static func assigned(
    _ texts: [String], option: String, expected: String, _ ids: [String]
  ) throws(RequestError) -> [String: [String: String]] {
    var found: [String: [String: String]] = [:]
    for text in texts {
      let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      let names = sides[0].split(separator: ".", maxSplits: 1).map(String.init)
      guard sides.count == 2, names.count == 2 else {
        throw .malformed(option: option, text: text, expected: "method.parameter=\(expected)")
      }
      guard MethodRegistry.entry(names[0]) != nil || ids.contains(names[0]) else {
        throw .unknown(.method, name: names[0], known: MethodRegistry.all.map(\.card.id))
      }
      guard ids.contains(names[0]) else {
        throw .malformed(
          option: option, text: text, expected: "a parameter of a method that --methods names")
      }
      found[names[0], default: [:]][names[1]] = sides[1]
    }
    return found
  }
}

extension MethodEntry {
  /// Whether the method's learner is a network.
  fileprivate var isOfNetwork: Bool {
    parameters.contains {
      $0.name == "learner" && NetworkChoice(rawValue: $0.initial.description) != nil
    }
  }
}
