import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct ExactTransportTests {
  private func expectMarginals(_ plan: SparsePlan, _ rows: [Double], _ columns: [Double]) {
    var (left, right) = (rows, columns)
    for entry in plan.entries {
      #expect(entry.mass > 0)
      left[entry.row] -= entry.mass
      right[entry.column] -= entry.mass
    }
    #expect((left + right).allSatisfy { abs($0) < 1e-12 })
    #expect(plan.entries.count < rows.count + columns.count)
  }

  private func uniform(_ count: Int) -> [Double] {
    Array(repeating: 1 / Double(count), count: count)
  }

  @Test func costAgreesWithPOT() throws {
    let golden = try TransportGolden.read()
    let cost = golden.source.matrix.centredSquaredDistances(to: golden.target.matrix)
    var transport = ExactTransport(uniform: cost.rows, cost.columns)
    let plan = try transport.plan(cost)
    #expect(abs(plan.cost(cost) / golden.exact.cost - 1) < 1e-12)
    expectMarginals(plan, uniform(cost.rows), uniform(cost.columns))
    let exact = golden.exact
    var weighted = ExactTransport(masses: exact.sourceMasses, exact.targetMasses)
    let other = try weighted.plan(cost)
    #expect(abs(other.cost(cost) / exact.weightedCost - 1) < 1e-9)
    expectMarginals(other, exact.sourceMasses, exact.targetMasses)
  }

  /// Equal masses and few different costs: nearly every pivot would be degenerate.
  @Test func tiesDoNotCycle() throws {
    let golden = try TransportGolden.read().assignment
    var transport = ExactTransport(uniform: golden.cost.rows, golden.cost.columns)
    let plan = try transport.plan(golden.cost.matrix)
    #expect(abs(plan.cost(golden.cost.matrix) - golden.value) < 1e-12)
    #expect(plan.entries.count == golden.cost.rows)
  }

  @Test(arguments: [0.0, 1, -3, 1e-300, 1e200]) func equalCostsAreAPlan(_ value: Double) throws {
    let cost = Matrix(rows: 7, columns: 5, repeating: value)
    var transport = ExactTransport(uniform: 7, 5)
    let plan = try transport.plan(cost)
    expectMarginals(plan, uniform(7), uniform(5))
    #expect(abs(plan.cost(cost) - value) <= 1e-12 * abs(value))
  }

  /// Every vertex of a small problem, by brute force.
  @Test func smallAssignmentsAreTheBestOfAll() throws {
    var stream = RandomStream(RandomKey(seed: 5))
    for _ in 0..<50 {
      let entries = (0..<25).map { _ in stream.normal() }
      let cost = Matrix(rows: 5, columns: 5, elements: entries)
      var best = Double.infinity
      func extend(_ row: Int, _ used: Set<Int>, _ sum: Double) {
        if row == 5 { best = min(best, sum / 5) }
        for column in 0..<5 where row < 5 && !used.contains(column) {
          extend(row + 1, used.union([column]), sum + cost[row, column])
        }
      }
      extend(0, [], 0)
      var transport = ExactTransport(uniform: 5, 5)
      #expect(abs(try transport.plan(cost).cost(cost) - best) < 1e-12)
    }
  }

  @Test func oneRowOrColumnTakesAll() throws {
    let cost = Matrix<Double>([[3, 1, 2]])
    var row = ExactTransport(uniform: 1, 3)
    #expect(abs(try row.plan(cost).cost(cost) - 2) < 1e-15)
    var column = ExactTransport(masses: [1, 2, 1], [8])
    let transposed = cost.transposed
    #expect(abs(try column.plan(transposed).cost(transposed) - 7) < 1e-12)
  }

  /// A second problem starts from the plan of the first and ends where one from scratch does.
  @Test func warmStartsFindTheSameCost() throws {
    let golden = try TransportGolden.read()
    let cost = golden.source.matrix.centredSquaredDistances(to: golden.target.matrix)
    var warm = ExactTransport(uniform: cost.rows, cost.columns)
    _ = try warm.plan(cost)
    _ = try warm.plan(cost)
    #expect(warm.pivots == 0)
    var stream = RandomStream(RandomKey(seed: 9))
    let changed = cost.map { $0 + 0.1 * stream.normal() }
    let found = try warm.plan(changed).cost(changed)
    var cold = ExactTransport(uniform: cost.rows, cost.columns)
    #expect(abs(found / (try cold.plan(changed).cost(changed)) - 1) < 1e-12)
    #expect(warm.pivots < cold.pivots)
  }

  @Test func costsThatAreNoNumbersAreRefused() {
    var transport = ExactTransport(uniform: 2, 2)
    let cost = Matrix<Double>([[1, .nan], [0, 1]])
    #expect(
      throws: MethodError.linearAlgebra(
        .notFinite(routine: "network simplex"), step: "exact transport")
    ) { try transport.step(cost) }
  }
}
