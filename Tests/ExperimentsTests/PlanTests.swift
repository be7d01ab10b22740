import Methods
import Testing

@testable import Experiments

struct PlanTests {
  let plan = Plan(
    pairs: ["digits:synthetic->scanned"],
    methods: [Plan.MethodSetting(id: "coral", parameters: ["learner": "1-nn"])])

  @Test func yamlRoundTrip() throws {
    #expect(try Plan(yaml: plan.yaml(), path: "p") == plan)
  }

  @Test func referencesShareTheLearner() throws {
    let methods = try plan.plannedMethods()
    #expect(methods.map(\.id) == ["source-only", "target-oracle", "coral"])
    #expect(methods.allSatisfy { $0.parameters.contains(#""learner":"1-nn""#) })
    let coral = try #require(methods.last)
    #expect(try coral.reference() == methods[0])
    #expect(try methods[0].reference() == nil)
  }

  @Test func theTransductiveProtocolHasNoOracle() throws {
    var plan = plan
    plan.protocolName = "transductive"
    #expect(try plan.plannedMethods().map(\.id) == ["source-only", "coral"])
  }

  @Test func clusteringsAreMeasuredAgainstTheirOwnAlgorithm() throws {
    var plan = plan
    plan.methods = [Plan.MethodSetting(id: "transfer-fcm")]
    let methods = try plan.plannedMethods()
    #expect(methods.map(\.id) == ["target-clustering", "transfer-fcm"])
    #expect(methods[0].parameters.contains(#""algorithm":"fuzzy-c-means""#))
  }

  @Test func everyMethodHasAReferenceThatCanBeRun() throws {
    for entry in MethodRegistry.all {
      let method = try PlannedMethod(Plan.MethodSetting(id: entry.card.id))
      guard let id = MethodRegistry.referenceID(of: entry.setting), id != entry.card.id else {
        #expect(try method.reference() == nil)
        continue
      }
      #expect(try method.reference()?.entry.setting == entry.setting)
    }
  }

  @Test func cellsAreNamedByAllThatDeterminesThem() throws {
    let methods = try plan.plannedMethods()
    let cells = plan.cells(methods: methods, checksums: ["digits:synthetic->scanned": "a"])
    #expect(cells.count == 3 * 5)
    #expect(Set(cells.map(\.id)).count == cells.count)
    let others = plan.cells(methods: methods, checksums: ["digits:synthetic->scanned": "b"])
    #expect(Set(cells.map(\.id)).isDisjoint(with: others.map(\.id)))
    #expect(cells[0].splitKey == cells[5].splitKey)
    #expect(cells[0].fitKey != cells[5].fitKey)
    #expect(cells[0].splitKey != cells[1].splitKey)
  }

  @Test func wrongPlansAreRefused() {
    var wrong = plan
    wrong.methods = [Plan.MethodSetting(id: "corral")]
    #expect(throws: PlanError.unknownMethod("corral")) { try wrong.plannedMethods() }
    wrong = plan
    wrong.protocolName = "hold-out"
    #expect(throws: PlanError.unknownProtocol("hold-out")) { try wrong.check() }
    wrong = plan
    wrong.holdout = 1
    #expect(throws: PlanError.self) { try wrong.check() }
    wrong = plan
    wrong.shots = 0
    #expect(throws: PlanError.self) { try wrong.check() }
    wrong = plan
    wrong.pairs += wrong.pairs
    #expect(throws: PlanError.repeatedPair("digits:synthetic->scanned")) { try wrong.check() }
    wrong = plan
    wrong.pairs = []
    #expect(throws: PlanError.nothingToRun("pairs")) { try wrong.check() }
    wrong = plan
    wrong.selection = "enthropy"
    #expect(throws: PlanError.unknownSelection("enthropy")) { try wrong.check() }
  }
}
