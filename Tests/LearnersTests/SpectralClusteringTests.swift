import Foundation
import Learners
import LinearAlgebra
import Randomness
import Testing

@Suite struct SpectralClusteringTests {
  /// Two rings, one in the other: no k-means of the samples tells them apart.
  static func rings(_ seed: UInt64) -> Matrix<Double> {
    var stream = RandomStream(RandomKey(seed: seed).child("rings"))
    return Matrix(
      (0..<160).map { index in
        let angle = 2 * Double.pi * stream.uniform()
        let radius = (index % 2 == 0 ? 1 : 4) + 0.1 * stream.normal()
        return [radius * cos(angle), radius * sin(angle)]
      })
  }

  @Test func tellsRingsApart() throws {
    var algorithm = SpectralClustering(clusters: 2)
    algorithm.neighbours = 8
    let model = try algorithm.fit(Self.rings(0), key: key)
    for samples in [Self.rings(0), Self.rings(1)] {
      let clusters = model.clusters(of: samples)
      #expect(clusters.indices.allSatisfy { clusters[$0] == clusters[$0 % 2] })
      #expect(clusters[0] != clusters[1])
    }
  }

  /// A product with the graph is one with its matrix, whose leading eigenvector has value 1.
  @Test func graphIsNormalized() throws {
    let drawn = Drawn.clouds(70, features: 3, classes: 2)
    let graph = SpectralGraph(points: drawn.features, neighbours: 6)
    let matrix = graph.matrix
    #expect(matrix == matrix.transposed)
    #expect(
      largestDifference(graph.multiplied(by: drawn.features), matrix * drawn.features) < 1e-12)
    let vectors = try graph.eigenvectors(3)
    let image = graph.multiplied(by: vectors)
    #expect(largestDifference(image.column(0), vectors.column(0)) < 1e-9)
  }

  /// Above a thousand samples the eigenvectors come from products; they span what the matrix's do.
  @Test(arguments: [1, 3]) func largeGraphHasTheMatrixsEigenvectors(components: Int) throws {
    var stream = RandomStream(RandomKey(seed: 5))
    // Chains of clouds, one or three that no edge joins; 1 is an eigenvalue of each.
    let points = Matrix(
      rows: 1050, columns: 3,
      elements: (0..<3150).map { index in
        let sample = index / 3
        let centre = Double(sample % components) * 1000 + Double(sample / 3 % 5) * 2
        return (index % 3 == 0 ? centre : 0) + stream.normal()
      })
    let graph = SpectralGraph(points: points, neighbours: 12)
    let found = try graph.eigenvectors(3)
    let expected = try graph.matrix.symmetricEigen(.largest(3)).vectors
    #expect(largestDifference(found.gram, .identity(3)) < 1e-12)
    let onto = expected * expected.multiplied(by: found, transposingSelf: true)
    #expect(largestDifference(onto, found) < 1e-9)
  }

  /// Where samples stand more than once, no sample is its own neighbour.
  @Test func graphOfEqualSamplesHasNoLoops() {
    let graph = SpectralGraph(
      points: Matrix(rows: 5, columns: 2, repeating: 1), neighbours: 2)
    let matrix = graph.matrix
    #expect((0..<5).allSatisfy { matrix[$0, $0] == 0 })
  }

  @Test func oneSampleIsACluster() throws {
    let model = try SpectralClustering(clusters: 3).fit(Matrix([[1, 2]]), key: key)
    #expect(model.clusters(of: Matrix([[1, 2], [3, 4]])).count == 2)
  }
}
