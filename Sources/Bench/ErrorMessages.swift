import ArgumentParser
import Domains
import Experiments
import Foundation
import Learners
import LinearAlgebra
import Methods
import Parameters

/// The words for everything that can go wrong: one sentence for each error.
enum ErrorMessages {
  /// The sentence for any error that a command throws.
  static func sentence(for error: any Error) -> String {
    switch error {
    case let error as RequestError: sentence(error)
    case let error as DomainError: sentence(error)
    case let error as ParameterError: sentence(error)
    case let error as MethodError: sentence(error)
    case let error as LearnerError: sentence(error)
    case let error as LinearAlgebraError: sentence(error)
    case let error as PlanError: sentence(error)
    case let error as ProgramError: sentence(error)
    case let error as SlurmError: sentence(error)
    case let error as StoreError: sentence(error)
    case let error as CellFailure: sentence(error)
    case let error as WorkerFailure: sentence(error)
    case let error as DrawingError: "The figure '\(error.figure)' can't be drawn: \(error.reason)."
    case let error as CocoaError: sentence(error)
    default: oneLine(BenchCommand.message(for: error))
    }
  }

  /// The sentence for a request that can't be met.
  static func sentence(_ error: RequestError) -> String {
    switch error {
    case .unknown(let kind, let name, let known):
      unknown(kind.rawValue, name, known, listing: kind.listing)
    case .parameter(let method, let fault):
      sentence(fault, of: method)
    case .malformed(let option, let text, let expected):
      "\(option) takes \(expected), not '\(text)'."
    case .otherPlan(let path, let first, let key):
      "Won't join \(path): its plan differs from that of \(first) in '\(key)'."
    case .noResults(let folder):
      "There are no results in \(folder); 'bench compare --out \(folder)' makes some."
    case .nothingMoved(let cell):
      "There is nothing to draw of '\(cell)': the method leaves the features where they are."
    case .notInductive(let method, let setting):
      "Episodes are for inductive methods, and '\(method)' is \(word(setting))."
    case .notFetchable(let dataset, let file, let access):
      "The card of '\(dataset)' gives no address to download \(file) from"
        + (access.map { "; it says: \(withoutStop($0))." } ?? ".")
    }
  }

  /// A setting as an adjective, with its article where it needs one.
  private static func word(_ setting: Setting) -> String {
    setting == .oracle ? "an oracle" : setting.rawValue
  }

  /// The sentence for a plan that can't be run.
  static func sentence(_ error: PlanError) -> String {
    switch error {
    case .at(let path, let line, let fault):
      "\(path):\(line): \(sentence(inFile: fault))"
    case .notYAML(let problem):
      "This is no YAML: \(problem)."
    case .unknownKey(let name, let known):
      unknown("key", name, known, listing: "bench run --help")
    case .missingKey(let name):
      "The key '\(name)' is missing."
    case .unexpected(let key, let expected, let found):
      (key.isEmpty ? "Expected" : "'\(key)': expected") + " \(expected), found \(found)."
    case .unknownSearch(let name):
      unknown("search", name, SettingSearch.allCases.map(\.rawValue), listing: nil)
    case .program(let error):
      sentence(error)
    case .mixedAblation:
      "An ablation compares settings of one method, at one number of shots and without selection."
    case .nothingToVary(let method):
      "The method '\(method)' has no other setting to try."
    case .otherData(let pair):
      "The data of \(pair) are not those that the results are of, so it can't be fitted again."
    case .unknownAblation(let name):
      unknown("ablation", name, AblationDesign.Kind.allCases.map(\.rawValue), listing: nil)
    case .data(let error):
      sentence(error)
    case .unknownFamily(let name, let known):
      sentence(.unknown(.family, name: name, known: known))
    case .unknownProtocol(let name):
      unknown("protocol", name, EvaluationProtocol.names, listing: nil)
    case .unknownSelection(let name):
      unknown("selection", name, SelectionRule.names, listing: "bench list validators")
    case .unknownMethod(let name):
      sentence(.unknown(.method, name: name, known: MethodRegistry.all.map(\.card.id)))
    case .parameter(let method, let fault):
      sentence(fault, of: method)
    case .outOfRange(let name, let value, let range):
      "--\(name) takes \(range), so \(value) is out of its range."
    case .repeatedPair(let name):
      "The plan names the pair \(name) twice."
    case .nothingToRun(let what):
      "The plan names no \(what), so there is nothing to run."
    }
  }

  /// The sentence for what is wrong on a line of a plan file, whose keys are no options.
  private static func sentence(inFile error: PlanError) -> String {
    let sentence = sentence(error)
    return sentence.hasPrefix("--") ? String(sentence.dropFirst(2)) : sentence
  }

  /// The sentence for a store that can't be used.
  static func sentence(_ error: StoreError) -> String {
    switch error {
    case .database(let path, let reason):
      "Can't use the results in \(path): \(reason)."
    case .otherSchema(let path, let found?, let own):
      "Won't use \(path): its schema is \(found), and this bench reads schemas up to \(own); the version that wrote it reads both."
    case .otherSchema(let path, nil, let own):
      "Won't use \(path): it has no schema of bench's, whose own is \(own)."
    case .otherData(let path, let pair):
      "Won't join \(path): it holds results of \(pair) on other data."
    }
  }

  /// The sentence for a cell that gave no predictions.
  static func sentence(_ failure: CellFailure) -> String {
    switch failure {
    case .method(let error):
      sentence(error)
    case .tooFewShots(let name, let available, let asked):
      "The class '\(name)' has \(count(available, "sample")) in the target part that methods see, "
        + "fewer than the \(count(asked, "shot")) asked for."
    case .emptyPart(let part):
      "There are no samples in \(part)."
    case .noOracle:
      "The transductive protocol tests on the whole target, so no labelled part is left for an oracle."
    case .notFinite:
      "A predicted probability is not a number."
    case .programNotStarted(let command, let reason):
      "The program '\(command)' could not be started: \(reason)."
    case .program(let status, let bySignal, let lastLine):
      "The program "
        + (bySignal ? "was ended by signal \(status)" : "ended with exit code \(status)")
        + (lastLine.isEmpty ? "." : ": \(oneLine(lastLine))")
    case .noAnswer:
      "The program ended well but wrote no predictions.npy into its folder."
    case .answer(let place, let expected, let found):
      "The program's predictions.npy can't be used: at \(place), expected \(expected), found \(found)."
    case .data(let error):
      sentence(error)
    }
  }

  /// The sentence for a Slurm that can't be used.
  static func sentence(_ error: SlurmError) -> String {
    switch error {
    case .notFound(let command):
      "Slurm's command '\(command)' isn't on this machine."
    case .failed(let command, let status, let message):
      "Slurm's \(command) ended with exit code \(status)"
        + (message.isEmpty ? "." : ": \(withoutStop(message)).")
    }
  }

  /// The sentence for a program that can't be a method.
  static func sentence(_ error: ProgramError) -> String {
    switch error {
    case .emptyCommand:
      "The command of a program has no word."
    case .openQuote(let command):
      "In the command '\(command)' a quote isn't closed, or a backslash stands last."
    case .noFile(let command):
      "No word of the command '\(command)' is a file, so a changed program couldn't be told."
    case .data(let error):
      sentence(error)
    case .unknownSetting(let name):
      unknown("setting", name, ExternalProgram.settings.map(\.rawValue), listing: nil)
    case .badName(let name):
      "A program's name is of letters, digits, '-', '_' and '.' and begins with a letter, not "
        + "'\(name)'; NAME=COMMAND gives it one."
    case .takenName(let name):
      "The name '\(name)' is that of a method of bench; NAME=COMMAND gives the program another."
    case .repeatedName(let name):
      "Two programs have the name '\(name)'; NAME=COMMAND gives one another."
    case .reservedParameter(let name):
      "A program can't have a parameter '\(name)', which states what the program is."
    case .notTuned(let name):
      "The program '\(name)' takes no grid: bench chooses no parameters of programs."
    }
  }

  /// The sentence for a worker that ended without an answer.
  static func sentence(_ failure: WorkerFailure) -> String {
    switch failure {
    case .ended(let status, true):
      "The worker was ended by signal \(status)."
    case .ended(let status, false):
      "The worker ended with exit code \(status)."
    case .timedOut(let seconds):
      "The cell ran longer than \(seconds) s (--timeout)."
    case .outOfMemory(let mebibytes):
      "The worker held \(Int(mebibytes)) MiB, more than --memory allows."
    case .malformedAnswer:
      "The worker's answer could not be read."
    case .notStarted(let reason):
      "The worker could not be started: \(reason)."
    }
  }

  /// The sentence for data that can't be had.
  static func sentence(_ error: DomainError) -> String {
    switch error {
    case .missing(let path):
      "There is no file or folder \(path)."
    case .malformed(let path, let place, let expected, let found):
      "Can't read \(path): at \(place), expected \(expected), found \(found)."
    case .wrongChecksum(let path, let expected, let found):
      "Won't use \(path): its card states the SHA-256 \(expected), but it has \(found)."
    case .badCard(let path, let key, let expected, let found):
      "The card \(path) is wrong at '\(key)': expected \(expected), found \(found)."
    case .unknownDataset(let name, let known):
      sentence(.unknown(.dataset, name: name, known: known))
    case .unknownPair(let name, let known):
      sentence(.unknown(.pair, name: name, known: known))
    case .unusable(let path, let place, let reason):
      "Can't use \(path): at \(place), \(reason)."
    case .download(let url, let reason):
      "Can't download \(url): \(reason)."
    case .unwritable(let path, let reason):
      "Can't write \(path): \(reason)."
    }
  }

  /// The sentence for a hyperparameter that can't be set, of a method where that is known.
  static func sentence(_ error: ParameterError, of method: String? = nil) -> String {
    func full(_ name: String) -> String { method.map { "\($0).\(name)" } ?? name }
    switch error {
    case .unknown(let name, let known):
      let listing = method.map { "bench describe \($0)" }
      if let method, known.isEmpty {
        return "The method '\(method)' has no parameter '\(name)', nor any other."
      }
      let kind = method.map { "parameter of '\($0)':" } ?? "parameter"
      return unknown(kind, name, known, listing: listing)
    case .malformed(let name, let text, let expected):
      return "\(full(name)) takes \(expected), not '\(text)'."
    case .outOfRange(let name, let value, let range):
      return "\(full(name)) takes \(range), so \(value) is out of its range."
    }
  }

  /// The sentence for a method that gives no model.
  static func sentence(_ error: MethodError) -> String {
    switch error {
    case .notApplicable(let reason):
      "The method isn't defined for this task: \(reason)."
    case .linearAlgebra(let fault, let step):
      "The step '\(step)' failed: \(clause(fault))."
    case .learner(let fault):
      sentence(fault)
    case .notConverged(let step, let iterations):
      "The step '\(step)' did not converge within \(count(iterations, "iteration"))."
    }
  }

  /// The sentence for a learner that can't be fitted.
  static func sentence(_ error: LearnerError) -> String {
    switch error {
    case .noSamples:
      "The learner has no sample to learn from."
    case .weightsUnsupported(let learner):
      "The learner '\(learner)' can't weigh its samples."
    case .notImages(let learner, let columns):
      "The learner '\(learner)' takes square images, grey or in three colours; samples of"
        + " \(count(columns, "column")) are none."
    case .unusableWeights:
      "The samples' weights are unusable: all are zero, or one is negative or not a number."
    case .notFinite:
      "The learner was given a feature that is infinite or not a number."
    case .notConverged(let learner, let iterations):
      "The learner '\(learner)' did not converge within \(count(iterations, "iteration"))."
    case .linearAlgebra(let fault):
      "The learner failed: \(clause(fault))."
    }
  }

  /// The sentence for a decomposition that can't be had, with LAPACK's info explained.
  static func sentence(_ error: LinearAlgebraError) -> String {
    let clause = clause(error)
    return clause.prefix(1).uppercased() + clause.dropFirst() + "."
  }
}

extension ErrorMessages {
  /// What LAPACK says, without capital and full stop.
  private static func clause(_ error: LinearAlgebraError) -> String {
    switch error {
    case .notPositiveDefinite(let routine, let order):
      "the matrix is not positive definite, as LAPACK's \(routine) found at its leading minor of order"
        + " \(order)"
    case .singular(let routine, let pivot):
      "the matrix is singular, as LAPACK's \(routine) found its pivot \(pivot) to be exactly zero"
    case .notConverged(let routine, let info):
      "LAPACK's \(routine) did not converge, with \(count(info, "element")) of the reduced matrix"
        + " left"
    case .notFinite(let routine):
      "the matrix given to LAPACK's \(routine) has an entry that is infinite or not a number"
    case .illegalArgument(let routine, -1_010), .illegalArgument(let routine, -1_011):
      "there was no memory for the work space of LAPACK's \(routine)"
    case .illegalArgument(let routine, let info) where info < 0:
      "LAPACK's \(routine) refused its argument \(-info), with info = \(info)"
    case .illegalArgument(let routine, let info):
      "LAPACK's \(routine) failed with info = \(info)"
    }
  }

  /// The sentence for a file that Foundation can't read or write.
  private static func sentence(_ error: CocoaError) -> String {
    let reason =
      (error.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
      ?? error.localizedDescription
    let place = error.filePath.map { " \($0)" } ?? " a file"
    return "Can't use\(place): \(reason)."
  }

  /// How many names a message lists before it refers to the listing.
  private static let shownNames = 12

  private static func unknown(
    _ kind: String, _ name: String, _ known: [String], listing: String?
  ) -> String {
    guard !known.isEmpty else { return "Unknown \(kind) '\(name)': there is none at all." }
    let list: String
    if known.count <= shownNames {
      list = known.joined(separator: ", ")
    } else {
      let near = NearestName.sorted(known, by: name).prefix(shownNames).joined(separator: ", ")
      let all = listing.map { ", all with '\($0)'" } ?? ""
      list = "\(near) and \(known.count - shownNames) more\(all)"
    }
    guard let nearest = NearestName.find(name, in: known) else {
      return "Unknown \(kind) '\(name)' (there are: \(list))."
    }
    return "Unknown \(kind) '\(name)': did you mean '\(nearest)' (there are: \(list))?"
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  /// A text on one line, without the full stop at its end.
  private static func withoutStop(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }

  /// A message of several lines on one, with a full stop.
  private static func oneLine(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return line.last.map { ".?!".contains($0) } == true ? line : line + "."
  }
}
