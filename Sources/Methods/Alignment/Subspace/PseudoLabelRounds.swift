import Domains
import Learners
import LinearAlgebra
import Randomness

/// Transfer components found anew in each round, with the target's classes of the round before.
///
/// ```
/// (FᵀHF) a = ρ (FᵀMF + λI) a   for the k largest ρ, ‖a‖ = 1                (1)
/// z = (F a_1, …, F a_k) / ‖…‖                                            (2)
/// ŷ = the learner's predictions of the target after (2), for the next M  (3)
/// ```
///
/// F holds source and target with every sample scaled to unit length. The first round knows no
/// target class. Rounds end early where the predictions no longer change.
struct PseudoLabelRounds: Sendable {
  /// k.
  let components: Int
  /// λ.
  let regularization: Double
  /// How many rounds there are at most.
  let rounds: Int
  /// What F is.
  let form: FeatureForm
  /// How many landmarks stand for a kernel F; 0 for F itself.
  let landmarks: Int
  /// Labels the target in each round.
  let learner: LearnerChoice

  /// What a round leaves to the next.
  struct Outcome {
    /// ŷ, the classes of the target's samples.
    let targetLabels: [Int]
    /// Z of the source, n_S × k.
    let source: Matrix<Double>
    /// Z of the target, n_T × k.
    let target: Matrix<Double>
  }

  /// Alternates between components and target labels; the last round's learner is the model.
  ///
  /// `differences` gives the columns of E, with M = E Eᵀ / ‖E Eᵀ‖_F, from the outcome of the round
  /// before.
  func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey,
    differences: (Outcome?) throws(MethodError) -> Matrix<Double>
  ) throws(MethodError) -> MappedClassifier {
    let pooled = source.features.appending(rows: target.features).rowsNormalized
    let reduced = try MethodError.step("features") { () throws(LinearAlgebraError) in
      try ReducedFeatures(
        pooled, form: form, landmarks: landmarks, key: key.child("landmarks"))
    }
    let projection = DiscrepancyProjection(
      reduced.rows, regularization: regularization, components: components)
    let embed = reduced.embed
    var outcome: Outcome?
    for round in 1... {
      let lessened = try differences(outcome)
      let directions = try MethodError.step("joint components") { () throws(LinearAlgebraError) in
        try projection.directions(lessening: lessened)  // (1)
      }
      let both = (reduced.rows * directions).rowsNormalized  // (2)
      let embedded = both.selecting(rows: Array(0..<source.count))
      let classifier = try learner.fit(
        source.with(features: embedded), key: key.child("learner"))
      if round < rounds {
        let embeddedTarget = both.selecting(rows: Array(source.count..<both.rows))
        let labels = Predictions(probabilities: classifier.probabilities(of: embeddedTarget))
          .classes  // (3)
        if labels != outcome?.targetLabels {
          outcome = Outcome(targetLabels: labels, source: embedded, target: embeddedTarget)
          continue
        }
      }
      return MappedClassifier(classifier) { features in
        embed(features.rowsNormalized, directions).rowsNormalized  // (2)
      }
    }
    preconditionFailure("There is a last round.")
  }
}
