import Experiments
import Learners
import Methods

/// Reads what `--methods`, `--set` and `--learner` say.
enum MethodSelection {
  /// The ids that a list such as `all`, `coral,tca` or `family:few-shot` names.
  static func ids(_ text: String) throws(PlanError) -> [String] {
    var ids: [String] = []
    for name in Compare.list(text) {
      for id in try Plan.methodIDs(name) where !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// The methods with the hyperparameters that `method.parameter=value` texts set, and the values
  /// to try that `method.parameter=a,b,c` texts name.
  static func settings(
    _ ids: [String], assignments: [String], learner: String?, grids: [String] = [],
    gridOption: String = "--grid"
  ) throws(RequestError) -> [Plan.MethodSetting] {
    let parameters = try assigned(assignments, option: "--set", expected: "value", ids)
    let values = try assigned(grids, option: gridOption, expected: "a,b,c", ids)
      .mapValues { $0.mapValues(Compare.list) }
    if let learner, LearnerChoice(rawValue: learner) == nil {
      throw .unknown(.learner, name: learner, known: LearnerChoice.allCases.map(\.rawValue))
    }
    var settings: [Plan.MethodSetting] = []
    for id in ids {
      guard let entry = MethodRegistry.entry(id) else { continue }
      var own = parameters[id] ?? [:]
      if let learner, own["learner"] == nil,
        entry.parameters.contains(where: { $0.name == "learner" })
      {
        own["learner"] = learner
      }
      do {
        _ = try entry.settled(own)
        for (name, texts) in values[id] ?? [:] {
          for text in texts { _ = try entry.settled([name: text]) }
        }
      } catch {
        throw .parameter(method: id, error)
      }
      settings.append(Plan.MethodSetting(id: id, parameters: own, grid: values[id]))
    }
    return settings
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
      guard MethodRegistry.entry(names[0]) != nil else {
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
