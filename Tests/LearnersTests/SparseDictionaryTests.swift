import Learners
import LinearAlgebra
import Testing

@Suite struct SparseDictionaryTests {
  /// scikit-learn's exact codes, and the dictionary after some rounds.
  struct Case: Decodable, Sendable {
    let sparsity: Double
    let rounds: Int
    let features: GaussianMixtureTests.Values
    let atoms: GaussianMixtureTests.Values
    let codes: GaussianMixtureTests.Values
    let learnt: GaussianMixtureTests.Values
  }

  @Test func codesAgreeWithScikitLearn() throws {
    let cases = try GoldenFile<Case>.cases("sparse-dictionary")
    #expect(cases.count == 6)
    for expected in cases {
      let model = SparseDictionaryModel(
        atoms: expected.atoms.matrix, sparsity: expected.sparsity)
      let found = model.codes(of: expected.features.matrix, tolerance: 1e-12)
      #expect(largestDifference(found, expected.codes.matrix) < 1e-8)
    }
  }

  @Test func atomsAgreeWithScikitLearn() throws {
    for expected in try GoldenFile<Case>.cases("sparse-dictionary") {
      var dictionary = SparseDictionary()
      dictionary.sparsity = expected.sparsity
      dictionary.rounds = expected.rounds
      dictionary.tolerance = 1e-12
      let found = try dictionary.fit(
        expected.features.matrix, initial: expected.atoms.matrix, key: key)
      #expect(largestDifference(found.atoms, expected.learnt.matrix) < 1e-8)
    }
  }

  /// Codes satisfy the conditions of the minimum: |dᵀ(x − aD)| is λ where a is not 0, else below.
  @Test func codesAreMinima() throws {
    let drawn = Drawn.clouds(60, features: 12, classes: 4)
    var dictionary = SparseDictionary()
    dictionary.atomCount = 20
    dictionary.sparsity = 0.7
    let model = try dictionary.fit(drawn.features, key: key)
    let codes = model.codes(of: drawn.features, tolerance: 1e-12)
    let slopes = (drawn.features - codes * model.atoms)
      .multiplied(by: model.atoms, transposingOther: true)
    for (code, slope) in zip(codes.elements, slopes.elements) {
      #expect(abs(slope) < 0.7 + 1e-8)
      if code != 0 { #expect(abs(slope - (code > 0 ? 0.7 : -0.7)) < 1e-8) }
    }
    #expect(model.atoms.rowSquaredNorms.allSatisfy { $0 < 1 + 1e-12 })
  }

  /// An atom that tells no sample becomes one.
  @Test func unusedAtomIsReplaced() throws {
    let features = Matrix<Double>([[1, 0], [0.9, 0], [0, 2]])
    var dictionary = SparseDictionary()
    dictionary.rounds = 1
    let found = try dictionary.fit(
      features, initial: Matrix([[1, 0], [-1, 0]]), key: key)
    #expect(found.atoms.row(1).elementsEqual([0, 1]))
  }
}
