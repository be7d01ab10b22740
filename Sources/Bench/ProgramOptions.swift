import ArgumentParser
import Experiments
import Foundation
import Methods

/// Methods that are programs of their own.
struct ProgramOptions: ParsableArguments {
  @Option(
    name: .customLong("method-command"),
    help: ArgumentHelp(
      "A program as a method, in any language; may be given more than once. Without NAME= it has its script's name, without :SETTING it is transductive.",
      valueName: "NAME:SETTING=COMMAND"))
  var commands: [String] = []

  /// The programs with their names.
  func programs() throws(ProgramError) -> [(name: String, program: ExternalProgram)] {
    var found: [(name: String, program: ExternalProgram)] = []
    for text in commands {
      let named = try Self.named(text)
      try ExternalProgram.check(name: named.name)
      if found.contains(where: { $0.name == named.name }) { throw .repeatedName(named.name) }
      found.append(named)
    }
    return found
  }

  /// What a text `NAME:SETTING=COMMAND` states; everything up to the `=` may be missing.
  private static func named(
    _ text: String
  ) throws(ProgramError) -> (name: String, program: ExternalProgram) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // A command may hold a = too, behind a space.
    guard sides.count == 2, !sides[0].isEmpty, !sides[0].contains(where: \.isWhitespace) else {
      let program = try ExternalProgram(command: text)
      return (program.baseName, program)
    }
    let names = sides[0].split(separator: ":", maxSplits: 1).map(String.init)
    var setting = Setting.transductive
    if names.count == 2 {
      guard let stated = Setting(rawValue: names[1]) else { throw .unknownSetting(names[1]) }
      setting = stated
    }
    return (
      names.first ?? "", try ExternalProgram(command: String(sides[1]), setting: setting)
    )
  }
}
