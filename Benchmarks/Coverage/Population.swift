import Domains
import Foundation
import LinearAlgebra
import Metrics
import Randomness

/// A population of samples and fits whose every accuracy is known.
///
/// Whether the fit of repetition r is right on sample i is the sign of a margin with crossed normal
/// effects, so accuracies are values of the normal distribution function:
///
/// ```
/// margin = μ(group) + common_i + own_i + fit_r + e_ir
/// P(right) = Φ(μ(group) / √(common² + own² + fit² + rest²))
/// ```
struct Population: Sendable {
  let name: String
  /// The number of target samples, half of which each repetition tests on.
  var samples = 200
  /// μ of the method in groups A and B.
  var method = (a: 0.0, b: 0.0)
  /// μ of the reference in groups A and B.
  var reference = (a: 0.0, b: 0.0)
  /// Difficulty of a sample for method and reference alike, in every repetition.
  var common = 1.0
  /// Difficulty of a sample for one of the two, in every repetition.
  var own = 0.5
  /// How fits differ, on all samples alike.
  var fit = 0.1
  /// Noise of one sample in one repetition.
  var rest = 0.5

  /// One experiment: the repetitions, and the gain and drift of the truth.
  struct Experiment {
    let repetitions: [RepetitionPair]
    let gain: Double
    let drift: Double
  }

  /// The accuracies of a model in groups A and B, with the fit's effect given or averaged over.
  private func accuracies(_ means: (a: Double, b: Double), fit effect: Double?) -> (Double, Double)
  {
    let variance = common * common + own * own + rest * rest + (effect == nil ? fit * fit : 0)
    func accuracy(_ mean: Double) -> Double {
      0.5 * erfc(-(mean + (effect ?? 0)) / (2 * variance).squareRoot())
    }
    return (accuracy(means.a), accuracy(means.b))
  }

  /// Draws an experiment.
  ///
  /// With one repetition the truth is that of its two fits; with several it is
  /// the mean over all fits there could be.
  func draw(repetitions: Int, _ key: RandomKey) -> Experiment {
    var stream = RandomStream(key)
    let members = (0..<samples).map { _ in stream.integer(below: 2) }
    let shared = (0..<samples).map { _ in common * stream.normal() }
    let own = (0..<2).map { _ in (0..<samples).map { _ in self.own * stream.normal() } }
    let means = [method, reference]
    var effects: [[Double]] = []
    let pairs = (0..<repetitions).map { _ -> RepetitionPair in
      let rows = stream.permutation(samples).prefix(samples / 2).sorted()
      let fits = (0..<2).map { _ in fit * stream.normal() }
      effects.append(fits)
      let evaluations = (0..<2).map { model -> Evaluation in
        let right = rows.map { row -> Bool in
          let mean = members[row] == 0 ? means[model].a : means[model].b
          return mean + shared[row] + own[model][row] + fits[model] + rest * stream.normal() > 0
        }
        let classes = Predictions(
          probabilities: Matrix<Double>(right.map { $0 ? [1, 0] : [0, 1] }))
        return Evaluation(
          labels: rows.map { _ in 0 }, classCount: 2, predictions: classes,
          groups: [
            Domain.Group(name: "group", levels: ["A", "B"], members: rows.map { members[$0] })
          ]
        )
      }
      return RepetitionPair(
        sampleIndices: rows, method: evaluations[0], reference: evaluations[1])
    }
    let known = repetitions == 1 ? effects[0].map(Optional.init) : [nil, nil]
    let truth = zip(means, known).map { accuracies($0, fit: $1) }
    let (own1, other) = (truth[0], truth[1])
    return Experiment(
      repetitions: pairs, gain: (own1.0 - other.0 + own1.1 - other.1) / 2,
      drift: abs(own1.0 - own1.1) - abs(other.0 - other.1))
  }

  /// The cases of the table.
  static let all: [Population] = [
    Population(name: "typical", method: (1.0, 0.6), reference: (0.7, 0.5)),
    Population(name: "no effect", method: (0.8, 0.5), reference: (0.8, 0.5)),
    Population(
      name: "samples alone differ", method: (1.0, 0.6), reference: (0.7, 0.5), fit: 0, rest: 0.01),
    Population(name: "fits differ", method: (1.0, 0.6), reference: (0.7, 0.5), fit: 0.3),
    Population(
      name: "fits differ, no effect", method: (0.8, 0.5), reference: (0.8, 0.5), fit: 0.3),
    Population(
      name: "nothing is shared", method: (1.0, 0.6), reference: (0.7, 0.5), common: 0, own: 0,
      fit: 0, rest: 1),
    Population(
      name: "few samples", samples: 80, method: (1.0, 0.4), reference: (0.6, 0.2)),
    Population(name: "high accuracy", method: (2.2, 1.6), reference: (1.9, 1.5)),
    Population(
      name: "wide gap", samples: 400, method: (1.4, 0.2), reference: (0.9, 0.3), fit: 0.2),
  ]
}
