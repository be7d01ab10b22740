import Methods
import Parameters

/// Which settings of a method an ablation compares.
public struct AblationDesign: Sendable {
  /// How the values of several hyperparameters are put together.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// One hyperparameter is changed at a time, the others stay as stated.
    case oneAtATime = "one-at-a-time"
    /// Every combination.
    case cartesian
  }

  private let stated: Plan.MethodSetting
  private let kind: Kind
  /// The hyperparameters that are varied, in declared order, and the texts of their values.
  private let axes: [(name: String, values: [String])]

  /// An ablation around a stated setting.
  ///
  /// `varied` are the values to try by hyperparameter. Where it is empty they are those that every
  /// hyperparameter declares but the learner, which isn't part of what the method does. Of a
  /// program the first value of each is the stated one, unless another is set.
  public init(
    _ stated: Plan.MethodSetting, varied: [String: [String]] = [:], kind: Kind = .oneAtATime
  ) throws(PlanError) {
    self.kind = kind
    var plain = stated
    plain.grid = nil
    if stated.program != nil {
      axes = varied.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      // A program declares no defaults: the first value stands for one.
      for (name, values) in axes where plain.parameters[name] == nil {
        plain.parameters[name] = values.first
      }
      self.stated = plain
      return
    }
    guard let entry = MethodRegistry.entry(stated.id) else { throw .unknownMethod(stated.id) }
    self.stated = plain
    axes = entry.parameters.compactMap { parameter in
      if !varied.isEmpty { return varied[parameter.name].map { (parameter.name, $0) } }
      guard parameter.name != "learner", !parameter.grid.isEmpty else { return nil }
      return (parameter.name, parameter.grid.map(\.description))
    }
  }

  /// The settings, the stated one first, each once.
  ///
  /// - Throws: a `PlanError` where a value can't be set, or there are more than a plan may hold.
  public func settings() throws(PlanError) -> [Plan.MethodSetting] {
    let most = 10_000
    let count = axes.reduce(1) { min($0 * ($1.values.count + 1), most + 1) }
    guard kind == .oneAtATime || count <= most else {
      throw .outOfRange(
        name: "cartesian", value: "more than \(most)", range: "at most \(most) combinations")
    }
    var settings = [stated]
    var seen: Set<String> = [try PlannedMethod(stated).parameters]
    for setting in kind == .cartesian ? combinations : single {
      if seen.insert(try PlannedMethod(setting).parameters).inserted { settings.append(setting) }
    }
    guard settings.count > 1 else { throw .nothingToVary(stated.id) }
    return settings
  }

  private func changed(_ setting: Plan.MethodSetting, _ name: String, to text: String)
    -> Plan.MethodSetting
  {
    var setting = setting
    setting.parameters[name] = text
    return setting
  }

  private var single: [Plan.MethodSetting] {
    axes.flatMap { axis in axis.values.map { changed(stated, axis.name, to: $0) } }
  }

  private var combinations: [Plan.MethodSetting] {
    axes.reduce([stated]) { settings, axis in
      settings.flatMap { setting in
        [setting] + axis.values.map { changed(setting, axis.name, to: $0) }
      }
    }
  }
}
