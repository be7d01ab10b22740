import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct LabelPropagationTests {
  /// Conjugate gradients and scikit-learn's iteration end in the same place, and so do the
  /// directed graph and its `knn` kernel.
  @Test func agreesWithScikitLearn() throws {
    let golden = try MappingsGolden.read()
    let pooled = golden.source.matrix.appending(rows: golden.target.matrix)
    for expected in golden.spreading {
      var method = LabelPropagation()
      method.alpha = expected.alpha
      method.neighbours = expected.neighbours
      method.graph = try #require(LabelPropagation.Graph(rawValue: expected.graph))
      let found = try method.spread(golden.labels, over: pooled, classCount: 3)
      let shares = found.scaled(rows: found.rowSums.map { $0 > 0 ? 1 / $0 : 0 })
        .selecting(rows: Array(golden.labels.count..<pooled.rows))
      #expect(relativeDifference(shares, expected.answers.matrix) < 1e-7, "\(expected.graph)")
    }
  }

  /// A class follows a curve that its source samples only begin.
  @Test func followsTheSamples() throws {
    let rows = (0..<60).map { [Double($0) / 10, 0] } + (0..<60).map { [Double($0) / 10, 1.5] }
    let labels = rows.indices.map { $0 < 60 ? 0 : 1 }
    let known = rows.indices.filter { $0 % 60 < 5 }
    let rest = rows.indices.filter { $0 % 60 >= 5 }
    let all = Matrix(rows)
    // The far ends bend towards the other class's beginning.
    let source = LabelledSample(features: all, labels: labels, classCount: 2).selecting(rows: known)
    let model = try LabelPropagation().fit(
      source: source, target: UnlabelledSample(features: all.selecting(rows: rest)),
      key: RandomKey(seed: 0))
    let named = Predictions(
      probabilities: model.probabilities(of: all.selecting(rows: rest))
    ).classes
    #expect(named == rest.map { labels[$0] })
  }

  /// Samples that no edge leads to take the label of the nearest source sample.
  @Test func unreachedSamplesAskTheNearest() throws {
    let source = LabelledSample(
      features: Matrix([[0, 0], [0.1, 0], [0, 1], [0.1, 1]]), labels: [0, 0, 1, 1], classCount: 2)
    let target = UnlabelledSample(
      features: Matrix([[50, 0.9], [50.1, 0.9], [50.2, 0.9]]))
    var method = LabelPropagation()
    method.neighbours = 1
    let model = try method.fit(source: source, target: target, key: RandomKey(seed: 0))
    #expect(model.probabilities(of: target.features) == Matrix([[0, 1], [0, 1], [0, 1]]))
  }

  /// A fitted target sample has the answer that was spread to it, not its neighbours' mean.
  @Test func targetSamplesKeepTheirAnswers() throws {
    let golden = try MappingsGolden.read()
    let expected = try #require(golden.spreading.first { $0.graph == "symmetric" })
    var method = LabelPropagation()
    method.alpha = expected.alpha
    method.neighbours = expected.neighbours
    let model = try method.fit(
      source: golden.labelledSource, target: UnlabelledSample(features: golden.target.matrix),
      key: RandomKey(seed: 0))
    let found = model.probabilities(of: golden.target.matrix)
    #expect(relativeDifference(found, expected.answers.matrix) < 1e-7)
  }

  /// The target asked for as a whole has the answers that its samples have one by one, where some
  /// stand more than once and some are the source's.
  @Test(arguments: [1, 3]) func wholeTargetHasItsSamplesAnswers(neighbours: Int) throws {
    let golden = try MappingsGolden.read()
    let source = golden.labelledSource
    let own = golden.target.matrix.selecting(rows: [0, 1, 2, 3, 1, 1, 1, 2])
    let features = own.appending(rows: source.features.selecting(rows: [0, 4, 4]))
    var method = LabelPropagation()
    method.neighbours = neighbours
    let model = try method.fit(
      source: source, target: UnlabelledSample(features: features),
      key: RandomKey(seed: 0))
    let whole = model.probabilities(of: features)
    for row in 0..<features.rows {
      let alone = model.probabilities(of: features.selecting(rows: [row]))
      #expect(whole.selecting(rows: [row]) == alone)
    }
  }
}
