import Domains
import Foundation
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct TransportCostTests {
  @Test func agreesWithSciPy() throws {
    let golden = try TransportGolden.read()
    #expect(golden.costs.map(\.metric) == TransportCost.allCases.map(\.rawValue))
    for expected in golden.costs {
      let metric = try #require(TransportCost(rawValue: expected.metric))
      let found = metric.matrix(golden.source.matrix, golden.target.matrix)
      #expect(relativeDifference(found, expected.matrix.matrix) < 1e-12)
    }
  }

  @Test func plansMoveSamplesAsPOT() throws {
    let golden = try TransportGolden.read()
    for expected in golden.costs {
      let metric = try #require(TransportCost(rawValue: expected.metric))
      let (source, target) = (golden.labelledSource, golden.unlabelledTarget)
      var transport = ExactTransport(uniform: source.count, target.count)
      let plan = try transport.plan(source.transportCost(metric, to: target))
      let moved = plan.multiplied(by: target.features) * Double(source.count)
      #expect(relativeDifference(moved, expected.moved.matrix) < 1e-9)
    }
  }

  /// A sample of zeros has no direction; no cost may be without a value.
  @Test func zerosCostARightAngle() {
    let cost = TransportCost.cosine.matrix(
      Matrix([[0, 0], [3, 0]]), Matrix([[0, 2], [0, 0], [1, 0]]))
    #expect(cost == Matrix([[1, 1, 1], [1, 1, 0]]))
  }

  @Test func emptySidesHaveNoCosts() {
    for metric in TransportCost.allCases {
      let (none, one) = (Matrix<Double>(rows: 0, columns: 2), Matrix<Double>([[1, 2]]))
      #expect(metric.matrix(none, one).rows == 0)
      #expect(metric.matrix(one, none).columns == 0)
    }
  }

  @Test func unitIsTheMedianOrOne() {
    let cost = Matrix<Double>([[1, 4], [2, 9]])
    #expect(CostUnit.median.value(of: cost) == 3)
    #expect(CostUnit.one.value(of: cost) == 1)
  }

  /// ε in the costs' own unit, and as a multiple of their median, is the same ε.
  @Test(arguments: TransportCost.allCases)
  func strengthsMeanTheSameInBothUnits(_ metric: TransportCost) throws {
    let golden = try TransportGolden.read()
    let (source, target) = (golden.labelledSource, golden.unlabelledTarget)
    let median = metric.matrix(source.features, target.features).typicalCost
    var relative = TransportLabels()
    relative.metric = metric
    var absolute = relative
    absolute.unit = .one
    absolute.entropy = relative.entropy * median
    let shares = try relative.shares(source, target)
    #expect(relativeDifference(try absolute.shares(source, target), shares) < 1e-9)
    // A third of the shares would be the same under every plan; the metric must matter.
    if metric != .squaredEuclidean {
      #expect(relativeDifference(try TransportLabels().shares(source, target), shares) > 1e-3)
    }
  }

  /// Classes that differ in direction, with the lengths of one in the source and of the other in
  /// the target.
  @Test func cosineMatchesDirections() throws {
    func sample(_ index: Int, long: Int) -> [Double] {
      let angle = index % 2 == 0 ? 0.1 : 0.6
      let length = (index % 2 == long ? 10 : 1) * (1 + 0.01 * Double(index))
      return [length * cos(angle), length * sin(angle)]
    }
    let labels = (0..<40).map { $0 % 2 }
    let source = LabelledSample(
      features: Matrix((0..<40).map { sample($0, long: 0) }), labels: labels, classCount: 2)
    let target = UnlabelledSample(features: Matrix((0..<40).map { sample($0, long: 1) }))
    func hits(_ metric: TransportCost) throws -> Int {
      var method = TransportLabels()
      method.entropy = 0
      method.metric = metric
      let shares = try method.shares(source, target)
      return labels.indices.count { shares[$0, labels[$0]] > 0.5 }
    }
    #expect(try hits(.cosine) == 40)
    #expect(try hits(.squaredEuclidean) == 0)
    #expect(try hits(.cityBlock) == 0)
  }
}
