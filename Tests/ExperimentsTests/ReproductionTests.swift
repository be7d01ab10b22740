import Domains
import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite struct ReproductionTests {
  private func note(_ settings: String) throws -> Reproduction {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).md")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(
      """
      ---
      reproduce:
        id: some-2020
        protocol: transductive
        decimals: 1
      \(settings)
        experiments:
          - methods:
              A: {id: coral, parameters: {ridge: 2}}
            published:
              - {pair: "moons:a->b", A: 50.0}
      ---

      # Some
      """.utf8
    ).write(to: path)
    return try #require(try Reproduction(note: path))
  }

  private func figure(
    _ pair: String, _ method: String, _ published: Double, _ measured: Double?
  ) -> Reproduction.Figure {
    Reproduction.Figure(
      pair: pair, method: method, published: published, measured: measured, agrees: false)
  }

  @Test func meansAreJudgedWhereTheNoteAsks() throws {
    let figures = [
      figure("p", "A", 40, 42), figure("p", "B", 10, 20), figure("q", "A", 60, 59),
      figure("q", "B", 20, nil),
    ]
    let judged = try note("  meanWithin: 0.5").means(of: figures)
    #expect(judged.map(\.method) == ["A", "B"])
    #expect(judged[0].published == 50 && judged[0].measured == 50.5 && judged[0].agrees == true)
    #expect(judged[1].published == 15 && judged[1].measured == nil && judged[1].agrees == false)
    #expect(try note("  meanWithin: 0.4").means(of: figures)[0].agrees == false)
    #expect(try note("").means(of: figures).allSatisfy { $0.agrees == nil })
  }

  @Test(arguments: ["  meanWithin: 0", "  meanWithin: none"])
  func wrongMeansAreRefused(settings: String) {
    #expect(throws: DomainError.self) { try note(settings) }
  }

  /// Every note's experiment can be read, and has a name of its own.
  @Test func notesOfTheRepositoryAreSound() throws {
    let all = try Reproduction.all(in: Fixtures.root.appending(path: "papers"))
    #expect(all.count >= 7)
    #expect(Set(all.map(\.id)).count == all.count)
    for reproduction in all {
      for experiment in reproduction.experiments {
        try reproduction.plan(experiment).check()
        _ = try reproduction.plan(experiment).plannedMethods()
      }
    }
  }
}
