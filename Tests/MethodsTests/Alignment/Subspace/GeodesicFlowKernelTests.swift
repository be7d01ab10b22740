import Domains
import LinearAlgebra
import Testing

@testable import Methods

@Suite struct GeodesicFlowKernelTests {
  /// Inner products under G, which the reference integrates numerically.
  @Test func agreesWithTheIntegral() throws {
    let golden = try SubspaceGolden.read()
    for (cases, task) in [(golden.gfk, golden.tall), (golden.wideGfk, golden.wide)] {
      for expected in cases {
        var method = GeodesicFlowKernel()
        method.components = expected.components
        let flow = try method.flow(from: task.source, to: task.target)
        let products = flow.features(of: task.source.features)
          .multiplied(by: flow.features(of: task.target.features), transposingOther: true)
        #expect(relativeDifference(products, expected.products.matrix) < 1e-9)
      }
    }
  }

  @Test func disagreementMeasureAgrees() throws {
    let golden = try SubspaceGolden.read()
    var method = GeodesicFlowKernel()
    method.dimension = .disagreement
    for (expected, task) in zip(golden.disagreement, [golden.tall, golden.wide]) {
      let flow = try method.flow(from: task.source, to: task.target)
      #expect(flow.angles.count == expected)
    }
  }

  /// The second axes of the domains are orthogonal, the pooled one is neither.
  @Test func disagreementStopsWhereAnAxisIsNew() throws {
    let pooled = Matrix<Double>([[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]])
    let source = Matrix<Double>([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    #expect(try disagreeingDimension(source, source, pooled) == 2)
    #expect(try disagreeingDimension(pooled, pooled, pooled) == 3)
  }
}
