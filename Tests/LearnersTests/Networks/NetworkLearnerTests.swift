import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@Suite struct NetworkLearnerTests {
  @Test func featuresFarFromTheFittedOnesAreCutOff() throws {
    let fitted = Matrix<Double>([[0, 1], [0.001, 3]])
    let input = try NetworkInput(.perceptron, fittedTo: fitted)
    #expect(input.values(of: fitted) == [-1, -1, 1, 1])
    #expect(input.values(of: Matrix([[9, 4], [-9, 2]])) == [5, 2, -5, 0])
  }

  @Test func theSameKeyGivesTheSameBits() throws {
    let drawn = Drawn.clouds(90, features: 6, classes: 3)
    func probabilities(_ seed: UInt64) throws -> Matrix<Double> {
      try NetworkLearner(.perceptron).fit(
        features: drawn.features, labels: drawn.labels, classCount: 3, weights: nil,
        key: RandomKey(seed: seed)
      ).probabilities(of: drawn.features)
    }
    #expect(try probabilities(1) == probabilities(1))
    #expect(try probabilities(1) != probabilities(2))
  }

  /// Stripes at eight angles of one colour, which no linear classifier of pixels tells apart well.
  private func stripes(_ count: Int, side: Int, channels: Int = 1) -> Drawn {
    var stream = RandomStream(RandomKey(seed: 5))
    var features = Matrix<Double>(rows: count, columns: side * side * channels)
    let labels = (0..<count).map { $0 % 2 }
    for row in 0..<count {
      let phase = stream.integer(below: 4)
      for y in 0..<side {
        for x in 0..<side {
          let along = labels[row] == 0 ? x : y
          for channel in 0..<channels {
            features[row, (y * side + x) * channels + channel] =
              ((along + phase) / 2) % 2 == 0 ? 1 : 0
          }
        }
      }
    }
    return Drawn(features: features, labels: labels, classCount: 2)
  }

  @Test(arguments: [(NetworkChoice.lenet, 16, 1), (.lenet, 28, 1), (.lenet, 12, 3)])
  func convolutionsLearnStripes(network: NetworkChoice, side: Int, channels: Int) throws {
    let drawn = stripes(80, side: side, channels: channels)
    var learner = NetworkLearner(network)
    learner.training.fewestSteps = 60
    learner.training.epochs = 1
    let model = try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: 2, weights: nil, key: key)
    #expect(predictions(model.probabilities(of: drawn.features)) == drawn.labels)
    #expect(model.features(of: drawn.features).columns == 500)
  }

  @Test func whatIsNoImageIsRefused() {
    #expect(throws: LearnerError.notImages(learner: "lenet", columns: 50)) {
      try NetworkLearner(.lenet).fit(
        features: Matrix(rows: 4, columns: 50), labels: [0, 1, 0, 1], classCount: 2, weights: nil,
        key: key)
    }
  }
}

@Suite struct NetworkInputTests {
  @Test func columnsAreStandardised() throws {
    let features = Matrix<Double>([[1, 5, 2], [3, 5, 4], [5, 5, 12]])
    let input = try NetworkInput(.perceptron, fittedTo: features)
    let values = input.values(of: features)
    #expect(input.shape == [3])
    for column in 0..<3 {
      let own = (0..<3).map { Double(values[3 * $0 + column]) }
      #expect(abs(own.reduce(0, +)) < 1e-6)
      let squares = own.reduce(0) { $0 + $1 * $1 }
      #expect(column == 1 ? squares == 0 : abs(squares - 2) < 0.5 || abs(squares - 3) < 1e-5)
    }
  }

  /// Doubling an image by interpolation: the corners stay, the pixels between lie at quarters.
  @Test func imagesAreInterpolatedBetweenPixelCentres() throws {
    let side = 14
    var image = Matrix<Double>(rows: 1, columns: side * side)
    for y in 0..<side { for x in 0..<side { image[0, y * side + x] = Double(x) } }
    let input = try NetworkInput(.lenet, fittedTo: image)
    let values = input.values(of: image)
    #expect(input.shape == [28, 28, 1])
    // A ramp of x, of mean 6.5: pixel u of the larger image lies at (u + ½)/2 − ½.
    let scale = values[27] - values[0]
    for u in 0..<28 {
      let expected = min(max((Float(u) + 0.5) / 2 - 0.5, 0), 13)
      #expect(abs((values[u] - values[0]) / scale * 13 - expected) < 1e-4)
    }
  }
}

@Suite struct MinibatchesTests {
  @Test func everyPassTakesEveryRowOnce() {
    var batches = Minibatches(of: 10, size: 4, key: key)
    let rows = (0..<5).flatMap { _ in batches.next() }
    #expect(rows[..<10].sorted() == Array(0..<10))
    #expect(rows[10...].sorted() == Array(0..<10))
    #expect(rows[..<10] != rows[10...])
  }

  @Test func batchesLargerThanThePassGoOn() {
    var batches = Minibatches(of: 3, size: 7, key: key)
    let rows = batches.next()
    #expect(rows.count == 7 && Set(rows) == [0, 1, 2])
  }
}
