public import Domains
public import Methods
public import Parameters

/// Why a plan can't be run.
///
/// Facts only: their wording is the command line's.
public enum PlanError: Error, Sendable, Hashable {
  /// What is wrong on a line of a plan file.
  indirect case at(path: String, line: Int, PlanError)
  /// The text of a plan file is no YAML.
  case notYAML(String)
  /// A mapping of a plan file has a key that it can't have.
  case unknownKey(String, known: [String])
  /// A plan file lacks a key.
  case missingKey(String)
  /// The value of a key is of another kind than expected; the key is empty for the whole file.
  case unexpected(key: String, expected: String, found: String)
  /// There is no such protocol.
  case unknownProtocol(String)
  /// There is no such way to choose hyperparameters.
  case unknownSelection(String)
  /// There is no such way to take settings from grids.
  case unknownSearch(String)
  /// A pair's name or pattern leads to no data.
  case data(DomainError)
  /// No family of methods has this name.
  case unknownFamily(String, known: [String])
  /// A program can't be a method.
  case program(ProgramError)
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
  /// An ablation is of several methods or numbers of shots, or chooses hyperparameters.
  case mixedAblation
  /// A method has no hyperparameter with another value to try.
  case nothingToVary(String)
  /// The data of a pair are not those that its results are of.
  case otherData(pair: String)
  /// There is no such network.
  case unknownNetwork(String)
  /// There is no such kind of ablation.
  case unknownAblation(String)
}
