import Methods
import Parameters

/// What is wrong with a request, apart from its data, its parameters and its syntax.
///
/// Facts only: `ErrorMessages` words them.
enum RequestError: Error, Hashable {
  /// Nothing of this kind has this name; `known` are those that exist.
  case unknown(Kind, name: String, known: [String])
  /// A hyperparameter of a method can't be set.
  case parameter(method: String, ParameterError)
  /// The value of an option isn't what the option takes.
  case malformed(option: String, text: String, expected: String)
  /// A folder of results whose plan differs in a key from the first one's can't be joined to it.
  case otherPlan(path: String, first: String, key: String)
  /// A file of a data set has no address to download it from; `access` says how to get it.
  case notFetchable(dataset: String, file: String, access: String?)
  /// A method whose domains are to be drawn moves no samples.
  case nothingMoved(cell: String)
  /// A method that is not given shots can't be run on episodes.
  case notInductive(method: String, setting: Setting)
  /// A folder holds no plan with results.
  case noResults(folder: String)

  /// What a name names.
  enum Kind: String, Hashable {
    case command, method, family, pair, learner, measure, experiment, name
    case dataset = "data set"
    case blasCore = "BLAS core"

    /// The command that lists all of this kind, where there is one.
    var listing: String? {
      switch self {
      case .method, .family: "bench list methods"
      case .pair: "bench list pairs"
      case .learner: "bench list learners"
      case .measure: "bench list measures"
      case .dataset: "bench list datasets"
      case .command: "bench --help"
      case .blasCore, .experiment, .name: nil
      }
    }
  }
}
