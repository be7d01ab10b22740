import LinearAlgebra
import TestSupport
import Testing

@testable import Metrics

@Suite struct AssignmentTests {
  @Test func agreesWithSciPy() throws {
    for golden in try Golden.read().assignments {
      let gains = Matrix(rows: golden.rows, columns: golden.columns, elements: golden.gains)
      let columns = Assignment.maximising(gains)
      let matched = columns.compactMap { $0 }
      #expect(matched.count == min(golden.rows, golden.columns))
      #expect(Set(matched).count == matched.count)
      let sum = columns.enumerated().reduce(0.0) { sum, match in
        sum + (match.element.map { gains[match.offset, $0] } ?? 0)
      }
      #expect(abs(sum - golden.best) < 1e-9)
    }
  }

  @Test func noRowsOrNoColumnsMatchNothing() {
    #expect(Assignment.maximising(Matrix<Double>(rows: 0, columns: 3)).isEmpty)
    #expect(Assignment.maximising(Matrix<Double>(rows: 2, columns: 0)) == [nil, nil])
  }
}
