import Learners
import LinearAlgebra
import Testing

@Suite struct DictionaryKMeansTests {
  /// Samples that lie along other directions have other atoms, whatever their unit.
  @Test func tellsDirectionsApart() throws {
    let rows = (0..<40).map { index in
      let length = 1 + 0.005 * Double(index)
      return index % 2 == 0 ? [length, 0.01, 0, 0] : [0, 0, length, 0.01]
    }
    for unit in [1e-5, 1, 1e5] {
      let features = Matrix(rows) * unit
      let clusters = try DictionaryKMeans(clusters: 2).fit(features, key: key)
        .clusters(of: features)
      #expect(clusters.indices.allSatisfy { clusters[$0] == clusters[$0 % 2] })
      #expect(clusters[0] != clusters[1])
    }
  }

  /// The dictionary given is the one that is used.
  @Test func givenDictionaryIsUsed() throws {
    let drawn = Drawn.clouds(60, features: 5, classes: 3)
    let atoms = SparseDictionaryModel(atoms: .identity(5), sparsity: 0.05)
    let model = try DictionaryKMeans(clusters: 3).fit(drawn.features, in: atoms, key: key)
    #expect(model.dictionary == atoms)
  }
}
