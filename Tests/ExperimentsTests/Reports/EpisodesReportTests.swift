import Domains
import Methods
import Testing

@testable import Experiments

@Suite struct EpisodesReportTests {
  private func report() throws -> EpisodesReport {
    let methods = try [
      Plan.MethodSetting(id: "simpleshot"),
      Plan.MethodSetting(id: "target-only", parameters: ["learner": "1-nn"]),
    ].map { try PlannedMethod($0) }
    func results(_ method: Int, _ accuracies: [Result<[Double], MethodError>]) -> [EpisodicResult] {
      zip([1, 5], accuracies).map { shots, accuracies in
        EpisodicResult(
          pair: PairID(dataset: "d", source: "s", target: "t"), method: methods[method],
          shape: EpisodeShape(ways: 5, shots: shots, queries: 15), accuracies: accuracies)
      }
    }
    return EpisodesReport(
      results(0, [.success([0.25, 0.75]), .success([0.75, 0.75])])
        + results(1, [.success([0.5, 1]), .failure(.notApplicable(reason: "none"))]), seed: 7)
  }

  /// Student's quantile of one degree of freedom is 12.7062, and the deviation 0.25 √2: the interval
  /// reaches as far as 0.25 times the quantile.
  @Test func tableHasAColumnForEachNumberOfShots() throws {
    #expect(
      try report().text(.table) == """
        d:s->t, 5-way, 15 queries of each class, 2 episodes: accuracy in % with its interval at 95 %
        method                        1-shot        5-shot
        ──────────────────────────────────────────────────
        simpleshot            50.00 ± 317.66  75.00 ± 0.00
        target-only learner=1-nn  75.00 ± 317.66

        """)
    #expect(try report().text(.markdown).contains("| **75.00 ± 317.66** |"))
  }

  @Test func csvHasARowForEachPairMethodAndNumberOfShots() throws {
    let lines = try report().csv.split(separator: "\r\n").map(String.init)
    #expect(
      lines[0]
        == "dataset,source,target,method,family,parameters,ways,shots,queries,episodes,seed,accuracy,sd,ci_low,ci_high"
    )
    #expect(lines.count == 5)
    #expect(lines[2].hasPrefix("d,s,t,simpleshot,few-shot,"))
    #expect(lines[2].hasSuffix(",5,5,15,2,7,0.75,0,0.75,0.75"))
    #expect(
      lines[4]
        == "d,s,t,target-only,reference,\"{\"\"learner\"\":\"\"1-nn\"\"}\",5,5,15,0,7,,,,")
    #expect(try report().text(.json).contains("\"accuracy\" : 0.75"))
  }
}
