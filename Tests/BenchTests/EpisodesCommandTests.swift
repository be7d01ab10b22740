import Foundation
import Methods
import TestSupport
import Testing

@testable import Bench

@Suite struct EpisodesCommandTests {
  @Test func ofAllAndFamiliesTheInductiveMethodsAreTaken() throws {
    let inductive = MethodRegistry.all.filter { $0.setting == .inductive }.map(\.card.id)
    #expect(try EpisodesCommand.methods("all").map(\.id) == inductive)
    #expect(
      try EpisodesCommand.methods("matching,family:reference").map(\.id) == [
        "matching", "target-only", "joint",
      ])
    #expect(throws: RequestError.notInductive(method: "coral", setting: .transductive)) {
      try EpisodesCommand.methods("matching,coral")
    }
  }

  @Test func hyperparametersAreSet() throws {
    let methods = try EpisodesCommand.methods(
      "prototypical,simpleshot", set: ["prototypical.episodes=7"], learner: "mlp-bn")
    #expect(
      methods[0].changes.map { "\($0.name)=\($0.value)" } == ["learner=mlp-bn", "episodes=7"])
    #expect(methods[1].changes.isEmpty)
  }
}

/// `bench episodes` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct EpisodesProgramTests {
  private static let quick = [
    "episodes", "--methods", "simpleshot,prototypical,target-only", "--episodes", "8", "--quiet",
  ]

  @Test func anyNumberOfJobsGivesTheSameBytes() throws {
    var texts: [String] = []
    for jobs in ["1", "3"] {
      let folder = try TemporaryFolder()
      let result = try Program.run(
        Self.quick + ["--pairs", "digits", "--jobs", jobs, "--out", folder.path])
      #expect(result.code == 0 && result.errors.isEmpty, "\(result.errors)")
      texts.append(try folder.text("episodes.csv") + result.output)
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0].contains(",simpleshot,few-shot,"))
    #expect(texts[0].split(separator: "\r\n").count == 8)
  }

  @Test func pairsWithTooFewClassesAreSaid() throws {
    let result = try Program.run(
      Self.quick + [
        "--pairs", "moons:rotated-0->rotated-10", "--methods", "simpleshot", "--shots", "1",
      ])
    #expect(result.code == 1)
    #expect(
      result.errors
        == "failed: simpleshot on moons:rotated-0->rotated-10, 1-shot: The method isn't defined for this task: 2 classes have 16 samples, where an episode takes 5.\n"
    )
  }

  @Test func interruptedItEndsCleanly() throws {
    let process = Process()
    process.executableURL = Program.path
    process.arguments = ["episodes", "--episodes", "1000000", "--quiet"]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    Thread.sleep(forTimeInterval: 1)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    #expect(String(decoding: said, as: UTF8.self) == "Interrupted: nothing was written.\n")
  }

  @Test(arguments: [
    (
      ["--methods", "coral"],
      "bench: Episodes are for inductive methods, and 'coral' is transductive."
    ),
    (
      ["--methods", "target-oracle"],
      "bench: Episodes are for inductive methods, and 'target-oracle' is an oracle."
    ),
    (
      ["--methods", "family:clustering"],
      "bench: The plan names no inductive method, so there is nothing to run."
    ),
    (["--ways", "1"], "bench: --ways takes a whole number from 2."),
    (["--shots", "0,5"], "bench: --shots takes whole numbers from 1, separated by commas."),
    (["--queries", "0"], "bench: --queries takes a whole number from 1."),
    (["--episodes", "1"], "bench: --episodes takes a whole number from 2."),
    (["--jobs", "0"], "bench: --jobs takes a whole number from 1."),
  ])
  func wrongRequests(arguments: [String], sentence: String) throws {
    let result = try Program.run(["episodes", "--quiet"] + arguments)
    #expect(result.code == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors == sentence + "\n")
  }
}
