import Randomness
import Testing

@testable import Experiments

struct EvaluationProtocolTests {
  @Test(arguments: [(10, 7), (1, 1), (101, 64)])
  func holdoutPartsAreDisjointAndWhole(counts: (Int, Int)) throws {
    let split = EvaluationProtocol.holdout(0.3).split(
      sourceCount: counts.0, targetCount: counts.1, key: RandomKey(seed: 1))
    #expect((split.sourceFit + split.sourceTest).sorted() == Array(0..<counts.0))
    let test = try #require(split.targetTest)
    #expect((split.targetFit + test).sorted() == Array(0..<counts.1))
    #expect(test.count == Int((Double(counts.1) * 0.3).rounded()))
    #expect(split.targetFit == split.targetFit.sorted())
  }

  @Test func transductiveSeesEverything() {
    let split = EvaluationProtocol.transductive.split(
      sourceCount: 3, targetCount: 4, key: RandomKey(seed: 1))
    #expect(split.sourceFit == [0, 1, 2])
    #expect(split.targetFit == [0, 1, 2, 3])
    #expect(split.targetTest == nil)
    #expect(split.sourceTest.isEmpty)
  }

  @Test func shotsAreOfEachClassAndFromThePartThatMethodsSee() throws {
    let labels = (0..<40).map { $0 % 4 }
    let split = EvaluationProtocol.holdout(0.5).split(
      sourceCount: 4, targetCount: 40, key: RandomKey(seed: 2))
    let shots = try Split.drawShots(
      2, of: split.targetFit, labels: labels, classes: ["a", "b", "c", "d"], key: RandomKey(seed: 3)
    )
    #expect(shots.count == 8)
    #expect(Set(shots).isSubset(of: split.targetFit))
    for label in 0..<4 { #expect(shots.filter { labels[$0] == label }.count == 2) }
  }

  @Test func tooFewShotsNamesTheClass() {
    let split = EvaluationProtocol.transductive.split(
      sourceCount: 1, targetCount: 5, key: RandomKey(seed: 2))
    #expect(throws: CellFailure.tooFewShots(className: "rare", available: 1, asked: 2)) {
      try Split.drawShots(
        2, of: split.targetFit, labels: [0, 0, 0, 0, 1], classes: ["common", "rare"],
        key: RandomKey(seed: 3))
    }
  }
}
