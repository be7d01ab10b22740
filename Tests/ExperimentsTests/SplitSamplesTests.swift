import Domains
import Methods
import Testing

@testable import Experiments

@Suite struct SplitSamplesTests {
  /// Every method gives the same bits after all the others on the same split as it gives alone.
  @Test func sharedWorkChangesNoBit() throws {
    let id = PairID(dataset: "moons", source: "rotated-0", target: "rotated-30")
    let pair = try DataCatalogue(dataRoot: nil).load(id)
    let settings = MethodRegistry.all.map { Plan.MethodSetting(id: $0.card.id) }
    let plan = Plan(pairs: [id.description], methods: settings, repetitions: 1)
    let cells = plan.cells(
      methods: try settings.map { try PlannedMethod($0) },
      checksums: [id.description: pair.checksum])
    var shared: SplitSamples?
    for cell in cells { _ = try? cell.execute(on: pair, samples: &shared) }
    let samples = try #require(shared)
    #expect(samples.savedSeconds > 0)
    var compared = 0
    for cell in cells {
      var fresh: SplitSamples?
      guard let alone = try? cell.execute(on: pair, samples: &fresh) else { continue }
      let among = try cell.execute(on: pair, samples: &shared)
      #expect(among.predictions == alone.predictions, "\(cell.method)")
      compared += 1
    }
    #expect(compared > cells.count / 2)
  }

  @Test func anotherRepetitionHasOtherSamples() throws {
    let id = PairID(dataset: "moons", source: "rotated-0", target: "rotated-30")
    let pair = try DataCatalogue(dataRoot: nil).load(id)
    let setting = Plan.MethodSetting(id: "source-only")
    let cells = Plan(pairs: [id.description], methods: [setting], repetitions: 2).cells(
      methods: [try PlannedMethod(setting)], checksums: [id.description: pair.checksum])
    var samples: SplitSamples?
    _ = try cells[0].execute(on: pair, samples: &samples)
    let first = try #require(samples)
    #expect(first.isOf(cells[0]) && !first.isOf(cells[1]))
    _ = try cells[1].execute(on: pair, samples: &samples)
    #expect(samples?.isOf(cells[1]) == true)
    #expect(samples?.split != first.split)
  }
}
