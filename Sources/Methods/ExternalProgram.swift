public import Domains
import Glibc
public import Parameters

/// A method that is a program of its own, in any language.
///
/// It is started with a folder as its last argument, which holds what its setting grants.
public struct ExternalProgram: Sendable, Hashable {
  /// The command line: words, with quotes around those that hold spaces, that no shell reads.
  public let command: String
  /// What the program may see.
  public let setting: Setting
  /// The SHA-256 of the files that the command names; nil where nobody looked.
  public let checksum: String?
  /// The words of the command.
  public let words: [String]

  /// The settings that a program can have.
  public static let settings: [Setting] = [.transductive, .inductive, .unsupervised]

  /// A program; its files need not be there.
  public init(
    command: String, setting: Setting = .transductive, checksum: String? = nil
  ) throws(ProgramError) {
    words = try Self.words(of: command)
    guard !words.isEmpty else { throw .emptyCommand }
    guard Self.settings.contains(setting) else { throw .unknownSetting(setting.rawValue) }
    self.command = command
    self.setting = setting
    self.checksum = checksum
  }

  /// The same program as its files are now.
  ///
  /// - Throws: a `ProgramError` where the command names no file, or one can't be read.
  public func sealed() throws(ProgramError) -> ExternalProgram {
    let files = files
    guard !files.isEmpty else { throw .noFile(command: command) }
    var sums: [String] = []
    for file in files {
      do {
        sums.append(try Checksum.sha256(file: file))
      } catch {
        throw .data(error)
      }
    }
    let joined = Array(sums.joined(separator: " ").utf8)
    return try ExternalProgram(
      command: command, setting: setting,
      checksum: sums.count == 1 ? sums[0] : Checksum.sha256(bytes: joined))
  }

  /// The name that the program has where it is given none: its script's, without folder and
  /// extension.
  public var baseName: String {
    let word = words.dropFirst().first(where: Self.isFile) ?? words[0]
    let name = word.split(separator: "/").last.map(String.init) ?? word
    return name.firstIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name }
      ?? name
  }

  /// The files by which the program is known: those that words after the first name, such as a
  /// script and its configuration; the executable where they name none.
  private var files: [String] {
    let named = words.dropFirst().filter(Self.isFile)
    guard named.isEmpty else { return named }
    if words[0].contains("/") { return Self.isFile(words[0]) ? [words[0]] : [] }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map { "\($0)/\(words[0])" }.filter(Self.isFile).prefix(1)
      .map(\.self)
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The words of a command line: split at spaces outside quotes, single or double; a backslash takes
  /// the next character as it is, but within single quotes.
  public static func words(of text: String) throws(ProgramError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character.isWhitespace {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { throw .openQuote(command: text) }
    return words + (word.map { [$0] } ?? [])
  }
}

extension ExternalProgram {
  private enum Fact: String, CaseIterable {
    case command, setting, script
  }

  /// The names that no parameter of a program can have.
  public static let reservedNames = Fact.allCases.map(\.rawValue)

  /// What makes the program what it is, as assignments that stand among its parameters.
  public var facts: [Assignment] {
    [Assignment(Fact.command.rawValue, .choice(command))]
      + (checksum.map { [Assignment(Fact.script.rawValue, .choice($0))] } ?? [])
      + [Assignment(Fact.setting.rawValue, .choice(setting.rawValue))]
  }

  /// The program that the texts of `facts` state; nil where they state none.
  public init?(facts texts: [String: String]) {
    guard let command = texts[Fact.command.rawValue],
      let setting = texts[Fact.setting.rawValue].flatMap(Setting.init(rawValue:)),
      let program = try? ExternalProgram(
        command: command, setting: setting, checksum: texts[Fact.script.rawValue])
    else { return nil }
    self = program
  }

  /// The parameters that texts set, by name: numbers and truth values where they read as such.
  public func assignments(_ texts: [String: String]) -> [Assignment] {
    texts.filter { !Self.reservedNames.contains($0.key) }.sorted { $0.key < $1.key }
      .map { Assignment($0.key, Self.value($0.value)) }
  }

  private static func value(_ text: String) -> ParameterValue {
    if let integer = Int(text) { return .integer(integer) }
    if let real = Double(text), real.isFinite {
      return Int(exactly: real).map(ParameterValue.integer) ?? .real(real)
    }
    return Bool(text).map(ParameterValue.flag) ?? .choice(text)
  }

  /// Checks a name for a program: letters, digits, `-`, `_` and `.`, and no method's.
  public static func check(name: String) throws(ProgramError) {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
          || "-_.".unicodeScalars.contains($0))
    }
    guard isPlain, name.first?.isLetter == true, name != "all" else { throw .badName(name) }
    guard MethodRegistry.entry(name) == nil else { throw .takenName(name) }
  }
}

/// Why a program can't be a method.
///
/// Facts only: their wording is the command line's.
public enum ProgramError: Error, Sendable, Hashable {
  /// There is no word in the command.
  case emptyCommand
  /// A quote is opened and not closed, or a backslash stands last.
  case openQuote(command: String)
  /// No word of the command is a file.
  case noFile(command: String)
  /// A file that the command names can't be read.
  case data(DomainError)
  /// A program can't be of this setting.
  case unknownSetting(String)
  /// This can't be a program's name.
  case badName(String)
  /// A method of this program has the name.
  case takenName(String)
  /// Two programs have one name.
  case repeatedName(String)
  /// A parameter has a name that stands for something else.
  case reservedParameter(String)
  /// A grid of values was given for a program, whose parameters can't be chosen here.
  case notTuned(String)
}
