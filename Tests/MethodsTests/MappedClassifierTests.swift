import Domains
import Learners
import LinearAlgebra
import Randomness
import TestSupport
import Testing

@testable import Methods

/// Methods that map source and target differently must answer for the source by the source's map.
@Suite struct MappedClassifierTests {
  /// Behind 1-NN, every training sample is its own nearest neighbour on the source's way.
  @Test(arguments: [
    "coral", "joint-pca", "subspace-alignment", "tca", "jda", "gfk", "tjm", "bda", "jgsa", "msda",
    "mmd-location-scale", "tsl", "ot-linear",
  ])
  func trainingSamplesAreFoundAgain(_ id: String) throws {
    let problem = Problem.twoClasses
    let entry = try #require(MethodRegistry.entry(id))
    guard case .transductive(let fit) = try entry.settled(["learner": "1-nn"]).fit else {
      Issue.record("\(id) is transductive.")
      return
    }
    let model = try fit(problem.source, problem.target, RandomKey(seed: 1))
    let answers = Predictions(
      probabilities: model.probabilities(ofSource: problem.source.features)
    ).classes
    #expect(answers == problem.source.labels)
  }

  /// Samples that a plan moved go where it moved them; others go along with the nearest.
  @Test func samplesMoveAlongWithTheNearest() {
    let samples = Matrix([[0.0, 0], [10, 0]])
    let move = samples.movingAlong(Matrix([[1, 1], [10, 5]]))
    #expect(move(samples) == Matrix([[1, 1], [10, 5]]))
    #expect(move(Matrix([[9.0, 1], [0, -1]])) == Matrix([[9, 6], [1, 0]]))
  }
}
