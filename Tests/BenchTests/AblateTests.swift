import Foundation
import TestSupport
import Testing

/// `bench ablate` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct AblateTests {
  private static let quick = [
    "--pairs", "moons:rotated-0->rotated-30", "--repetitions", "2", "--resamples", "50", "--quiet",
  ]

  /// The rows of a CSV file as fields; quoted ones may hold commas.
  private func rows(_ path: String) throws -> [[String]] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    return text.split(separator: "\r\n").map { line in
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
  }

  @Test func everyValueIsComparedWithTheStatedOne() throws {
    try TemporaryFolder.with { out in
      let result = try Program.run(
        ["ablate", "coral", "--vary", "ridge=0.5,1,1e6", "--out", out] + Self.quick)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("Settings of coral against it as stated\nparameter "))
      #expect(result.output.contains("as stated"))
      #expect(result.output.contains("curve"))
      let table = try rows("\(out)/ablation.csv")
      let header = try #require(table.first)
      func column(_ name: String) throws -> Int { try #require(header.firstIndex(of: name)) }
      let (mean, difference) = (try column("mean"), try column("difference"))
      let (value, source) = (try column("value"), try column("source"))
      let stated = try #require(table.dropFirst().first)
      #expect(stated[value].isEmpty && stated[difference].isEmpty)
      for row in table.dropFirst(3) {
        let gain = try #require(Double(row[mean])) - (try #require(Double(stated[mean])))
        #expect(abs(try #require(Double(row[difference])) - gain) < 1e-12)
      }
      // Whitening that is drowned by the ridge moves nothing: another result than the default's.
      #expect(table.contains { $0[value] == "1000000.0" && $0[source] == "rotated-0" })
      let again = try Program.run(["run", "\(out)/plan.yml", "--out", out, "--quiet"])
      #expect(again.output == result.output)
    }
  }

  @Test func withoutValuesThoseDeclaredAreTried() throws {
    try TemporaryFolder.with { out in
      func output(_ varied: String) throws -> String {
        let result = try Program.run(
          ["ablate", "coral", "--vary", varied, "--format", "csv", "--out", "\(out)/\(varied)"]
            + Self.quick)
        #expect(result.code == 0, "\(result.errors)")
        return result.output
      }
      let (declared, given) = try (output("ridge"), output("coral.ridge=0.001,0.01,0.1,1,10"))
      #expect(declared == given)
    }
  }

  @Test func withoutArgumentsAllPartsAreVaried() throws {
    try TemporaryFolder.with { out in
      let result = try Program.run(
        ["ablate", "jda", "--format", "csv", "--out", out] + Self.quick)
      #expect(result.code == 0, "\(result.errors)")
      let described = try Program.run(["describe", "jda"])
      for parameter in ["components", "rounds"] {
        #expect(described.output.contains(parameter))
        #expect(result.output.contains(",jda,\(parameter),"))
      }
      #expect(!result.output.contains(",jda,learner,"))
    }
  }

  @Test func combinationsAreNamedWhole() throws {
    try TemporaryFolder.with { out in
      let result = try Program.run(
        [
          "ablate", "coral", "--vary", "ridge=0.5", "--vary", "coral.learner=1-nn", "--cartesian",
          "--out", out,
        ] + Self.quick)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("\nridge=0.5, learner=1-nn "))
    }
  }

  @Test(arguments: [
    (["ablate", "corall"], "bench: Unknown method 'corall': did you mean 'coral'"),
    (["ablate", "all"], "bench: bench ablate takes the id of one method, not 'all'."),
    (["ablate", "coral", "--vary", "rigde=1"], "bench: Unknown parameter of 'coral': 'rigde'"),
    (["ablate", "coral", "--vary", "rigde"], "bench: Unknown parameter of 'coral': 'rigde'"),
    (["ablate", "coral", "--shots", "1,2"], "bench: An ablation compares settings of one method"),
    (["ablate", "source-only"], "bench: The method 'source-only' has no other setting to try."),
  ])
  func wrongRequestsAreOneSentence(arguments: [String], start: String) throws {
    try TemporaryFolder.with { out in
      let result = try Program.run(arguments + ["--out", out])
      #expect(result.code == 2)
      #expect(result.errors.hasPrefix(start), "\(result.errors)")
    }
  }
}
