import Domains
import Metrics
import Testing

@testable import Experiments

struct RankingTests {
  private let plan = Plan(
    pairs: (0..<6).map { "d:s->t\($0)" },
    methods: ["coral", "tca"].map { Plan.MethodSetting(id: $0) }, repetitions: 2)

  private func headline(_ pair: Int, _ scores: [Double]) -> Headline {
    Headline(
      pair: PairID(dataset: "d", source: "s", target: "t\(pair)"), score: .accuracy,
      result: PairedResult(values: scores), drift: nil, reference: nil, gains: [], scores: scores)
  }

  /// Rankings where the reference scores ½ on every pair and the methods so much more; nil for a
  /// pair that a method did not complete.
  private func rankings(_ gains: [String: [Double?]]) throws -> [Ranking] {
    let methods = try plan.plannedMethods()
    return Ranking.all(
      methods: methods,
      headlines: methods.map { method in
        let gains = method.id == "source-only" ? Array(repeating: 0.0, count: 6) : gains[method.id]
        return (gains ?? []).enumerated().compactMap { pair, gain in
          gain.map { headline(pair, [0.5 + $0, 0.5 + $0]) }
        }
      }, plan: plan)
  }

  @Test func methodsAreRankedAndHeldAgainstTheirReference() throws {
    let rankings = try rankings([
      "coral": [0.1, 0.2, 0.3, 0.15, 0.25, 0.05], "tca": [-0.1, 0, -0.2, 0.01, -0.3, -0.15],
    ])
    let ranking = try #require(rankings.first)
    #expect(rankings.count == 1 && ranking.pairCount == 6 && ranking.reference == "source-only")
    let lines = Dictionary(uniqueKeysWithValues: ranking.lines.map { ($0.method.id, $0) })
    let coral = try #require(lines["coral"])
    #expect(coral.meanRank == 1 && abs(coral.score - 0.675) < 1e-12)
    // Ranks 3, 2.5, 3, 2, 3, 3.
    #expect(abs(try #require(lines["tca"]).meanRank - 16.5 / 6) < 1e-12)
    let comparison = try #require(coral.comparison)
    #expect(comparison.signs.positive == 6 && comparison.signedRanks.pValue == 2.0 / 64)
    // Holm: the smallest of two tests, doubled.
    #expect(comparison.adjustedPValue == 4.0 / 64)
    #expect(comparison.improvement?.value == 1 && comparison.delta == 1)
    #expect(lines["source-only"]?.comparison == nil)
    // q(0.05; 3) / √2 = 2.343 of Demšar's table, times √(3 · 4 / 36).
    #expect(abs(ranking.criticalDifference - 2.3437 / 3.0.squareRoot()) < 1e-3)
    #expect(ranking.rows.count == 3)
    #expect(ranking.rows.allSatisfy { $0.count == Ranking.columns.count })
    #expect(ranking.text.contains("best mean ranks coral 1.0"))
    #expect(ranking.text.contains("Better than source-only: none; worse: none."))
  }

  @Test func aMethodThatMissesAPairIsLeftOut() throws {
    let rankings = try rankings([
      "coral": [0.1, 0.2, nil, 0.15, 0.25, 0.05], "tca": [0.1, 0, 0.2, 0.01, 0.3, 0.15],
    ])
    let ranking = try #require(rankings.first)
    #expect(ranking.lines.map(\.method.id).sorted() == ["source-only", "tca"])
  }

  @Test func oneMethodIsNotRanked() throws {
    #expect(try rankings([:]).isEmpty)
  }
}
