import Domains
import Learners
import LinearAlgebra
import Methods
import Parameters
import Randomness
import Testing

/// A small task that any method can be fitted to.
struct Problem: Sendable, CustomTestStringConvertible {
  let name: String
  let source: LabelledSample
  let shots: LabelledSample
  let target: UnlabelledSample
  /// What is predicted: the target's samples and some that no fit has seen.
  let queries: Matrix<Double>

  var classCount: Int { source.classCount }
  var testDescription: String { name }

  init(
    _ name: String, source: LabelledSample, shots: LabelledSample, target: LabelledSample,
    unseen: Matrix<Double>? = nil
  ) {
    self.name = name
    self.source = source
    self.shots = shots
    self.target = target.unlabelled
    queries = target.features.appending(rows: unseen ?? shots.features)
  }

  /// Every shape of task that the conformance suite tries.
  static let all: [Problem] = [
    blobs("two classes", classes: 2, dimensions: 4),
    blobs("four classes", classes: 4, dimensions: 6),
    blobs("more features than samples", classes: 2, dimensions: 60, perClass: 9),
    blobs("one feature", classes: 2, dimensions: 1),
    blobs("duplicate samples", classes: 2, dimensions: 3) { $0.appending($0) },
    blobs("constant column", classes: 2, dimensions: 3) { sample in
      sample.with(
        features: sample.features.appending(
          columns: Matrix(rows: sample.count, columns: 1, repeating: 2)))
    },
    absentClass, oneTargetSample, sameDomains,
    blobs("all samples equal", classes: 2, dimensions: 2) { sample in
      sample.with(features: Matrix(rows: sample.count, columns: 2, repeating: 1))
    },
    blobs("large numbers", classes: 2, dimensions: 3) { $0.with(features: $0.features * 1e5) },
    blobs("small numbers", classes: 2, dimensions: 3) { $0.with(features: $0.features * 1e-5) },
  ]

  static let twoClasses = all[0]

  private static var absentClass: Problem {
    let problem = blobs("class absent from the shots", classes: 3, dimensions: 4)
    let kept = problem.shots.labels.indices.filter { problem.shots.labels[$0] != 1 }
    return Problem(
      problem.name, source: problem.source, shots: problem.shots.selecting(rows: kept),
      target: sample(classes: 3, dimensions: 4, perClass: 8, shift: 1, key: key.child("target")))
  }

  private static var oneTargetSample: Problem {
    let problem = blobs("one target sample", classes: 2, dimensions: 4)
    return Problem(
      problem.name, source: problem.source, shots: problem.shots,
      target: problem.shots.selecting(rows: [0]))
  }

  private static var sameDomains: Problem {
    let problem = blobs("source equal to target", classes: 2, dimensions: 4)
    return Problem(
      problem.name, source: problem.source, shots: problem.source, target: problem.source)
  }

  private static let key = RandomKey(seed: 7)

  /// Gaussian classes whose means are shifted in the target.
  static func blobs(
    _ name: String, classes: Int, dimensions: Int, perClass: Int = 12,
    _ change: (LabelledSample) -> LabelledSample = { $0 }
  ) -> Problem {
    func drawn(_ part: String, _ perClass: Int, _ shift: Double) -> LabelledSample {
      change(
        sample(
          classes: classes, dimensions: dimensions, perClass: perClass, shift: shift,
          key: key.child(part)))
    }
    return Problem(
      name, source: drawn("source", perClass, 0), shots: drawn("shots", 3, 1),
      target: drawn("target", perClass - 2, 1), unseen: drawn("unseen", 4, 1).features)
  }

  static func sample(
    classes: Int, dimensions: Int, perClass: Int, shift: Double, key: RandomKey
  ) -> LabelledSample {
    var stream = RandomStream(key)
    var rows: [[Double]] = []
    var labels: [Int] = []
    for index in 0..<classes * perClass {
      let label = index % classes
      labels.append(label)
      rows.append(
        (0..<dimensions).map { column in
          let mean = column % classes == label ? 3.0 : 0
          return mean + shift * 0.5 + stream.normal() * (column % 2 == 0 ? 1 : 0.5 + shift * 0.5)
        })
    }
    return LabelledSample(features: Matrix(rows), labels: labels, classCount: classes)
  }
}

/// What a fitted method says of samples: probabilities, or clusters.
enum Answer: Equatable {
  case probabilities(Matrix<Double>)
  case clusters([Int])
}

/// A fitted method of any setting.
struct FittedMethod {
  let answer: (Matrix<Double>) -> Answer

  init(
    _ entry: MethodEntry, _ texts: [String: String] = [:], to problem: Problem,
    key: RandomKey = RandomKey(seed: 1)
  ) throws {
    switch try entry.settled(texts).fit {
    case .transductive(let fit):
      let model = try fit(problem.source, problem.target, key)
      answer = { .probabilities(model.probabilities(of: $0)) }
    case .inductive(let fit):
      let model = try fit(problem.source, problem.shots, problem.target, key)
      answer = { .probabilities(model.probabilities(of: $0)) }
    case .unsupervised(let fit):
      let model = try fit(problem.source.unlabelled, problem.target, problem.classCount, key)
      answer = { .clusters(model.clusters(of: $0)) }
    case .oracle(let fit):
      let model = try fit(problem.shots, key)
      answer = { .probabilities(model.probabilities(of: $0)) }
    case .program:
      preconditionFailure("A program is no registered method.")
    }
  }
}
