import Domains
import LinearAlgebra
import Metrics
import Randomness
import Testing

@Suite struct ReliabilityCurveTests {
  @Test(arguments: try Golden.read().cases.filter { $0.reliability != nil })
  func agreesWithReferenceImplementations(_ golden: Golden.Case) throws {
    for (name, expected) in try #require(golden.reliability).sorted(by: { $0.key < $1.key }) {
      let binning = try #require(ReliabilityCurve.Binning(rawValue: name))
      let curve = try #require(
        ReliabilityCurve(golden.evaluation, weights: golden.weights, binning: binning))
      #expect(curve.bins.count == expected.count)
      for (bin, other) in zip(curve.bins, expected) {
        #expect(agrees(bin.count, other[0]))
        #expect(agrees(bin.confidence, other[1]))
        #expect(agrees(bin.accuracy, other[2]))
      }
    }
  }

  @Test func binsOfEqualMassHoldAlikeManySamples() throws {
    let evaluation = binary(
      (0..<30).map { $0 % 2 }, positive: (0..<30).map { 0.5 + Double($0) / 100 })
    let curve = try #require(
      ReliabilityCurve(evaluation, weights: evaluation.unitWeights, binning: .equalMass))
    #expect(curve.bins.map(\.count).allSatisfy { $0 == 2 })
    #expect(curve.bins[0].low == 0.5 && curve.bins[14].high == 0.79)
    #expect(zip(curve.bins, curve.bins.dropFirst()).allSatisfy { $0.high == $1.low })
  }

  @Test func samplesOfOneConfidenceShareABin() throws {
    let constant = binary([1, 1, 1, 0], positive: [0.6, 0.6, 0.6, 0.6])
    for binning in ReliabilityCurve.Binning.allCases {
      let curve = try #require(
        ReliabilityCurve(constant, weights: constant.unitWeights, binning: binning))
      let filled = curve.bins.filter { $0.count > 0 }
      #expect(filled.count == 1 && filled[0].count == 4 && filled[0].accuracy == 0.75)
      #expect(agrees(curve.expectedCalibrationError, 0.15))
      #expect(agrees(curve.maximumCalibrationError, 0.15))
    }
  }

  @Test func poolingIsOneEvaluationOfAllSamples() throws {
    let whole = random(90, classCount: 3, key: RandomKey(seed: 21))
    let parts = [
      selecting(whole, rows: Array(0..<40)), selecting(whole, rows: Array(40..<90)),
    ]
    for binning in ReliabilityCurve.Binning.allCases {
      let pooled = try #require(ReliabilityCurve(pooling: parts, binning: binning))
      #expect(
        pooled == ReliabilityCurve(whole, weights: whole.unitWeights, binning: binning))
    }
    #expect(ReliabilityCurve(pooling: []) == nil)
  }

  @Test func thereIsNoneWithoutProbabilitiesOrWeight() {
    let clusters = Evaluation(labels: [0, 1], classCount: 2, clusters: [0, 1])
    #expect(ReliabilityCurve(clusters, weights: [1, 1]) == nil)
    #expect(ReliabilityCurve(certain([0], [0], classCount: 2), weights: [0]) == nil)
  }
}
