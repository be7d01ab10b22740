import Experiments
import Foundation
import Testing

/// Exit codes and output of the program as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct CommandTests {
  @Test(arguments: [
    [], ["--help"], ["--version"], ["help", "list"], ["list", "--help"], ["describe", "--help"],
    ["doctor", "--help"], ["report", "--help"], ["data", "--help"], ["data", "fetch", "--help"],
    ["--generate-completion-script", "bash"], ["--generate-completion-script", "zsh"],
    ["--generate-completion-script", "fish"],
  ])
  func fineRequests(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.code == 0)
    #expect(!result.output.isEmpty)
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: [
    (["lst"], "bench: Unknown command 'lst': did you mean 'list'"),
    (["--verson"], "bench: Unknown option '--verson'."),
    (["list"], "bench: Missing expected argument '<kind>'."),
    (["list", "methods", "--format", "xml"], "bench: The value 'xml' is invalid"),
    (["list", "methods", "more"], "bench: Unexpected argument 'more'"),
    (["describe", "acuracy"], "bench: Unknown name 'acuracy': did you mean 'accuracy'"),
    (["list", "pairs", "--card", "absent.md"], "bench: There is no file or folder absent.md."),
    (["list", "pairs", "--data", "absent"], "bench: There is no file or folder absent."),
    (["data", "fetch"], "bench: Missing expected argument"),
    (["data", "verify", "digts"], "bench: Unknown data set 'digts': did you mean 'digits'"),
  ])
  func wrongRequests(arguments: [String], start: String) throws {
    let result = try Program.run(arguments)
    #expect(result.code == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix(start))
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func aCardWithoutFrontMatterIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let card = folder.appending(path: "mine.md")
    try Data("# Nothing here\n".utf8).write(to: card)
    let result = try Program.run(["list", "datasets", "--card", card.path])
    #expect(result.code == 2)
    #expect(result.errors.contains(card.path))
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func versionIsTheProgramsOwn() throws {
    #expect(try Program.run(["--version"]).output == TransferBench.version + "\n")
  }

  @Test func doctorTellsTheSpeedOfBLAS() throws {
    let result = try Program.run(["doctor"])
    #expect(result.code == 0)
    for fact in ["processor", "kernels", "dgemm", "sgemm", "OpenBLAS", "libpng", "data"] {
      #expect(result.output.contains(fact))
    }
  }
}
