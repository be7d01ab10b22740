import Domains
import Methods
public import Parameters
import Yams

/// What to run: pairs × methods × repetitions under one protocol.
public struct Plan: Sendable, Hashable, Codable {
  /// A method with some of its hyperparameters set.
  public struct MethodSetting: Sendable, Hashable, Codable {
    /// The method's id.
    public var id: String
    /// The texts of the hyperparameters that differ from their defaults.
    public var parameters: [String: String]

    /// A method, at its defaults where nothing is said.
    public init(id: String, parameters: [String: String] = [:]) {
      self.id = id
      self.parameters = parameters
    }
  }

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
  /// How hyperparameters are chosen: `none` takes those stated.
  public var selection: String
  /// The number of bootstrap resamples behind each interval.
  public var resamples: Int

  private enum CodingKeys: String, CodingKey {
    case pairs, methods, holdout, shots, repetitions, seed, selection, resamples
    case protocolName = "protocol"
  }

  /// A plan.
  public init(
    pairs: [String], methods: [MethodSetting], protocolName: String = "holdout",
    holdout: Double = 0.5, shots: ShotCounts = 5, repetitions: Int = 5, seed: UInt64 = 0,
    selection: String = "none", resamples: Int = 1000
  ) {
    self.pairs = pairs
    self.methods = methods
    self.protocolName = protocolName
    self.holdout = holdout
    self.shots = shots
    self.repetitions = repetitions
    self.seed = seed
    self.selection = selection
    self.resamples = resamples
  }

  /// The plan that the text of a plan file states; `path` names the file in errors.
  public init(yaml: String, path: String) throws(PlanError) {
    do {
      self = try YAMLDecoder().decode(Plan.self, from: yaml)
    } catch DecodingError.keyNotFound(let key, _) {
      throw .malformed(path: path, reason: "'\(key.stringValue)' is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context)
    {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .malformed(
        path: path, reason: place.isEmpty ? "it is no plan in YAML" : "'\(place)' has another type")
    } catch {
      throw .malformed(path: path, reason: "it is no YAML")
    }
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

  /// Checks everything but the pairs, which their catalogue checks.
  public func check() throws(PlanError) {
    guard EvaluationProtocol.names.contains(protocolName) else {
      throw .unknownProtocol(protocolName)
    }
    guard selection == "none" else { throw .unknownSelection(selection) }
    if protocolName == "holdout", !(holdout > 0 && holdout < 1) {
      throw .outOfRange(name: "holdout", value: "\(holdout)", range: "a number between 0 and 1")
    }
    for (name, value, most) in [
      ("shots", shots.counts.first ?? 0, 1_000_000), ("shots", shots.counts.last ?? 0, 1_000_000),
      ("repetitions", repetitions, 10_000), ("resamples", resamples, 100_000),
    ] where !(1...most).contains(value) {
      throw .outOfRange(name: name, value: "\(value)", range: "a whole number from 1 to \(most)")
    }
    for (index, pair) in pairs.enumerated() where pairs.prefix(index).contains(pair) {
      throw .repeatedPair(pair)
    }
    if pairs.isEmpty { throw .nothingToRun("pairs") }
    if methods.isEmpty { throw .nothingToRun("methods") }
  }
}

/// Why a plan can't be run.
///
/// Facts only: their wording is the command line's.
public enum PlanError: Error, Sendable, Hashable {
  /// The text of a plan file isn't one.
  case malformed(path: String, reason: String)
  /// There is no such protocol.
  case unknownProtocol(String)
  /// There is no such way to choose hyperparameters.
  case unknownSelection(String)
  /// No method has this id.
  case unknownMethod(String)
  /// A method's hyperparameter can't be set.
  case parameter(method: String, ParameterError)
  /// A number of the plan lies outside its range.
  case outOfRange(name: String, value: String, range: String)
  /// The plan names a pair twice.
  case repeatedPair(String)
  /// The plan names no pairs or no methods.
  case nothingToRun(String)
}

extension Plan {
  /// The methods asked for and those they are measured against, each once, in registry order.
  func plannedMethods() throws(PlanError) -> [PlannedMethod] {
    var planned: [PlannedMethod] = []
    func add(_ method: PlannedMethod?) {
      if let method, !planned.contains(method) { planned.append(method) }
    }
    for setting in methods {
      let method = try PlannedMethod(setting)
      for method in granted(method) {
        add(method)
        add(try method.reference())
      }
      guard method.entry.setting != .unsupervised else { continue }
      add(try method.counterpart(MethodRegistry.sourceModelID))
      if protocolName == "holdout" { add(try method.counterpart(MethodRegistry.oracleID)) }
    }
    let order = MethodRegistry.all.map(\.card.id)
    return order.flatMap { id in planned.filter { $0.id == id } }
  }

  /// A method at each number of shots, where there are several and its setting grants any.
  private func granted(_ method: PlannedMethod) -> [PlannedMethod] {
    guard shots.areSeveral, method.entry.setting == .inductive else { return [method] }
    return shots.counts.map { method.granted($0) }
  }

  /// The shots that an inductive method is granted.
  func shots(of method: PlannedMethod) -> Int { method.shots ?? shots.counts.first ?? 0 }

  /// Every cell of the plan: pair after pair, method after method, repetition after repetition.
  func cells(
    methods: [PlannedMethod], checksums: [String: String]
  ) -> [Cell] {
    pairs.flatMap { pair in
      methods.flatMap { method in
        (0..<repetitions).map { repetition in
          Cell(
            pair: pair, checksum: checksums[pair] ?? "", method: method.id,
            parameters: method.parameters, protocolName: protocolName,
            holdout: protocolName == "holdout" ? holdout : 0,
            shots: method.entry.setting == .inductive ? shots(of: method) : 0,
            repetition: repetition,
            seed: seed, selection: selection,
            version: "\(TransferBench.version), cells \(TransferBench.cellContents), "
              + "method \(method.entry.card.version)")
        }
      }
    }
  }
}
