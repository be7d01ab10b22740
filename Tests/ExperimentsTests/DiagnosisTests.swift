import Domains
import Learners
import LinearAlgebra
import Metrics
import Randomness
import Testing

@testable import Experiments

/// A diagnosis with the given values, as a measurement would give it.
func diagnosed(_ name: String, _ values: [String: Double]) throws -> Diagnosis {
  let pair = try #require(PairID(name))
  let measures = DiagnosticRegistry.all.filter { values.keys.contains($0.id) }
  return Diagnosis(
    pair: pair,
    entries: measures.map {
      Diagnosis.Entry(
        measure: $0, value: values[$0.id].map { MeasuredValue(value: $0) }, failure: nil)
    })
}

@Suite struct DiagnosisTests {
  private let key = RandomKey(seed: 0)

  /// Two classes apart in the first of two columns; the whole moved by `shift` in the second.
  private func domain(_ name: String, _ count: Int, shift: Double, key: RandomKey) -> Domain {
    var stream = RandomStream(key)
    let labels = (0..<count).map { $0 % 2 }
    return Domain(
      name: name,
      features: Matrix(
        labels.map { [4 * Double($0) + stream.normal(), shift + stream.normal()] }),
      labels: labels)
  }

  private func pair(_ count: Int, shift: Double) -> DomainPair {
    DomainPair(
      id: PairID(dataset: "d", source: "s", target: "t"),
      source: domain("s", count, shift: 0, key: key.child("s")),
      target: domain("t", count, shift: shift, key: key.child("t")), classes: ["a", "b"],
      checksum: "")
  }

  @Test func everyMeasureHasAValueAndSeesTheShift() throws {
    let near = Diagnosis(pair(80, shift: 0), permutations: 19, key: key)
    let far = Diagnosis(pair(80, shift: 3), permutations: 19, key: key)
    for (one, other) in zip(near.entries, far.entries) {
      let (value, shifted) = (try #require(one.value), try #require(other.value))
      // The covariances are alike, and so are the classes' shares and where the model looks.
      if one.measure.labels == .none, one.measure.id != "coral-distance" {
        #expect(value.value < shifted.value, "\(one.measure.id)")
        if let small = shifted.pValue { #expect(small <= 0.05, "\(one.measure.id)") }
      }
    }
  }

  /// A domain of one sample: what isn't defined is empty, nothing stops.
  @Test func oneSampleGivesFewValues() throws {
    let diagnosis = Diagnosis(pair(1, shift: 0), permutations: 9, key: key)
    #expect(diagnosis.entries.count == DiagnosticRegistry.all.count)
    #expect(diagnosis.entries.allSatisfy { $0.failure == nil })
    let values = diagnosis.entries.filter { $0.value != nil }.map(\.measure.id)
    #expect(values.contains("energy") && values.contains("leep"))
    #expect(!values.contains("mmd") && !values.contains("h-score"))
  }

  @Test func failuresAreKeptWithTheirMeasure() {
    var features = pair(6, shift: 0).source.features
    features[0, 0] = .nan
    let broken = DomainPair(
      id: PairID(dataset: "d", source: "s", target: "t"),
      source: Domain(name: "s", features: features, labels: [0, 1, 0, 1, 0, 1]),
      target: pair(6, shift: 0).target, classes: ["a", "b"], checksum: "")
    let diagnosis = Diagnosis(broken, permutations: 0, key: key)
    let failed = diagnosis.entries.filter { $0.failure == .notFinite }.map(\.measure.id)
    #expect(failed.contains("leep") && failed.contains("proxy-a"))
    #expect(diagnosis.entries.allSatisfy { $0.value?.value.isFinite != false })
  }

  @Test func theSourceModelIsTheLearnerAskedFor() {
    let pair = pair(40, shift: 1)
    let measures = DiagnosticRegistry.all.filter { $0.id == "nce" || $0.id == "mmd" }
    let one = Diagnosis(
      pair, measures: measures, permutations: 0, learner: .oneNearestNeighbour, key: key)
    let other = Diagnosis(pair, measures: measures, permutations: 0, key: key)
    #expect(one.entries[0].value == other.entries[0].value)
    #expect(one.entries[1].value != other.entries[1].value)
  }

  @Test func sourcesAreRankedByTarget() throws {
    let all = [
      try diagnosed("d:a->t", ["mmd": 0.1, "leep": -0.5]),
      try diagnosed("d:a->u", ["mmd": 0.3, "leep": -0.1]),
      try diagnosed("d:b->t", ["mmd": 0.2, "leep": -0.2]),
      try diagnosed("e:b->t", ["mmd": 0.0, "leep": -0.2]),
    ]
    let groups = all.byTarget
    #expect(groups.map { $0.map(\.pair.source) } == [["a", "b"], ["a"], ["b"]])
    let mmd = try #require(DiagnosticRegistry.measure("mmd"))
    let leep = try #require(DiagnosticRegistry.measure("leep"))
    #expect(groups[0].preferred(by: mmd)?.source == "a")
    #expect(groups[0].preferred(by: leep)?.source == "b")
    #expect(groups[1].preferred(by: mmd) == nil)
  }
}
