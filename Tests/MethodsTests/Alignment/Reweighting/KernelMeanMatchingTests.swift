import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct KernelMeanMatchingTests {
  /// Dense and smooth kernels, and programs whose bounds are active.
  @Test func agreesWithCVXOPT() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.kernelMeanMatching {
      let target = expected.target.matrix
      let source = golden.source.matrix.selecting(columns: 0..<target.columns)
      var method = KernelMeanMatching()
      method.bound = expected.bound
      let found = try method.weights(
        of: source, for: target, gamma: expected.gamma, key: RandomKey(seed: 0))
      let kernel = KernelFunction.rbf(gamma: expected.gamma)
      let image = kernel.matrix(source).multiplied(by: found)
      let attraction = kernel.matrix(source, target).rowSums.map {
        $0 * Double(source.rows) / Double(target.rows)
      }
      let objective = found.indices.reduce(0.0) {
        $0 + found[$1] * (0.5 * image[$1] - attraction[$1])
      }
      #expect(abs(objective - expected.objective) < 1e-6 * abs(expected.objective))
      #expect(found.allSatisfy { 0 <= $0 && $0 <= expected.bound })
      let count = Double(source.rows)
      #expect(abs(found.reduce(0, +) - count) < count - count.squareRoot() + 1e-6)
    }
    // The program's bounds do bind in some of the cases.
    #expect(golden.kernelMeanMatching.contains { abs($0.largest - $0.bound) < 1e-6 })
    #expect(golden.kernelMeanMatching.contains { abs($0.sum - 60.0.squareRoot()) < 1e-4 })
  }

  /// Where the domains are one, weights of 1 are a solution.
  @Test func equalDomainsNeedNoWeights() throws {
    let source = try ReweightingGolden.read().source.matrix
    let kernel = KernelFunction.rbf(gamma: 0.1).matrix(source)
    let found = try KernelMeanMatching().weights(
      of: source, for: source, gamma: 0.1, key: RandomKey(seed: 0))
    let image = kernel.multiplied(by: found)
    let sums = kernel.rowSums
    let difference = found.indices.reduce(0.0) { $0 + (found[$1] - 1) * (image[$1] - sums[$1]) }
    #expect(abs(difference) < 1e-6 * sums.reduce(0, +))
  }

  /// The kernel is singular where samples repeat.
  @Test func repeatedSamplesHaveWeights() throws {
    let golden = try ReweightingGolden.read()
    let source = golden.source.matrix.appending(rows: golden.source.matrix)
    let found = try KernelMeanMatching().weights(
      of: source, for: golden.target.matrix, gamma: 1e-3, key: RandomKey(seed: 0))
    #expect(found.allSatisfy { $0 >= 0 && $0.isFinite } && found.contains { $0 > 0 })
  }
}
