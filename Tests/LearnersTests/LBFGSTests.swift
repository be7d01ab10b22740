import Foundation
import Learners
import Testing

struct LBFGSTests {
  @Test func reachesTheMinimumOfRosenbrocksFunction() {
    var solver = LBFGS()
    solver.gradientTolerance = 1e-10
    let start = (0..<20).map { $0 % 2 == 0 ? -1.2 : 1 }
    let minimum = solver.minimum(from: start) { point, gradient in
      var value = 0.0
      for index in stride(from: 0, to: 20, by: 2) {
        let (x, y) = (point[index], point[index + 1])
        value += 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
        gradient[index] = -400 * x * (y - x * x) - 2 * (1 - x)
        gradient[index + 1] = 200 * (y - x * x)
      }
      return value
    }
    #expect(minimum.ending == .converged)
    #expect(minimum.point.allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(minimum.evaluations < 100)
  }

  /// Values that hide the slope by their rounding: the slopes alone must lead on.
  @Test func convergesBelowTheRoundingOfTheValue() {
    var solver = LBFGS()
    solver.gradientTolerance = 1e-11
    let minimum = solver.minimum(from: [3, -2, 5]) { point, gradient in
      for index in point.indices { gradient[index] = Double(index + 1) * point[index] }
      return 1e3 + zip(point, gradient).reduce(0) { $0 + 0.5 * $1.0 * $1.1 }
    }
    #expect(minimum.ending == .converged)
    #expect(minimum.gradientNorm <= 1e-11)
  }

  @Test func stepsBackFromWhereTheFunctionIsNotANumber() {
    // x − log x, whose minimum is at 1; the first step leads far below 0.
    let minimum = LBFGS().minimum(from: [0.001]) { point, gradient in
      gradient[0] = 1 - 1 / point[0]
      return point[0] > 0 ? point[0] - log(point[0]) : .nan
    }
    #expect(minimum.ending == .converged)
    #expect(abs(minimum.point[0] - 1) < 1e-6)
  }

  @Test func saysHowItEnded() {
    var solver = LBFGS()
    solver.maximumIterations = 3
    let unbounded = solver.minimum(from: [0, 1]) { point, gradient in
      gradient = [-1, 2 * point[1]]
      return -point[0] + point[1] * point[1]
    }
    #expect(unbounded.ending != .converged)
    #expect(unbounded.iterations <= 3)
    let kink = LBFGS().minimum(from: [0]) { point, gradient in
      gradient[0] = point[0] < 0 ? -1 : 1
      return abs(point[0])
    }
    #expect(kink.ending == .stalled)
    let nothing = LBFGS().minimum(from: []) { _, _ in 7 }
    #expect(nothing.ending == .converged)
    #expect(nothing.value == 7)
  }
}
