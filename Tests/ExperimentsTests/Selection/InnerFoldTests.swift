import Randomness
import Testing

@testable import Experiments

@Suite struct InnerFoldTests {
  private let labels = (0..<60).map { $0 % 10 == 0 ? 1 : 0 }

  private func folds(_ evaluation: EvaluationProtocol, count: Int) -> (whole: Split, [Split]) {
    let whole = evaluation.split(sourceCount: 60, targetCount: 41, key: RandomKey(seed: 1))
    return (
      whole,
      (0..<count).map {
        whole.inner(
          InnerFold(index: $0, count: count, isReversed: false), sourceLabels: labels,
          key: RandomKey(seed: 2))
      }
    )
  }

  /// What is tested on outside is neither fitted to nor judged by inside.
  @Test func foldsDivideWhatMethodsSee() {
    let (whole, inner) = folds(.holdout(0.5), count: 3)
    for fold in inner {
      #expect(Set(fold.sourceFit).isDisjoint(with: fold.sourceTest))
      #expect((fold.sourceFit + fold.sourceTest).sorted() == whole.sourceFit)
      let tested = fold.targetTest ?? []
      #expect(Set(fold.targetFit).isDisjoint(with: tested))
      #expect((fold.targetFit + tested).sorted() == whole.targetFit)
    }
    #expect(inner.flatMap(\.sourceTest).sorted() == whole.sourceFit)
    #expect(inner.flatMap { $0.targetTest ?? [] }.sorted() == whole.targetFit)
  }

  @Test func sourceFoldsHoldEveryClassAlike() {
    let (whole, inner) = folds(.holdout(0.2), count: 4)
    let rare = whole.sourceFit.count { labels[$0] == 1 }
    for fold in inner {
      let held = fold.sourceTest.count { labels[$0] == 1 }
      #expect(held >= rare / 4 && held <= rare / 4 + 1)
    }
  }

  /// Where the test is on the samples that methods see, so is the judgement.
  @Test func theTransductiveProtocolKeepsTheTargetWhole() {
    let (whole, inner) = folds(.transductive, count: 3)
    for fold in inner {
      #expect(fold.targetFit == whole.targetFit)
      #expect(fold.targetTest == nil)
      #expect(fold.sourceFit.count == 40)
    }
  }
}
