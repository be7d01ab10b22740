import Learners
import LinearAlgebra
import Testing

@testable import Methods

@Suite struct SubspaceAlignmentTests {
  @Test func agreesWithSKADA() throws {
    let golden = try Golden.read()
    let expected = golden.subspaceAlignment
    let source = try PrincipalComponents.fit(golden.source.matrix, count: expected.components)
    let target = try PrincipalComponents.fit(golden.target.matrix, count: expected.components)
    let projected = target.project(golden.target.matrix)
    #expect(
      relativeDifference(
        withSigns(of: expected.target.matrix, projected), expected.target.matrix) < 1e-6)
    let aligned = SubspaceAlignment.align(golden.source.matrix, from: source, to: target)
    #expect(
      relativeDifference(
        withSigns(of: expected.source.matrix, aligned), expected.source.matrix) < 1e-6)
  }
}
