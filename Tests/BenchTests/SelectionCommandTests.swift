import Foundation
import Metrics
import TestSupport
import Testing

/// `bench compare --select` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct SelectionCommandTests {
  private static let quick = [
    "compare", "--pairs", "moons:rotated-0->rotated-30", "--repetitions", "2", "--resamples", "20",
    "--quiet", "--folds", "2",
  ]

  private static func folder() -> String {
    FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  }

  private static func rows(_ path: String) throws -> [[Substring]] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    // The only commas within a field are the parameters', which lie behind `selection`.
    return text.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  @Test func everyRuleIsComparedAndSaysSoInItsRows() throws {
    let (one, two) = (Self.folder(), Self.folder())
    defer { for path in [one, two] { try? FileManager.default.removeItem(atPath: path) } }
    let arguments =
      Self.quick + [
        "--methods", "coral,simpleshot,seeded-kmeans", "--select", "all", "--budget", "3",
      ]
    let result = try Program.run(arguments + ["--out", one, "--jobs", "1"])
    #expect(result.code == 0)
    let rules = ["none"] + ValidatorRegistry.all.map(\.id) + ["oracle"]
    for rule in rules {
      #expect(result.output.contains("\n\(rule) "), "\(rule)")
    }
    #expect(result.output.contains("Rank correlation"))
    // Clusterings are not tuned, and stand in the files as stated.
    #expect(!result.output.contains("seeded-kmeans"))
    let header = try #require(try Self.rows("\(one)/results.csv").first)
    let (method, selection) = (
      try #require(header.firstIndex(of: "method")),
      try #require(header.firstIndex(of: "selection"))
    )
    let found = try Self.rows("\(one)/results.csv").dropFirst()
    #expect(Set(found.filter { $0[method] == "coral" }.map { String($0[selection]) }) == Set(rules))
    #expect(Set(found.filter { $0[method] == "seeded-kmeans" }.map { $0[selection] }) == ["none"])
    // 2 methods × 2 repetitions × 13 rules × 3 settings.
    #expect(try Self.rows("\(one)/selection.csv").count == 1 + 2 * 2 * 13 * 3)
    #expect(try Program.run(arguments + ["--out", two, "--jobs", "2"]).code == 0)
    for name in ["results.csv", "summary.csv", "selection.csv", "plan.yml"] {
      #expect(
        FileManager.default.contentsEqual(atPath: "\(one)/\(name)", andPath: "\(two)/\(name)"),
        "\(name)")
    }
  }

  @Test(arguments: ["grid", "random", "halving"])
  func oneRuleChoosesBySearch(search: String) throws {
    let out = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: out) }
    let result = try Program.run(
      Self.quick + [
        "--methods", "coral", "--select", "entropy", "--search", search, "--budget", "4", "--out",
        out, "--grid", "coral.ridge=0.01,1,100,10000,1e6",
      ])
    #expect(result.code == 0)
    #expect(result.output.contains("coral by entropy"))
    let rows = try Self.rows("\(out)/selection.csv")
    #expect(rows.first?.last == "chosen")
    #expect(rows.dropFirst().count { $0.last == "1" } == 2)
    // Random and halving try --budget settings, the grid all of its five, the default being one.
    #expect(rows.count == 1 + 2 * (search == "grid" ? 5 : 4))
    let again = try Program.run(["compare", "--resume", "--out", out])
    #expect(again.code == 0)
    #expect(again.output == result.output)
  }

  @Test func wrongRequestsAreOneSentence() throws {
    for (arguments, start) in [
      (["--select", "enthropy"], "bench: Unknown selection 'enthropy': did you mean 'entropy'"),
      (["--folds", "1"], "bench: --folds takes a whole number from 2 to 100"),
      (["--grid", "coral=1"], "bench: --grid takes method.parameter=a,b,c"),
      (["--grid", "coral.ridge=much"], "bench: coral.ridge takes"),
      (["--budget", "0"], "bench: --budget takes a whole number from 1"),
    ] {
      let result = try Program.run(
        Self.quick + ["--methods", "coral", "--out", Self.folder()] + arguments)
      #expect(result.code == 2)
      #expect(result.errors.hasPrefix(start), "\(result.errors)")
    }
  }
}
