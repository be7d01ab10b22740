import Domains
import LinearAlgebra
import Randomness
import Testing

@Suite struct ShiftsTests {
  private func draw(_ kind: Shifts.Kind, isTarget: Bool) -> Domain {
    Shifts.domain(kind, isTarget: isTarget, count: 20_000, key: RandomKey(seed: 6))
  }

  private func meanOfClass(_ label: Int, _ domain: Domain) -> [Double] {
    let rows = domain.labels.indices.filter { domain.labels[$0] == label }
    return (0..<2).map { column in
      rows.reduce(0) { $0 + domain.features[$1, column] } / Double(rows.count)
    }
  }

  private func share(_ domain: Domain) -> Double {
    Double(domain.labels.count { $0 == 1 }) / Double(domain.count)
  }

  @Test func labelShiftMovesThePriorAlone() {
    let (source, target) = (draw(.label, isTarget: false), draw(.label, isTarget: true))
    #expect(share(source) == 0.5)
    #expect(abs(share(target) - 0.85) < 0.015)
    for label in 0..<2 {
      let sign = label == 1 ? 1.0 : -1.0
      for domain in [source, target] {
        let mean = meanOfClass(label, domain)
        #expect(abs(mean[0] - sign) < 0.08)
        #expect(abs(mean[1] - sign * 0.5) < 0.09)
      }
    }
  }

  @Test func covariateShiftMovesTheFeatures() {
    let (source, target) = (draw(.covariate, isTarget: false), draw(.covariate, isTarget: true))
    #expect(abs(source.features.column(0).reduce(0, +) / 20_000 + 0.8) < 0.05)
    #expect(abs(target.features.column(0).reduce(0, +) / 20_000 - 1.2) < 0.05)
  }

  @Test func conditionalShiftKeepsThePrior() {
    let (source, target) = (draw(.conditional, isTarget: false), draw(.conditional, isTarget: true))
    #expect(share(source) == share(target))
    // (1, 0.5), its first axis doubled, turned by 40° and moved.
    let mean = meanOfClass(1, target)
    #expect(abs(mean[0] - (2 * 0.766044 - 0.5 * 0.642788 + 0.8)) < 0.08)
    #expect(abs(mean[1] - (2 * 0.642788 + 0.5 * 0.766044 - 0.6)) < 0.08)
  }

  @Test func subspaceShiftTurnsTheSecondColumnRound() {
    let (source, target) = (draw(.subspace, isTarget: false), draw(.subspace, isTarget: true))
    #expect(abs(meanOfClass(1, source)[1] - 0.6) < 0.04)
    #expect(abs(meanOfClass(1, target)[1] + 0.6) < 0.04)
    #expect(abs(meanOfClass(1, source)[0] - meanOfClass(1, target)[0]) < 0.05)
  }

  /// With one key the two domains of `null` are one draw.
  @Test func nothingShiftsUnderNull() {
    let (source, target) = (draw(.null, isTarget: false), draw(.null, isTarget: true))
    #expect(source.features == target.features)
    #expect(source.labels == target.labels)
  }
}
