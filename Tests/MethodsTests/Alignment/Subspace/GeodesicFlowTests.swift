import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct GeodesicFlowTests {
  private func subspace(_ rows: Int, _ columns: Int, _ seed: UInt64) throws -> Matrix<Double> {
    var stream = RandomStream(RandomKey(seed: seed))
    let drawn = Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in stream.normal() })
    return try drawn.singularValues().left
  }

  /// The closed form against ∫ Φ(t) Φ(t)ᵀ dt by Simpson's rule.
  @Test(arguments: [(9, 2), (9, 4), (6, 4), (5, 5)])
  func closedFormIsTheIntegral(shape: (rows: Int, columns: Int)) throws {
    let flow = try GeodesicFlow(
      from: subspace(shape.rows, shape.columns, 1), to: subspace(shape.rows, shape.columns, 2))
    let steps = 400
    var integral = Matrix<Double>(rows: shape.rows, columns: shape.rows)
    for step in 0...steps {
      let weight = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4 : 2
      let point = flow.subspace(at: Double(step) / Double(steps))
      integral = integral + point.outerGram * (weight / Double(3 * steps))
    }
    #expect(relativeDifference(flow.map.outerGram, integral) < 1e-9)
  }

  @Test func endsAreTheSubspaces() throws {
    let (source, target) = try (subspace(8, 3, 3), subspace(8, 3, 4))
    let flow = try GeodesicFlow(from: source, to: target)
    for (t, end) in [(0.0, source), (1.0, target)] {
      #expect(relativeDifference(flow.subspace(at: t).outerGram, end.outerGram) < 1e-12)
      #expect(relativeDifference(flow.subspace(at: 0.3).gram, .identity(3)) < 1e-12)
    }
  }

  /// Between equal subspaces G projects; between orthogonal lines it is known by hand.
  @Test func knownFlows() throws {
    let source = try subspace(7, 3, 5)
    let still = try GeodesicFlow(from: source, to: source)
    #expect(still.angles.allSatisfy { $0 < 1e-7 })
    #expect(relativeDifference(still.map.outerGram, source.outerGram) < 1e-12)
    let quarter = try GeodesicFlow(from: Matrix([[1], [0]]), to: Matrix([[0], [1]]))
    let expected = Matrix([[0.5, 1 / Double.pi], [1 / Double.pi, 0.5]])
    #expect(relativeDifference(quarter.map.outerGram, expected) < 1e-14)
    #expect(abs(quarter.angles[0] - .pi / 2) < 1e-14)
  }

  @Test func noSubspaceIsNoFeature() throws {
    let none = Matrix<Double>(rows: 4, columns: 0)
    let flow = try GeodesicFlow(from: none, to: none)
    #expect(flow.features(of: Matrix(rows: 2, columns: 4, repeating: 1)).columns == 0)
  }
}
