import Metrics
import TestSupport
import Testing

@Suite struct SignedRankTestTests {
  @Test func agreesWithSciPy() throws {
    for golden in try StatisticsGolden.read().signedRanks {
      let test = SignedRankTest(differences: golden.differences)
      #expect(test.count == golden.count)
      #expect(agrees(test.positiveRanks, golden.positiveRanks))
      #expect(agrees(test.pValue, golden.pValue))
      #expect(test.isExact == (golden.count <= 50))
      #expect(agrees(SignTest(differences: golden.differences).pValue, golden.signPValue))
    }
  }

  @Test func noDifferenceIsNoEvidence() {
    let none: [[Double]] = [[], [0], [0, 0, 0]]
    for differences in none {
      #expect(SignedRankTest(differences: differences).pValue == 1)
      #expect(SignedRankTest(differences: differences).count == 0)
      #expect(SignTest(differences: differences).pValue == 1)
    }
  }

  @Test func oneDifferenceCannotTell() {
    #expect(SignedRankTest(differences: [-3]).pValue == 1)
    #expect(SignTest(differences: [-3]).pValue == 1)
  }

  @Test func allOnOneSideIsTheLeastProbability() {
    // Two of 2⁶ signs are as uneven.
    let test = SignedRankTest(differences: [1, 2, 3, 4, 5, 6])
    #expect(test.pValue == 2.0 / 64 && test.statistic == 0 && test.positiveRanks == 21)
    #expect(SignedRankTest(differences: [2, 2, 2, 2, 2, 2]).pValue == 2.0 / 64)
  }

  @Test func signTurnsNothing() {
    let differences = [0.5, -1, 2, 2, -3, 0, 4.5]
    let test = SignedRankTest(differences: differences)
    let turned = SignedRankTest(differences: differences.map { -$0 })
    #expect(test.pValue == turned.pValue && test.positiveRanks == turned.negativeRanks)
  }
}
