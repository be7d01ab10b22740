import Methods
import Testing

@testable import Experiments

struct ShotCountsTests {
  @Test func countsAscendAndStandOnce() {
    #expect(ShotCounts([5, 1, 5, 2]).counts == [1, 2, 5])
    #expect(ShotCounts("1, 2,10")?.description == "1,2,10")
    #expect(ShotCounts("5") == 5)
    for text in ["", "1,", "a", "1.5", ",1"] { #expect(ShotCounts(text) == nil, "\(text)") }
  }

  private func plan(_ shots: ShotCounts) -> Plan {
    Plan(
      pairs: ["moons:rotated-0->rotated-10"],
      methods: ["biased-logistic", "coral"].map { Plan.MethodSetting(id: $0) }, shots: shots,
      repetitions: 2)
  }

  @Test func planFilesHoldOneNumberOrSeveral() throws {
    #expect(plan(5).yaml().contains("shots: 5\n"))
    for shots in [ShotCounts([5]), ShotCounts([1, 10])] {
      #expect(try Plan(yaml: plan(shots).yaml(), path: "p") == plan(shots))
    }
    #expect(throws: PlanError.self) {
      try Plan(
        yaml: plan(5).yaml().replacing("shots: 5", with: "shots: few"), path: "p")
    }
    for shots in [ShotCounts([0, 5]), ShotCounts([])] {
      #expect(
        throws: PlanError.outOfRange(
          name: "shots", value: "0", range: "a whole number from 1 to 1000000")
      ) { try plan(shots).check() }
    }
  }

  @Test func inductiveMethodsAreRunAtEachNumberAndOthersOnce() throws {
    let plan = plan(ShotCounts([1, 5]))
    let methods = try plan.plannedMethods()
    #expect(
      methods.map { ResultTable.name($0) } == [
        "source-only", "target-only@1", "target-only@5", "target-oracle", "biased-logistic@1",
        "biased-logistic@5", "coral",
      ])
    let few = try #require(methods.first { $0.id == "biased-logistic" && $0.shots == 1 })
    #expect(try few.reference() == methods[1])
    let cells = plan.cells(methods: methods, checksums: [:])
    #expect(cells.count == 14 && Set(cells.map(\.id)).count == 14)
    #expect(
      cells.filter { $0.repetition == 0 }.map(\.shots) == [0, 1, 5, 0, 1, 5, 0])
  }

  /// A plan of one number names its cells as it always did.
  @Test func theCellsOfOneNumberAreThoseOfASeries() throws {
    func cells(_ shots: ShotCounts) throws -> [Cell] {
      let plan = plan(shots)
      return plan.cells(methods: try plan.plannedMethods(), checksums: [:])
    }
    let several = Set(try cells(ShotCounts([1, 5])).map(\.id))
    #expect(try cells(5).allSatisfy { several.contains($0.id) })
  }
}
