import Domains
import Foundation
import Metrics
import Testing

@testable import Experiments

@Suite struct ForecastTests {
  private static let header =
    "dataset,source,target,method,family,setting,metric,group,n,mean,sd,ci_low,ci_high,reference,"
    + "gain,gain_ci_low,gain_ci_high,p_value,verdict,parameters"

  /// The gains in a file of these lines: pair, method, score, gain, parameters.
  private func gains(
    _ rows: [(String, String, String, String, String)], header: String = header
  ) throws -> RecordedGains {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines = try rows.flatMap { name, method, score, gain, parameters in
      let pair = try #require(PairID(name))
      let start = "\(pair.dataset),\(pair.source),\(pair.target),\(method),alignment,transductive"
      return [
        "\(start),accuracy,,1,\(score),,,,source-only,\(gain),,,,,\(parameters)",
        "\(start),macro-f1,,1,0,,,,source-only,9,,,,,\(parameters)",
      ]
    }
    try (([header] + lines).joined(separator: "\r\n") + "\r\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return try RecordedGains(contentsOf: path)
  }

  private let names = ["d:a->t", "d:b->t", "d:c->t"]

  private func diagnoses() throws -> [Diagnosis] {
    try zip(names, [0.1, 0.2, 0.3]).map { try diagnosed($0, ["mmd": $1, "leep": -$1]) }
      + [try diagnosed("d:x->y", ["mmd": 0.5, "leep": -0.5])]
  }

  @Test func aMeasureThatForetoldAllHasTauOneAndNoRegret() throws {
    let recorded = try gains([
      (names[0], "coral", "0.9", "0.3", "{}"), (names[1], "coral", "0.8", "0.2", "{}"),
      (names[2], "coral", "0.7", "0.1", "{}"), ("e:f->g", "coral", "0.1", "0.1", "{}"),
    ])
    let forecast = try #require(Forecast(try diagnoses(), recorded))
    #expect(forecast.methods == ["coral"])
    #expect(forecast.lines.count == 2 * 2 * 2)
    for line in forecast.lines {
      #expect(line.tau == 1)
      #expect(line.regret == 0)
      #expect(line.pairs == 3)
    }
    let chance = try #require(forecast.chance.first { $0.outcome == .score })
    #expect(abs(chance.regret - 0.1) < 1e-12)
  }

  @Test func aMeasureThatForetoldTheContraryLosesTheDifference() throws {
    let recorded = try gains([
      (names[0], "coral", "0.7", "-0.1", "{}"), (names[1], "coral", "0.8", "0.0", "{}"),
      (names[2], "coral", "0.9", "0.1", "{}"), (names[0], "source-only", "0.8", "", "{}"),
      (names[1], "source-only", "0.8", "", "{}"), (names[2], "source-only", "0.8", "", "{}"),
    ])
    let forecast = try #require(Forecast(try diagnoses(), recorded))
    func line(_ method: String?, _ outcome: Forecast.Outcome) -> Forecast.Line? {
      forecast.lines.first {
        $0.measure.id == "mmd" && $0.method == method && $0.outcome == outcome
      }
    }
    #expect(line("coral", .gain)?.tau == -1)
    #expect(abs(try #require(line("coral", .score)?.regret) - 0.2) < 1e-12)
    // A reference has no gain, and one score for all pairs has no order.
    #expect(line("source-only", .gain) == nil)
    #expect(line("source-only", .score)?.tau == nil)
    #expect(line(nil, .score)?.tau == line("coral", .score)?.tau)
  }

  @Test func settingsOfOneMethodAreToldApart() throws {
    let recorded = try gains([
      (names[0], "coral", "0.7", "0", "\"{\"\"ridge\"\":\"\"1\"\"}\""),
      (names[0], "coral", "0.8", "0", "\"{\"\"ridge\"\":\"\"2\"\"}\""),
    ])
    #expect(recorded.methods == ["coral{\"ridge\":\"1\"}", "coral{\"ridge\":\"2\"}"])
  }

  @Test func pairsThatWereNotRunGiveNoForecast() throws {
    let recorded = try gains([("e:f->g", "coral", "0.1", "0.1", "{}")])
    #expect(Forecast(try diagnoses(), recorded) == nil)
  }

  @Test func filesThatAreNoSummariesAreRefused() throws {
    #expect(throws: DomainError.self) { try gains([], header: "a,b") }
    #expect(throws: DomainError.self) { try gains([(names[0], "coral", "x", "0", "{}")]) }
    #expect(throws: DomainError.missing(path: "absent.csv")) {
      try RecordedGains(contentsOf: "absent.csv")
    }
  }
}
