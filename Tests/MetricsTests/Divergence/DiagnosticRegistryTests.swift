import Domains
import Foundation
import LinearAlgebra
import Randomness
import TestSupport
import Testing

@testable import Metrics

@Suite struct DiagnosticRegistryTests {
  @Test func idsAreDistinctAndNotThoseOfMetrics() {
    let ids = DiagnosticRegistry.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { MetricRegistry.metric($0) == nil })
    #expect(DiagnosticRegistry.divergences.allSatisfy { $0.labels != .target })
    #expect(DiagnosticRegistry.transferabilities.allSatisfy { $0.labels == .target })
  }

  @Test(arguments: DiagnosticRegistry.all.map(\.citation)) func citationsExist(_ key: String) throws
  {
    let bibliography = try String(
      contentsOf: Fixtures.root.appending(path: "papers/references.bib"), encoding: .utf8)
    #expect(bibliography.contains("{\(key),"))
  }

  @Test func sameKeySameBits() throws {
    let key = RandomKey(seed: 11)
    let source = UnlabelledSample.normal(30, 3, key: key.child("s"))
    let labels = (0..<30).map { $0 % 2 }
    let labelled = LabelledSample(features: source.features, labels: labels, classCount: 2)
    let target = UnlabelledSample.normal(25, 3, shift: 1, key: key.child("t"))
    let outputs = SourceOutputs(
      outputs: Matrix((0..<25).map { [Double($0) / 25, 1 - Double($0) / 25] }),
      labels: (0..<25).map { $0 % 2 })
    for measure in DiagnosticRegistry.all {
      let values = try (0..<2).map { _ in
        try measure.value(
          source: labelled, target: target, outputs: outputs,
          settings: .init(permutations: 19, key: key))
      }
      #expect(values[0] != nil, "\(measure.id)")
      #expect(values[0] == values[1], "\(measure.id)")
      let without = try measure.value(
        source: labelled, target: target, outputs: nil, settings: .init(permutations: 0, key: key))
      #expect((without == nil) == (measure.labels == .target), "\(measure.id)")
    }
  }
}
