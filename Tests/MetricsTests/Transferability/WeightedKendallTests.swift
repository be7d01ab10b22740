import Testing

@testable import Metrics

@Suite struct WeightedKendallTests {
  @Test func agreesWithSciPy() throws {
    for ranking in try DiagnoseGolden.read().rankings {
      let tau = WeightedKendall.correlation(ranking.left, ranking.right)
      #expect((tau == nil) == (ranking.tau == nil))
      if let tau, let expected = ranking.tau { #expect(abs(tau - expected) < 1e-12) }
    }
  }

  @Test func endsOfTheScale() {
    #expect(WeightedKendall.correlation([1, 2, 3], [10, 20, 30]) == 1)
    #expect(WeightedKendall.correlation([1, 2, 3], [3, 2, 1]) == -1)
    #expect(WeightedKendall.correlation([], []) == nil)
    #expect(WeightedKendall.correlation([1], [1]) == nil)
  }

  /// An exchange at the top costs more than one at the bottom.
  @Test func theTopCountsMore() throws {
    let ranks: [Double] = [5, 4, 3, 2, 1]
    let top = try #require(WeightedKendall.correlation(ranks, [4, 5, 3, 2, 1]))
    let bottom = try #require(WeightedKendall.correlation(ranks, [5, 4, 3, 1, 2]))
    #expect(top < bottom)
  }
}
