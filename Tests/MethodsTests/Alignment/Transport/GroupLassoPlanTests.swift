import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct GroupLassoPlanTests {
  private func problem(
    _ golden: TransportGolden, epsilon: Double, strength: Double, rounds: Int
  ) -> GroupLassoPlan {
    var cost = golden.source.matrix.centredSquaredDistances(to: golden.target.matrix)
    cost.scale(by: 1 / cost.typicalCost)
    return GroupLassoPlan(
      cost: { cost }, labels: golden.labels, classCount: 3, epsilon: epsilon, strength: strength,
      rounds: rounds, iterations: 100_000, tolerance: 1e-14)
  }

  @Test func concaveRegularizerAgreesWithPOT() throws {
    let golden = try TransportGolden.read()
    for expected in golden.concave {
      let plan = problem(
        golden, epsilon: expected.entropy, strength: expected.strength, rounds: expected.rounds
      ).concavePlan()
      #expect(relativeDifference(plan.matrix, expected.plan.matrix) < 1e-6)
    }
  }

  /// The recorded plans are fixed points of POT's entropic plans under the gradient.
  @Test func convexRegularizerAgreesWithPOT() throws {
    let golden = try TransportGolden.read()
    for expected in golden.convex {
      #expect(expected.residual < 1e-9)
      let plan = problem(
        golden, epsilon: expected.entropy, strength: expected.strength, rounds: 1000
      ).convexPlan()
      #expect(relativeDifference(plan, expected.plan.matrix) < 1e-6)
    }
  }

  /// Under a strong penalty each target sample takes more of its mass from one class.
  @Test(arguments: GroupLassoTransport.Regularizer.allCases)
  func penaltySeparatesTheClasses(_ regularizer: GroupLassoTransport.Regularizer) throws {
    let golden = try TransportGolden.read()
    func purity(_ strength: Double) -> Double {
      let full = problem(golden, epsilon: 0.1, strength: strength, rounds: 20)
      let problem = GroupLassoPlan(
        cost: full.cost, labels: full.labels, classCount: 3, epsilon: 0.1, strength: strength,
        rounds: 20, iterations: 200, tolerance: 1e-9)
      let masses: Matrix<Double>
      switch regularizer {
      case .lpl1: masses = problem.concavePlan().classMasses(golden.labels, classCount: 3)
      case .l1l2:
        let plan = problem.convexPlan()
        var sums = Matrix<Double>(rows: plan.columns, columns: 3)
        for (row, label) in golden.labels.enumerated() {
          for column in 0..<plan.columns { sums[column, label] += plan[row, column] }
        }
        masses = sums
      }
      return (0..<masses.rows).reduce(0) { $0 + (masses.row($1).max() ?? 0) }
    }
    // The plan of the convex penalty moves by small steps.
    #expect(purity(5) > purity(0) + (regularizer == .l1l2 ? 0.03 : 0.1))
  }

  @Test(arguments: GroupLassoTransport.Regularizer.allCases, [1e-4, 1e4])
  func extremeScalesStayFinite(
    _ regularizer: GroupLassoTransport.Regularizer, _ ratio: Double
  ) throws {
    let golden = try TransportGolden.read()
    let problem = problem(golden, epsilon: 1e-4, strength: 1e-4 * ratio, rounds: 3)
    let quick = GroupLassoPlan(
      cost: problem.cost, labels: problem.labels, classCount: 3, epsilon: problem.epsilon,
      strength: problem.strength, rounds: 3, iterations: 50, tolerance: 1e-9)
    let plan = regularizer == .l1l2 ? quick.convexPlan() : quick.concavePlan().matrix
    #expect(plan.isFinite && plan.elements.allSatisfy { $0 >= 0 })
    #expect(plan.rowSums.allSatisfy { abs($0 * Double(plan.rows) - 1) < 1e-9 })
  }
}
