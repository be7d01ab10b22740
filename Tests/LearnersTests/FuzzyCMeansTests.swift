import Foundation
import Learners
import LinearAlgebra
import Randomness
import Testing

struct FuzzyCMeansTests {
  private func objective(
    _ features: Matrix<Double>, _ centroids: Matrix<Double>, _ memberships: Matrix<Double>,
    _ fuzzifier: Double, _ offsets: Matrix<Double>? = nil, _ pull: FuzzyCMeans.Pull? = nil
  ) -> Double {
    var sum = 0.0
    for row in 0..<features.rows {
      for cluster in 0..<centroids.rows {
        var distance = offsets?[row, cluster] ?? 0
        for column in 0..<features.columns {
          let difference = features[row, column] - centroids[cluster, column]
          distance += difference * difference
          if let pull {
            let shift = centroids[cluster, column] - pull.centroids[cluster, column]
            distance += pull.strength * shift * shift
          }
        }
        sum += pow(memberships[row, cluster], fuzzifier) * distance
      }
    }
    return sum
  }

  /// Memberships by (2) and centroids by (3) are each other's fixed point.
  @Test(arguments: [1.5, 2, 3]) func endsAtAFixedPoint(fuzzifier: Double) throws {
    let features = Drawn.clouds(80, features: 3, classes: 3).features
    let model = try FuzzyCMeans(clusters: 3, fuzzifier: fuzzifier).fit(features, key: key)
    #expect(model.memberships.rowSums.allSatisfy { abs($0 - 1) < 1e-12 })
    #expect(largestDifference(model.memberships(of: features), model.memberships) < 1e-12)
    let powers = model.memberships.map { pow($0, fuzzifier) }
    let means = powers.multiplied(by: features, transposingSelf: true)
      .scaled(rows: powers.columnSums.map { 1 / $0 })
    #expect(largestDifference(means, model.centroids) < 1e-6)
  }

  @Test func noNeighbouringCentroidsOrMembershipsAreBetter() throws {
    let features = Drawn.clouds(60, features: 2, classes: 3).features
    var stream = RandomStream(key)
    let offsets = Matrix(rows: 60, columns: 3, elements: (0..<180).map { _ in stream.uniform() })
    for withOffsets in [false, true] {
      let given = withOffsets ? offsets : nil
      let model = try FuzzyCMeans(clusters: 3).fit(features, offsets: given, key: key)
      let least = objective(features, model.centroids, model.memberships, 2, given)
      for _ in 0..<20 {
        let moved = model.centroids.map { $0 + 0.01 * stream.normal() }
        #expect(objective(features, moved, model.memberships, 2, given) > least)
        var other = model.memberships
        let (row, shift) = (stream.integer(below: 60), 1e-3 * stream.uniform())
        other[row, 0] += shift
        other[row, 1] -= shift
        #expect(objective(features, model.centroids, other, 2, given) > least - 1e-9)
      }
    }
  }

  @Test func aPullMovesTheCentroidsAsItsEquationSays() throws {
    let features = Drawn.clouds(60, features: 2, classes: 2).features
    let source = Matrix<Double>([[5, 5], [-5, -5]])
    let learner = FuzzyCMeans(clusters: 2)
    let free = try learner.fit(features, initial: source, key: key)
    let none = try learner.fit(
      features, initial: source, pull: .init(to: source, strength: 0), key: key)
    #expect(largestDifference(free.centroids, none.centroids) < 1e-12)
    let strong = try learner.fit(
      features, initial: source, pull: .init(to: source, strength: 1e9), key: key)
    #expect(largestDifference(strong.centroids, source) < 1e-6)
    let pull = FuzzyCMeans.Pull(to: source, strength: 0.7)
    let between = try learner.fit(features, initial: source, pull: pull, key: key)
    let least = objective(features, between.centroids, between.memberships, 2, nil, pull)
    var stream = RandomStream(key)
    for _ in 0..<20 {
      let moved = between.centroids.map { $0 + 0.01 * stream.normal() }
      #expect(objective(features, moved, between.memberships, 2, nil, pull) > least)
    }
  }

  @Test func aFuzzifierNearOneIsKMeans() throws {
    let features = Drawn.clouds(90, features: 4, classes: 3, spread: 4).features
    let hard = try KMeans(clusters: 3).fit(features, key: key)
    let soft = try FuzzyCMeans(clusters: 3, fuzzifier: 1.02).fit(
      features, initial: hard.centroids, key: key)
    #expect(largestDifference(hard.centroids, soft.centroids) < 1e-6)
    #expect(soft.clusters(of: features) == hard.clusters(of: features))
  }

  @Test func aSampleOnACentroidBelongsToIt() {
    let memberships = FuzzyCMeans.memberships(
      Matrix([[0, 4, 1], [0, 0, 1], [1e-300, 1e300, 1]]), fuzzifier: 2)
    #expect(memberships.row(0) == [1, 0, 0])
    #expect(memberships.row(1) == [0.5, 0.5, 0])
    #expect(memberships.isFinite)
  }

  @Test func edgesOfTheInput() throws {
    let model = try FuzzyCMeans(clusters: 2).fit(Matrix([[1, 2]]), key: key)
    #expect(model.memberships.elements == [0.5, 0.5])
    let equal = try FuzzyCMeans(clusters: 3).fit(
      Matrix(rows: 5, columns: 2, repeating: 7), key: key)
    #expect(equal.centroids.elements.allSatisfy { abs($0 - 7) < 1e-12 })
    #expect(throws: LearnerError.noSamples) {
      try FuzzyCMeans(clusters: 2).fit(Matrix(rows: 0, columns: 1), key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try FuzzyCMeans(clusters: 2).fit(Matrix([[1], [.infinity]]), key: key)
    }
    var hasty = FuzzyCMeans(clusters: 2)
    hasty.maximumIterations = 1
    #expect(throws: LearnerError.notConverged(learner: "fuzzy-c-means", iterations: 1)) {
      try hasty.fit(Matrix([[1], [2], [5]]), key: key)
    }
  }

  @Test func theSameKeyGivesTheSameClusters() throws {
    let features = Drawn.clouds(50, features: 3, classes: 3).features
    let learner = FuzzyCMeans(clusters: 3)
    #expect((try learner.fit(features, key: key)) == (try learner.fit(features, key: key)))
  }
}
