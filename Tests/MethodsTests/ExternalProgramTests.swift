import Domains
import Foundation
import Parameters
import Testing

@testable import Methods

struct ExternalProgramTests {
  @Test(arguments: [
    ("python3 my_method.py", ["python3", "my_method.py"]),
    ("  a   b ", ["a", "b"]),
    ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
    ("a b\\ c '\\' \"\\\"\"", ["a", "b c", "\\", "\""]),
    ("a ''", ["a", ""]),
  ])
  func aCommandIsSplitAtSpacesOutsideQuotes(command: String, words: [String]) throws {
    #expect(try ExternalProgram(command: command).words == words)
  }

  @Test func aCommandWithoutWordsOrWithAnOpenQuoteIsRefused() {
    #expect(throws: ProgramError.emptyCommand) { try ExternalProgram(command: " ") }
    for command in ["a 'b", "a \"b", "a \\"] {
      #expect(throws: ProgramError.openQuote(command: command)) {
        try ExternalProgram(command: command)
      }
    }
    #expect(throws: ProgramError.unknownSetting("oracle")) {
      try ExternalProgram(command: "a", setting: .oracle)
    }
  }

  @Test func aChangedScriptHasAnotherChecksum() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: "own.method.py")
    try Data("1".utf8).write(to: script)
    let program = try ExternalProgram(command: "/bin/sh '\(script.path)' --fast")
    #expect(program.baseName == "own")
    #expect(program.checksum == nil)
    let sealed = try program.sealed()
    #expect(sealed.checksum == Checksum.sha256(bytes: Array("1".utf8)))
    try Data("2".utf8).write(to: script)
    #expect(try sealed.sealed().checksum == Checksum.sha256(bytes: Array("2".utf8)))
    // A second file counts too.
    try Data("3".utf8).write(to: folder.appending(path: "options"))
    let two = try ExternalProgram(command: "\(program.command) \(folder.path)/options")
    #expect(try two.sealed().checksum != sealed.sealed().checksum)
    // Without a script the executable itself stands for the program.
    #expect(try ExternalProgram(command: "sh").sealed().checksum?.count == 64)
    #expect(throws: ProgramError.noFile(command: "no-such-program x")) {
      try ExternalProgram(command: "no-such-program x").sealed()
    }
  }

  @Test func factsStateTheProgramAgain() throws {
    let program = try ExternalProgram(
      command: "sh 'a b'", setting: .inductive, checksum: String(repeating: "0", count: 64))
    let texts = Dictionary(
      uniqueKeysWithValues: program.facts.map { ($0.name, $0.value.description) })
    #expect(ExternalProgram(facts: texts) == program)
    #expect(ExternalProgram(facts: ["learner": "1-nn"]) == nil)
    #expect(program.facts.map(\.name).sorted() == ExternalProgram.reservedNames.sorted())
  }

  @Test func parametersAreNumbersTruthValuesOrTexts() throws {
    let program = try ExternalProgram(command: "sh")
    let texts = ["a": "1", "b": "1.0", "c": "0.5", "d": "true", "e": "ot", "command": "x"]
    #expect(
      program.assignments(texts) == [
        Assignment("a", .integer(1)), Assignment("b", .integer(1)), Assignment("c", .real(0.5)),
        Assignment("d", .flag(true)), Assignment("e", .choice("ot")),
      ])
  }

  @Test func aNameIsPlainAndNoMethods() throws {
    for name in ["mine", "my_method", "a.b-2"] { try ExternalProgram.check(name: name) }
    for name in ["", "2x", "a b", "a/b", "=cmd", "é", "all", "-x"] {
      #expect(throws: ProgramError.badName(name)) { try ExternalProgram.check(name: name) }
    }
    #expect(throws: ProgramError.takenName("coral")) { try ExternalProgram.check(name: "coral") }
  }
}
