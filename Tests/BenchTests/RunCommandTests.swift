import Foundation
import TestSupport
import Testing

/// `bench run` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct RunCommandTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func thePlanThatCompareWroteGivesTheSameBytes() throws {
    try withFolder { folder in
      let compared = try Program.run([
        "compare", "--pairs", "moons:rotated-0->rotated-30,shifts:null-source->null-target",
        "--methods", "coral,simpleshot", "--set", "coral.ridge=0.5", "--shots", "1,3",
        "--repetitions", "2", "--resamples", "20", "--select", "entropy", "--budget", "2",
        "--folds", "2", "--timeout", "600", "--quiet", "--out", "\(folder)/one",
      ])
      #expect(compared.code == 0, "\(compared.errors)")
      let run = try Program.run([
        "run", "\(folder)/one/plan.yml", "--out", "\(folder)/two", "--quiet", "--jobs", "1",
      ])
      #expect(run.code == 0, "\(run.errors)")
      for name in ["results.csv", "summary.csv", "plan.yml"] {
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(folder)/one/\(name)", andPath: "\(folder)/two/\(name)"), "\(name)")
      }
    }
  }

  @Test func aPlanOfAFewLinesComparesSettingsOfOneMethod() throws {
    try withFolder { folder in
      let plan = """
        pairs: moons:rotated-0->rotated-30
        methods:
          - coral
          - {id: coral, parameters: {ridge: 100}}
        repetitions: 2
        resamples: 20
        """
      try Data(plan.utf8).write(to: URL(fileURLWithPath: "\(folder)/plan.yml"))
      let result = try Program.run([
        "run", "\(folder)/plan.yml", "--out", "\(folder)/out", "--quiet", "--format", "markdown",
      ])
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("| coral |"))
      #expect(result.output.contains("| coral[ridge=100.0] |"))
    }
  }

  @Test func wrongPlansAreOneSentenceWithTheLine() throws {
    try withFolder { folder in
      let path = "\(folder)/plan.yml"
      for (text, start) in [
        ("pairs: moons\nmethds: all\n", "\(path):2: Unknown key 'methds': did you mean 'methods'"),
        ("pairs: moon\nmethods: all\n", "\(path):1: Unknown data set 'moon': did you mean 'moons'"),
        ("pairs: moons\nmethods: [tcaa]\n", "\(path):2: Unknown method 'tcaa': did you mean 'tca'"),
      ] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let result = try Program.run(["run", path, "--out", "\(folder)/out"])
        #expect(result.code == 2)
        #expect(result.errors.hasPrefix("bench: " + start), "\(result.errors)")
        #expect(result.errors.filter { $0 == "\n" }.count == 1)
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
      let absent = try Program.run(["run", "\(folder)/none.yml"])
      #expect(absent.errors == "bench: There is no file or folder \(folder)/none.yml.\n")
    }
  }
}
