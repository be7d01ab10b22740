import LinearAlgebra
import Testing

@testable import Methods

@Suite struct ClassAssignmentTests {
  /// The linear programme's solution by SciPy, with none, some and most of the classes empty at
  /// first.
  @Test func agreesWithLinearProgramming() throws {
    let golden = try MappingsGolden.read()
    for expected in golden.assignments {
      let found = ClassAssignment(costs: expected.costs.matrix)
      #expect(abs(found.total - expected.total) < 1e-9 * expected.total)
      #expect(found.classes == expected.classes)
    }
    #expect(golden.assignments.contains { $0.empty == 0 })
    #expect(golden.assignments.contains { $0.empty > 5 })
  }

  /// A path of two steps is cheaper than any of one.
  @Test func passesAlongAPath() {
    // Both samples of class 0 are far from class 2; one is near class 1, whose own is near 2.
    let costs = Matrix<Double>([[0, 0.1, 9], [0, 5, 9], [9, 0, 0.1]])
    let found = ClassAssignment(costs: costs)
    #expect(found.classes == [1, 0, 2])
  }

  /// Fewer samples than classes take the nearest.
  @Test func fewSamplesTakeTheNearest() {
    #expect(ClassAssignment(costs: Matrix([[1, 0, 2]])).classes == [1])
  }
}
