import Foundation
import Learners
import LinearAlgebra
import Testing

@testable import Methods

@Suite struct SinkhornPlanTests {
  @Test func agreesWithPOT() throws {
    let golden = try Golden.read()
    let cost = golden.source.matrix.squaredDistances(to: golden.target.matrix)
    var plan = SinkhornPlan(cost: cost, epsilon: golden.sinkhorn.epsilon)
    plan.solve(iterations: 100_000, tolerance: 1e-14)
    #expect(relativeDifference(plan.matrix, golden.sinkhorn.plan.matrix) < 1e-6)
    let moved = plan.matrix * golden.target.matrix * Double(golden.source.rows)
    #expect(relativeDifference(moved, golden.sinkhorn.moved.matrix) < 1e-6)
  }

  /// exp(−C/ε) is zero nearly everywhere: the plan must stay a plan.
  @Test(arguments: [1e-2, 1e-3, 1e-4, 1e-5]) func tinyEntropyStaysFinite(_ share: Double) throws {
    let golden = try Golden.read()
    let cost = golden.source.matrix.squaredDistances(to: golden.target.matrix)
    var plan = SinkhornPlan(cost: cost, epsilon: golden.sinkhorn.epsilon * 10 * share)
    plan.solve(iterations: 1000, tolerance: 1e-9)
    let matrix = plan.matrix
    #expect(matrix.isFinite && matrix.elements.allSatisfy { $0 >= 0 })
    #expect(matrix.rowSums.allSatisfy { abs($0 * Double(matrix.rows) - 1) < 1e-9 })
    #expect(plan.marginalError < 2)
  }

  /// As ε vanishes, the cost of the plan falls to that of the best assignment.
  @Test func smallEntropyFindsTheAssignment() {
    let left = Matrix<Double>([[0], [1], [2], [3]])
    let right = Matrix<Double>([[3.1], [1.1], [0.1], [2.1]])
    var plan = SinkhornPlan(cost: left.squaredDistances(to: right), epsilon: 1e-3)
    plan.solve(iterations: 10_000, tolerance: 1e-12)
    for (row, column) in [2, 1, 3, 0].enumerated() {
      #expect(abs(plan.matrix[row, column] - 0.25) < 1e-9)
    }
  }

  /// Factors that leave the safe range are absorbed without a change of the plan.
  @Test func distantTargetsNeedNoSpecialCare() {
    let left = Matrix<Double>([[0], [1]])
    let right = Matrix<Double>([[1e4], [1e4 + 1], [1e4 + 2]])
    var plan = SinkhornPlan(cost: left.squaredDistances(to: right), epsilon: 1)
    plan.solve(iterations: 100_000, tolerance: 1e-9)
    #expect(plan.marginalError < 1e-6)
  }
}
