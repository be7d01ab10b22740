import Foundation
import TestSupport
import Testing

/// `bench export` and `bench merge` as users run them.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct ExportMergeTests {
  private static let files = ["results.csv", "summary.csv", "ranks.csv", "classes.csv", "plan.yml"]

  private func compare(
    _ methods: String, to out: String, _ more: [String] = []
  ) throws -> Program.Result {
    try Program.run(
      [
        "compare", "--pairs", "moons:rotated-0->rotated-10,moons:rotated-0->rotated-30",
        "--methods", methods, "--repetitions", "2", "--resamples", "20", "--out", out,
      ] + (more.isEmpty ? ["--quiet"] : more))
  }

  private func expectSame(_ names: [String], _ one: String, _ two: String) {
    for name in names {
      #expect(
        FileManager.default.contentsEqual(atPath: "\(one)/\(name)", andPath: "\(two)/\(name)"),
        "\(name)")
    }
  }

  @Test func theFilesAreWrittenAgainFromTheStore() throws {
    try TemporaryFolder.with { folder in
      let (whole, copy) = ("\(folder)/whole", "\(folder)/copy")
      #expect(try compare("coral,simpleshot", to: whole).code == 0)
      try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
      for name in ["plan.yml", "results.sqlite"] {
        try FileManager.default.copyItem(atPath: "\(whole)/\(name)", toPath: "\(copy)/\(name)")
      }
      let result = try Program.run(["export", copy])
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("coral "))
      expectSame(Self.files + ["runs.csv", "provenance.yml"], whole, copy)
    }
  }

  @Test func partsOfAPlanAreJoined() throws {
    try TemporaryFolder.with { folder in
      func path(_ name: String) -> String { "\(folder)/\(name)" }
      #expect(try compare("coral,simpleshot", to: path("whole")).code == 0)
      // Each part holds the cells of one method, as a cancelled run of the whole plan might.
      for method in ["coral", "simpleshot"] {
        #expect(try compare(method, to: path(method)).code == 0)
        try FileManager.default.removeItem(atPath: path("\(method)/plan.yml"))
        try FileManager.default.copyItem(
          atPath: path("whole/plan.yml"), toPath: path("\(method)/plan.yml"))
      }
      let part = try Program.run(["export", path("coral")])
      #expect(part.code == 1)
      #expect(part.errors.contains("are not in the store. This runs them: bench run"))
      // What failed for want of time gives way to what did not.
      let late = try compare(
        "coral,simpleshot", to: path("late"), ["--timeout", "0.000001", "--verbose"])
      #expect(late.code == 1)
      let merged = try Program.run(
        ["merge", path("all"), path("late"), path("coral"), path("simpleshot")])
      #expect(merged.code == 0, "\(merged.errors)")
      expectSame(Self.files, path("whole"), path("all"))
      let again = try Program.run(["merge", path("all"), path("coral")])
      #expect(again.output == merged.output)
    }
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    try TemporaryFolder.with { folder in
      #expect(try compare("coral", to: "\(folder)/a").code == 0)
      #expect(try compare("tca", to: "\(folder)/b").code == 0)
      let plans = try Program.run(["merge", "\(folder)/c", "\(folder)/a", "\(folder)/b"])
      #expect(plans.code == 2)
      #expect(plans.errors.hasSuffix("differs from that of \(folder)/a in 'methods'.\n"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/c"))
      // An empty file is an empty data base, whose schema is none.
      try Data().write(to: URL(fileURLWithPath: "\(folder)/b/results.sqlite"))
      try FileManager.default.removeItem(atPath: "\(folder)/b/plan.yml")
      try FileManager.default.copyItem(
        atPath: "\(folder)/a/plan.yml", toPath: "\(folder)/b/plan.yml")
      let schema = try Program.run(["merge", "\(folder)/c", "\(folder)/a", "\(folder)/b"])
      #expect(schema.code == 2)
      #expect(schema.errors.hasSuffix("it has no schema of bench's, whose own is 5.\n"))
      let absent = try Program.run(["export", folder])
      #expect(absent.errors == "bench: There is no file or folder \(folder)/plan.yml.\n")
    }
  }

  @Test func verboseNamesEveryCellAndProvenanceEveryRun() throws {
    try TemporaryFolder.with { folder in
      let result = try compare("coral", to: folder, ["--verbose"])
      #expect(result.code == 0)
      for repetition in 0..<2 {
        let lines = result.errors.split(separator: "\n").filter {
          $0.hasPrefix("completed: coral {") && $0.contains("repetition \(repetition): ")
        }
        #expect(lines.count == 2)
      }
      let provenance = try String(
        contentsOfFile: "\(folder)/provenance.yml", encoding: .utf8)
      for key in [
        "transfer-bench: ", "plan: ", "kernels: [", "moons:rotated-0->rotated-10\": ",
        "- started: ", "toolchain: \"Swift ", "processor: \"", "cores: ", "blas: \"",
      ] {
        #expect(provenance.contains(key), "\(key)")
      }
      let both = try compare("coral", to: folder, ["--verbose", "--quiet"])
      #expect(both.code == 2)
    }
  }
}
