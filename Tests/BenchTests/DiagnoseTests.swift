import Foundation
import Metrics
import Testing

@testable import Bench

@Suite struct DiagnoseTests {
  @Test func measuresAreNamedInAnyOrderAndListedInTheirs() throws {
    #expect(try Diagnose.measures("leep, mmd").map(\.id) == ["mmd", "leep"])
    #expect(try Diagnose.measures("all").count == DiagnosticRegistry.all.count)
    #expect(
      throws: RequestError.unknown(.measure, name: "mdm", known: CompletedNames.measures)
    ) { try Diagnose.measures("mmd,mdm") }
  }

  @Test(arguments: DiagnosticRegistry.all.map(\.id))
  func describedMeasuresSayWhichLabelsTheyNeed(_ id: String) throws {
    let text = try #require(Describe.measure(id))
    #expect(text.hasPrefix("\(id), a measure before training\n"))
    #expect(text.contains("needed"))
  }
}

/// `bench diagnose` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct DiagnoseCommandTests {
  private static let quick = [
    "diagnose", "--measures", "mmd,proxy-a,leep", "--permutations", "9", "--quiet",
  ]

  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func anyNumberOfJobsGivesTheSameBytes() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files: [Data] = []
    for jobs in ["1", "2"] {
      let out = "\(folder)/\(jobs)"
      let result = try Program.run(
        Self.quick + ["--pairs", "moons,digits", "--jobs", jobs, "--out", out])
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.errors.isEmpty)
      files.append(try Data(contentsOf: URL(fileURLWithPath: "\(out)/diagnosis.csv")))
    }
    #expect(files[0] == files[1])
    let lines = String(decoding: files[0], as: UTF8.self).split(separator: "\r\n")
    #expect(lines.count == 1 + 3 * 11)
    #expect(
      lines[0] == "dataset,source,target,measure,value,p_value,ci_low,ci_high,needs_labels")
  }

  @Test func gainsOfAComparisonAreForetold() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let compared = try Program.run([
      "compare", "--pairs", "moons", "--methods", "coral", "--repetitions", "1", "--resamples",
      "5", "--quiet", "--out", folder,
    ])
    #expect(compared.code == 0, "\(compared.errors)")
    let result = try Program.run(
      Self.quick + ["--pairs", "moons", "--gains", folder, "--out", folder])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("Kendall's weighted τ"))
    let text = try String(contentsOfFile: "\(folder)/forecast.csv", encoding: .utf8)
    // The further the moons are turned, the less is left: every measure sees it.
    let line = try #require(
      text.split(separator: "\r\n").first { $0.hasPrefix("moons,mmd,none,source-only,score,9,") })
    let tau = try #require(Double(line.split(separator: ",", omittingEmptySubsequences: false)[6]))
    #expect(tau > 0.6)
  }

  @Test(arguments: [
    (["--measures", "mdm"], "bench: Unknown measure 'mdm': did you mean 'mmd'"),
    (["--pairs", "mons"], "bench: Unknown data set 'mons': did you mean 'moons'"),
    (["--learner", "knn"], "bench: Unknown learner 'knn': did you mean 'k-nn'"),
    (["--gains", "absent.csv"], "bench: There is no file or folder absent.csv."),
    (["--permutations=-1"], "bench: --permutations takes a whole number from 0."),
    (["--gains", "README.md"], "bench: Can't read README.md: at line"),
  ])
  func wrongRequests(arguments: [String], start: String) throws {
    let result = try Program.run(["diagnose", "--quiet"] + arguments)
    #expect(result.code == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix(start), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }
}
