import ArgumentParser
import Domains
import Foundation
import Methods
import TestSupport
import Testing

@testable import Bench

/// `--method-command` as users give it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct ProgramOptionsTests {
  /// A Python with NumPy and scikit-learn, and one with SKADA too.
  private static let hasSklearn = Python.canImport("numpy, sklearn")
  private static let hasSkada = Python.canImport("skada, sklearn")

  private static let quick = [
    "--pairs", "moons:rotated-0->rotated-30", "--resamples", "20", "--quiet", "--format", "csv",
  ]

  /// A shell script as a program.
  private func script(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The values of a column of a CSV file in the rows that match.
  private func rows(_ path: String) throws -> [[String: String]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\r\n").map { line in
      // Quoted fields hold the parameters; they have commas and doubled quotes.
      var fields = [""]
      var isQuoted = false
      for character in line {
        if character == "\"" {
          isQuoted.toggle()
        } else if character == ",", !isQuoted {
          fields.append("")
        } else {
          fields[fields.count - 1].append(character)
        }
      }
      return fields
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { line in
      Dictionary(zip(header, line)) { first, _ in first }
    }
  }

  /// Runs a shell script as a program on one pair and returns how its cell ended and why.
  private func ending(
    of text: String, _ options: [String] = []
  ) throws -> (status: String, reason: String, seconds: Double) {
    var found = (status: "", reason: "", seconds: 0.0)
    try TemporaryFolder.with { folder in
      try script(text, "\(folder)/own.sh")
      let clock = ContinuousClock()
      let started = clock.now
      let result = try Program.run(
        ["compare", "--method-command", "sh '\(folder)/own.sh'", "--repetitions", "1"]
          + ["--out", "\(folder)/out", "--jobs", "1"] + Self.quick + options)
      #expect(result.code == 1, "\(result.errors)")
      let own = try #require(try rows("\(folder)/out/runs.csv").first { $0["method"] == "own" })
      found = (own["status"] ?? "", own["reason"] ?? "", (clock.now - started) / .seconds(1))
    }
    return found
  }

  @Test func namesAndSettingsAreRead() throws {
    var options = try ProgramOptions.parse([
      "--method-command", "a=sh x.sh", "--method-command", "b:inductive=sh y.sh --z=1",
      "--method-command", "sh dir/c.sh --z=1",
    ])
    let programs = try options.programs()
    #expect(programs.map(\.name) == ["a", "b", "sh"])
    #expect(programs.map(\.program.setting) == [.transductive, .inductive, .transductive])
    #expect(programs.map(\.program.command) == ["sh x.sh", "sh y.sh --z=1", "sh dir/c.sh --z=1"])
    options.commands = ["a=sh x", "a=sh y"]
    #expect(throws: ProgramError.repeatedName("a")) { try options.programs() }
    options.commands = ["coral=sh x"]
    #expect(throws: ProgramError.takenName("coral")) { try options.programs() }
    options.commands = ["a:orakel=sh x"]
    #expect(throws: ProgramError.unknownSetting("orakel")) { try options.programs() }
  }

  @Test func aFailureIsNamedByTheLastLineOfTheStandardError() throws {
    let failed = try ending(of: "echo first >&2\necho 'ValueError: no.' >&2\nexit 3\n")
    #expect(failed.status == "failed")
    #expect(failed.reason == "The program ended with exit code 3: ValueError: no.")
    let killed = try ending(of: "kill -9 $$\n")
    #expect(killed.reason == "The program was ended by signal 9.")
    let silent = try ending(of: "exit 0\n")
    #expect(silent.reason == "The program ended well but wrote no predictions.npy into its folder.")
    let wrong = try ending(of: "echo x > \"$1/predictions.npy\"\n")
    #expect(
      wrong.reason
        == "The program's predictions.npy can't be used: at byte 0, expected an array in NumPy's format, beginning with \\x93NUMPY, found other bytes."
    )
  }

  @Test func aProgramThatHangsIsEndedWithWhatItStarted() throws {
    let mark = "4\(Int.random(in: 100_000...999_999))"
    let ended = try ending(of: "sleep \(mark) &\nsleep \(mark)\n", ["--timeout", "2"])
    #expect(ended.status == "timedOut")
    #expect(ended.reason == "The cell ran longer than 2.0 s (--timeout).")
    #expect(ended.seconds < 60)
    let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
      let line = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)
      return line?.contains(mark) == true && line?.contains("sleep") == true
    }
    #expect(left.isEmpty)
  }

  @Test func theMemoryOfAProgramCounts() throws {
    // The shell holds a text of some 400 MB.
    let text = "x=$(head -c 400000000 /dev/zero | tr '\\0' x)\nsleep 20\n"
    let ended = try ending(of: text, ["--memory", "0.3"])
    #expect(ended.status == "outOfMemory")
  }

  @Test func aProgramSeesWhatItsSettingGrants() throws {
    try TemporaryFolder.with { folder in
      try script(
        "mkdir -p '\(folder)/seen'\ncp -r \"$1\" '\(folder)/seen/'$$\nexit 1\n",
        "\(folder)/own.sh")
      for setting in ["transductive", "inductive", "unsupervised"] {
        _ = try Program.run(
          ["compare", "--method-command", "own:\(setting)=sh '\(folder)/own.sh'"]
            + ["--repetitions", "1", "--out", "\(folder)/\(setting)", "--shots", "3"] + Self.quick)
      }
      let seen = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/seen")
      #expect(seen.count == 3)
      for name in seen {
        let task = try String(contentsOfFile: "\(folder)/seen/\(name)/task.json", encoding: .utf8)
        #expect(!task.contains("moons"))
        let source = try NumPyFile.arrays("\(folder)/seen/\(name)/source.npz")
        #expect(source.contains("labels") == !task.contains("unsupervised"))
        let target = try NumPyFile.arrays("\(folder)/seen/\(name)/target.npz")
        #expect(target.contains("shot_labels") == task.contains("\"inductive\""))
        #expect(!target.contains("labels"))
        #expect(try NumPyFile.arrays("\(folder)/seen/\(name)/test.npz") == ["features"])
      }
    }
  }

  @Test(.enabled(if: hasSklearn, "no Python with NumPy and scikit-learn"))
  func theExampleIsSourceOnlyAndAChangedScriptIsRunAgain() throws {
    try TemporaryFolder.with { folder in
      let example = Fixtures.root.appending(path: "examples/sklearn_method.py")
      let copy = "\(folder)/sklearn_method.py"
      try FileManager.default.copyItem(atPath: example.path, toPath: copy)
      let arguments =
        ["compare", "--method-command", "\(Python.path) '\(copy)'", "--repetitions", "2"]
        + ["--pairs", "moons:rotated-0->rotated-30,clinics:*", "--out", "\(folder)/out"]
      let result = try Program.run(arguments + Array(Self.quick.dropFirst(2)))
      #expect(result.code == 0, "\(result.errors)")
      let observations = try rows("\(folder)/out/results.csv").filter { $0["metric"] == "accuracy" }
      func scores(_ method: String) -> [String?] {
        observations.filter { $0["method"] == method && $0["group"] == "" }.map { $0["value"] }
      }
      #expect(scores("sklearn_method").count >= 4)
      #expect(scores("sklearn_method") == scores("source-only"))
      #expect(observations.contains { $0["family"] == "external" })

      // Nothing is missing; then the script changes, and its cells alone are.
      let again = arguments + Array(Self.quick.dropFirst(2)).filter { $0 != "--quiet" }
      #expect(!(try Program.run(again).errors.contains("done")))
      let plan = try String(contentsOfFile: "\(folder)/out/plan.yml", encoding: .utf8)
      try Data("\n# changed\n".utf8).append(to: copy)
      #expect(
        try Program.run(["run", "\(folder)/out/plan.yml", "--out", "\(folder)/out"]).code == 0)
      #expect(try String(contentsOfFile: "\(folder)/out/plan.yml", encoding: .utf8) != plan)
      let runs = try rows("\(folder)/out/runs.csv").filter { $0["method"] == "sklearn_method" }
      #expect(!runs.isEmpty && runs.allSatisfy { $0["status"] == "completed" })
      // The results don't depend on the script being there.
      try FileManager.default.removeItem(atPath: copy)
      #expect(try Program.run(["export", "\(folder)/out", "--format", "csv"]).code == 0)
    }
  }

  @Test(.enabled(if: hasSklearn, "no Python with NumPy and scikit-learn"))
  func anAblationVariesAProgramsParameters() throws {
    try TemporaryFolder.with { folder in
      let command = "\(Python.path) examples/sklearn_method.py"
      let result = try Program.run(
        ["ablate", "mine", "--method-command", "mine=\(command)", "--vary", "C=0.01,1"]
          + ["--repetitions", "1", "--out", "\(folder)/out"] + Self.quick)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("C"))
      let rows = try rows("\(folder)/out/ablation.csv")
      #expect(rows.contains { $0["parameter"] == "C" && $0["value"] == "1" })
    }
  }

  @Test(.enabled(if: hasSkada, "no Python with SKADA"))
  func theExampleOfSkadaRuns() throws {
    try TemporaryFolder.with { folder in
      let plan = """
        pairs: moons:rotated-0->rotated-30
        methods:
          - id: skada-coral
            command: \(Python.path) examples/skada_method.py
          - {id: skada-ot, command: "\(Python.path) examples/skada_method.py", parameters: {method: ot}}
        repetitions: 1
        resamples: 20
        """
      try script(plan, "\(folder)/plan.yml")
      let result = try Program.run([
        "run", "\(folder)/plan.yml", "--out", "\(folder)/out", "--quiet", "--format", "markdown",
      ])
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("| skada-coral |"))
      #expect(result.output.contains("| skada-ot[method=ot] |"))
    }
  }
}

extension Data {
  /// Writes the bytes at the end of a file.
  fileprivate func append(to path: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: self)
  }
}
