import Domains
import Metrics
import Testing

@testable import Experiments

struct MethodCurveTests {
  private static let pair = PairID(dataset: "d", source: "s", target: "t")

  private func headline(_ score: Double, _ reference: String? = nil) -> Headline {
    Headline(
      pair: Self.pair, score: .accuracy, result: PairedResult(values: [score]), drift: nil,
      reference: reference, gains: [], scores: [score])
  }

  private func methods() throws -> [PlannedMethod] {
    let plan = Plan(
      pairs: [Self.pair.description], methods: [Plan.MethodSetting(id: "biased-logistic")],
      shots: ShotCounts([1, 2, 5]))
    return try plan.plannedMethods()
  }

  /// Scores by the method's name with its shots; none of a method that isn't named.
  private func curves(_ scores: [String: Double]) throws -> [MethodCurve] {
    let methods = try methods()
    return MethodCurve.all(
      methods: methods,
      headlines: methods.map { scores[ResultTable.name($0)].map { [headline($0)] } ?? [] })
  }

  private let reference = ["target-only@1": 0.3, "target-only@2": 0.5, "target-only@5": 0.7]

  @Test func aMethodsCurveIsSetAgainstItsReferencesOnTheSameShots() throws {
    let curves = try curves(
      reference.merging([
        "biased-logistic@1": 0.5, "biased-logistic@2": 0.7, "biased-logistic@5": 0.8,
        "source-only": 0.4,
      ]) { $1 })
    #expect(curves.map(\.method.id) == ["target-only", "biased-logistic"])
    #expect(curves[0].transfer == nil && curves[0].reference == nil)
    let curve = curves[1]
    #expect(curve.points.map(\.shots) == [1, 2, 5])
    #expect(curve.points.map(\.referenceScore) == [0.3, 0.5, 0.7])
    #expect(curve.reference == "target-only")
    #expect(curve.method.shots == nil)
    let figures = Dictionary(uniqueKeysWithValues: curve.figures)
    let expected = [
      "jump-start": 0.2, "asymptotic-gain": 0.1, "learning-curve-area-gain": 0.65 / 4,
      "label-efficiency-ratio": 2.5,
    ]
    #expect(figures.count == 4)
    for (id, value) in expected {
      let found = try #require(figures[id]) ?? .nan
      #expect(abs(found - value) < 1e-12, "\(id)")
    }
  }

  @Test func missingPointsLeaveTheCurveOfTheRest() throws {
    let curves = try curves(
      ["target-only@1": 0.3, "target-only@5": 0.7].merging([
        "biased-logistic@1": 0.5, "biased-logistic@2": 0.7, "biased-logistic@5": 0.8,
      ]) { $1 })
    let curve = try #require(curves.last)
    #expect(curve.points.count == 3)
    let transfer = try #require(curve.transfer)
    #expect(abs(transfer.areaGain - 0.15) < 1e-12)
    // One point is no curve.
    #expect(try self.curves(["target-only@1": 0.3]).isEmpty)
  }
}
