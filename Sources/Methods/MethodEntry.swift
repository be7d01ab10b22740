public import Domains
public import Learners
public import Parameters
public import Randomness

/// A method with its type erased: what the registry holds.
public struct MethodEntry: Sendable {
  /// A fit, with the method's hyperparameters set.
  public enum Fit: Sendable {
    case transductive(
      @Sendable (LabelledSample, UnlabelledSample, RandomKey) throws(MethodError) -> any Classifier)
    case inductive(
      @Sendable (LabelledSample, LabelledSample, UnlabelledSample, RandomKey) throws(MethodError) ->
        any Classifier)
    case unsupervised(
      @Sendable (UnlabelledSample, UnlabelledSample, Int, RandomKey) throws(MethodError) ->
        any Clustering)
    case oracle(@Sendable (LabelledSample, RandomKey) throws(MethodError) -> any Classifier)
    /// Nothing to call here: whoever runs cells starts the program with these parameters.
    case program(ExternalProgram, [Assignment])
  }

  /// What is shown of a hyperparameter.
  public struct ParameterSummary: Sendable {
    /// The parameter's name.
    public let name: String
    /// Its default.
    public let initial: ParameterValue
    /// What values it takes, in words.
    public let range: String
    /// The values worth trying.
    public let grid: [ParameterValue]
    /// Whether a search for the best setting tries them.
    public let isTuned: Bool
    /// One sentence about it.
    public let help: String

    /// Whether its values are numbers.
    public var isNumeric: Bool {
      switch initial {
      case .real, .integer: true
      case .flag, .choice: false
      }
    }
  }

  /// The method's card.
  public let card: MethodCard
  /// What the method may see.
  public let setting: Setting
  /// The method's hyperparameters.
  public let parameters: [ParameterSummary]
  /// What the method fixes of its reference's parameters.
  public let referenceAssignments: [Assignment]

  private let settle: @Sendable ([String: String]) throws(ParameterError) -> Settled

  /// A method with its hyperparameters set.
  public struct Settled: Sendable {
    /// Every hyperparameter with its value, in declared order.
    public let assignments: [Assignment]
    /// Fits the method.
    public let fit: Fit
  }

  /// The method with some hyperparameters set from their texts, the rest at their defaults.
  public func settled(_ texts: [String: String] = [:]) throws(ParameterError) -> Settled {
    try settle(texts)
  }

  /// The entry of a transductive method.
  public init<M: TransductiveMethod>(_: M.Type) {
    self.init(M.self, .transductive) { method in
      .transductive { (source, target, key) throws(MethodError) in
        try method.fit(source: source, target: target, key: key)
      }
    }
  }

  /// The entry of an inductive method.
  public init<M: InductiveMethod>(_: M.Type) {
    self.init(M.self, .inductive) { method in
      .inductive { (source, shots, unlabelled, key) throws(MethodError) in
        try method.fit(source: source, shots: shots, unlabelled: unlabelled, key: key)
      }
    }
  }

  /// The entry of an unsupervised method.
  public init<M: UnsupervisedMethod>(_: M.Type) {
    self.init(M.self, .unsupervised) { method in
      .unsupervised { (source, target, clusterCount, key) throws(MethodError) in
        try method.fit(source: source, target: target, clusterCount: clusterCount, key: key)
      }
    }
  }

  /// The entry of an oracle.
  public init<M: OracleMethod>(_: M.Type) {
    self.init(M.self, .oracle) { method in
      .oracle { (target, key) throws(MethodError) in try method.fit(target: target, key: key) }
    }
  }

  /// The entry of a program under a name; it takes any parameter.
  public init(_ program: ExternalProgram, named name: String) {
    card = MethodCard(id: name, title: program.command, family: .external, paper: "")
    setting = program.setting
    parameters = []
    referenceAssignments = []
    settle = { (texts) throws(ParameterError) in
      let own = program.assignments(texts)
      return Settled(assignments: program.facts + own, fit: .program(program, own))
    }
  }

  private init<M: TransferMethod>(
    _: M.Type, _ setting: Setting, fit: @escaping @Sendable (M) -> Fit
  ) {
    card = M.card
    self.setting = setting
    let initial = M()
    parameters = M.parameters.map {
      ParameterSummary(
        name: $0.name, initial: $0.value(initial), range: $0.domain.description, grid: $0.grid,
        isTuned: $0.isTuned,
        help: $0.help)
    }
    referenceAssignments = M.referenceAssignments
    settle = { (texts) throws(ParameterError) in
      var method = M()
      for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
        try method.set(name, to: text)
      }
      return Settled(assignments: method.assignments, fit: fit(method))
    }
  }
}
