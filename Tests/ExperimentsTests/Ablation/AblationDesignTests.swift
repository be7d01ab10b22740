import Methods
import Testing

@testable import Experiments

struct AblationDesignTests {
  private let stated = Plan.MethodSetting(id: "coral", parameters: ["learner": "1-nn"])

  @Test func declaredValuesOfAllButTheLearnerAreTriedOneAtATime() throws {
    let settings = try AblationDesign(stated).settings()
    #expect(settings[0] == stated)
    let entry = try #require(MethodRegistry.entry("coral"))
    let others = entry.parameters.filter { $0.name != "learner" }.map { parameter in
      parameter.grid.count { $0 != parameter.initial }
    }.reduce(0, +)
    #expect(settings.count == 1 + others)
    for setting in settings.dropFirst() {
      #expect(setting.parameters["learner"] == "1-nn")
      #expect(setting.parameters.count == 2)
    }
  }

  @Test func combinationsAreAll() throws {
    let varied = ["ridge": ["0.5", "2"], "learner": ["1-nn", "nearest-mean"]]
    let single = try AblationDesign(stated, varied: varied).settings()
    #expect(single.count == 1 + 2 + 1)
    let all = try AblationDesign(stated, varied: varied, kind: .cartesian).settings()
    // Three ridges with the default among them, two learners.
    #expect(all.count == 3 * 2)
  }

  @Test func whatCannotBeVariedIsRefused() throws {
    #expect(throws: PlanError.unknownMethod("corral")) {
      try AblationDesign(Plan.MethodSetting(id: "corral"))
    }
    #expect(throws: PlanError.nothingToVary("coral")) {
      try AblationDesign(stated, varied: ["learner": ["1-nn"]]).settings()
    }
    #expect(throws: PlanError.self) {
      let many = (1...200).map { "\($0)" }
      let learners = ["1-nn", "nearest-mean"]
      _ = try AblationDesign(
        Plan.MethodSetting(id: "jda"),
        varied: ["components": many, "rounds": many, "learner": learners], kind: .cartesian
      ).settings()
    }
  }

  @Test func anAblationIsOfOneMethod() throws {
    var plan = Plan(
      pairs: ["moons"], methods: try AblationDesign(stated).settings(), ablation: .oneAtATime)
    try plan.check()
    #expect(try Plan(yaml: plan.yaml(), path: "p") == plan)
    plan.shots = ShotCounts([1, 2])
    #expect(throws: PlanError.mixedAblation) { try plan.check() }
    plan.shots = 5
    plan.methods.append(Plan.MethodSetting(id: "tca"))
    #expect(throws: PlanError.mixedAblation) { try plan.check() }
  }
}
