import Foundation
import Metrics
import TestSupport
import Testing

@Suite struct StudentizedRangeTests {
  @Test func agreesWithSciPy() throws {
    let golden = try StatisticsGolden.read()
    for value in golden.ranges {
      #expect(agrees(StudentizedRange.tail(value.range, variables: value.variables), value.tail))
    }
    for value in golden.critical {
      let test = NemenyiTest(methods: value.methods, blocks: value.blocks)
      let difference = test.criticalDifference(level: value.level)
      #expect(agrees(difference, value.difference))
      #expect(agrees(test.pValue(rankDifference: difference), value.level))
    }
  }

  @Test func agreesWithThePublishedTable() throws {
    for (level, values) in try StatisticsGolden.read().published {
      for (place, expected) in values.enumerated() {
        let quantile = StudentizedRange.quantile(
          tail: try #require(Double(level)), variables: place + 2)
        // Half a unit of the last digit, and another where the table cuts instead of rounding.
        #expect(abs(quantile / 2.0.squareRoot() - expected) < 1e-3)
      }
    }
  }

  @Test func ofTwoVariablesIsNormal() {
    // The range of two over √2 is the magnitude of one normal variable.
    for range in [0.01, 1.0, 3, 8] {
      let tail = StudentizedRange.tail(range, variables: 2)
      #expect(abs(tail - erfc(range / 2)) < 1e-12)
    }
    #expect(StudentizedRange.tail(0, variables: 3) == 1)
    #expect(StudentizedRange.tail(60, variables: 3) == 0)
  }
}
