import Methods
import Randomness
import Testing

@testable import Experiments

@Suite struct SettingSearchTests {
  private func candidates(
    _ setting: Plan.MethodSetting, limit: Int?
  ) throws -> [PlannedMethod] {
    try PlannedMethod(setting).candidates(
      grid: setting.grid ?? [:], fixed: Set(setting.parameters.keys), limit: limit,
      key: RandomKey(seed: 4))
  }

  @Test func theWholeGridIsEveryCombinationOnce() throws {
    let entry = try #require(MethodRegistry.entry("coral"))
    let ridge = try #require(entry.parameters.first { $0.name == "ridge" })
    let found = try candidates(Plan.MethodSetting(id: "coral"), limit: nil)
    #expect(found.count == ridge.grid.count)
    #expect(Set(found).count == found.count)
    #expect(found.first == (try PlannedMethod(Plan.MethodSetting(id: "coral"))))
  }

  @Test func aPlanCanGiveValuesAndFixOthers() throws {
    let setting = Plan.MethodSetting(
      id: "jda", parameters: ["rounds": "3"],
      grid: ["components": ["5", "7"], "learner": ["1-nn", "linear-svm"]])
    let found = try candidates(setting, limit: nil)
    #expect(found.allSatisfy { $0.parameters.contains(#""rounds":3"#) })
    #expect(found.contains { $0.parameters.contains(#""learner":"linear-svm""#) })
    #expect(found.dropFirst().allSatisfy { $0.parameters.contains(#""components":"#) })
    #expect(Set(found).count == found.count)
  }

  /// Landmarks buy time with precision: no reason to choose fewer.
  @Test func whatOnlyBuysPrecisionIsTunedOnRequest() throws {
    let entry = try #require(MethodRegistry.entry("kmm"))
    let landmarks = try #require(entry.parameters.first { $0.name == "landmarks" })
    #expect(!landmarks.isTuned && landmarks.grid.count > 1)
    let own = try candidates(Plan.MethodSetting(id: "kmm"), limit: nil)
    #expect(own.count > 1)
    #expect(own.allSatisfy { $0.parameters.contains(#""landmarks":0"#) })
    let named = Plan.MethodSetting(id: "kmm", grid: ["landmarks": ["0", "100"]])
    let found = try candidates(named, limit: nil)
    #expect(found.contains { $0.parameters.contains(#""landmarks":100"#) })
  }

  @Test func aBudgetDrawsTheSameSettingsEveryTime() throws {
    let setting = Plan.MethodSetting(id: "jda")
    let found = try candidates(setting, limit: 6)
    #expect(found.count == 6)
    #expect(Set(found).count == 6)
    #expect(found == (try candidates(setting, limit: 6)))
    #expect(found.first == (try PlannedMethod(setting)))
  }

  @Test func aMethodWithoutNumbersHasOneSetting() throws {
    #expect(try candidates(Plan.MethodSetting(id: "source-only"), limit: nil).count == 1)
  }

  @Test func wrongValuesAreRefused() throws {
    let setting = Plan.MethodSetting(id: "coral", grid: ["ridge": ["much"]])
    #expect(throws: PlanError.self) { try candidates(setting, limit: nil) }
  }
}
