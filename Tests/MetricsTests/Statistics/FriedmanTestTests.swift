import Metrics
import TestSupport
import Testing

@Suite struct FriedmanTestTests {
  @Test func agreesWithSciPy() throws {
    for golden in try StatisticsGolden.read().friedman {
      let test = FriedmanTest(blocks: golden.blocks)
      #expect(agrees(test.chiSquared, golden.chiSquared))
      #expect(agrees(test.pValue, golden.pValue))
      #expect(agrees(test.fisher, golden.fisher))
      #expect(agrees(test.fisherPValue, golden.fisherPValue))
      for (rank, expected) in zip(test.meanRanks, golden.meanRanks) {
        #expect(agrees(rank, expected))
      }
    }
  }

  @Test func equalScoresTellNothing() {
    let test = FriedmanTest(blocks: [[1, 1, 1], [2, 2, 2]])
    #expect(test.chiSquared == nil && test.pValue == 1)
    #expect(test.fisher == nil && test.fisherPValue == 1)
    #expect(test.meanRanks == [2, 2, 2])
  }

  @Test func blocksThatAllAgree() {
    let test = FriedmanTest(blocks: Array(repeating: [3, 2, 1], count: 4))
    #expect(test.meanRanks == [1, 2, 3] && test.fisher == nil)
    #expect(agrees(test.fisherPValue, 1.0 / 216))
    let lossesRank = FriedmanTest(blocks: [[3, 2, 1], [5, 4, 1]], higherIsBetter: false)
    #expect(lossesRank.meanRanks == [3, 2, 1])
  }

  @Test func oneBlockHasNoF() {
    let test = FriedmanTest(blocks: [[0.1, 0.2]])
    #expect(test.fisher == nil && test.fisherPValue == nil && agrees(test.chiSquared, 1))
    #expect(test.meanRanks == [2, 1])
  }
}
