import Learners
import LinearAlgebra
import Testing

@Suite struct NeighbourGraphTests {
  /// Points 0, 1, 3, 7 on a line: the nearest of each is 1, 0, 1, 2.
  let line = Matrix<Double>([[0], [1], [3], [7]])

  private func dense(_ graph: NeighbourGraph) -> Matrix<Double> {
    graph.multiplied(by: .identity(graph.count))
  }

  @Test func joinsEachToItsNearest() {
    let graph = NeighbourGraph(line, neighbourCount: 1) { 1 / $0 }
    #expect(
      dense(graph)
        == Matrix([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0.25, 0, 0], [0, 0, 0.0625, 0]]))
    #expect(
      dense(graph.symmetrized)
        == Matrix([[0, 1, 0, 0], [1, 0, 0.25, 0], [0, 0.25, 0, 0.0625], [0, 0, 0.0625, 0]]))
    #expect(graph.symmetrized.degrees == [1, 1.25, 0.3125, 0.0625])
  }

  @Test func largerOfTwoWeightsStays() {
    let graph = NeighbourGraph(rows: [
      [.init(target: 1, weight: 2)], [.init(target: 0, weight: 4)], [],
    ])
    #expect(dense(graph.symmetrized) == Matrix([[0, 4, 0], [4, 0, 0], [0, 0, 0]]))
    #expect(dense(graph.symmetrized.normalized) == Matrix([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
  }

  @Test func normalizedHasTheRootsOfTheDegreesAsEigenvector() {
    let drawn = Drawn.clouds(60, features: 4, classes: 3)
    let graph = NeighbourGraph(drawn.features, neighbourCount: 6, loops: true).symmetrized
    let roots = Matrix(rows: 60, columns: 1, elements: graph.degrees.map { $0.squareRoot() })
    let image = graph.normalized.multiplied(by: roots)
    #expect((image - roots).elements.allSatisfy { abs($0) < 1e-12 })
    let whole = dense(graph)
    #expect(whole == whole.transposed)
    #expect((0..<60).allSatisfy { graph.edges(of: $0).count >= 7 && whole[$0, $0] == 1 })
  }

  /// Equal points hide a sample from its own nearest; it never joins itself unasked.
  @Test func duplicatesAndFewSamples() {
    let equal = NeighbourGraph(Matrix(rows: 5, columns: 2, repeating: 1), neighbourCount: 2)
    #expect((0..<5).allSatisfy { equal.edges(of: $0).count == 2 })
    #expect((0..<5).allSatisfy { row in equal.edges(of: row).allSatisfy { $0.target != row } })
    #expect(NeighbourGraph(line, neighbourCount: 9).edges.count == 12)
    #expect(NeighbourGraph(Matrix([[1]]), neighbourCount: 3).edges.isEmpty)
    #expect(NeighbourGraph(Matrix(rows: 0, columns: 2), neighbourCount: 3).count == 0)
  }
}
