import Domains
import Foundation
import LinearAlgebra
import Methods
import Parameters

/// What a program is given: a folder with the task and what its setting grants of the samples.
///
/// The layout is documented in `ProgramFolders.md`.
struct ProgramTask: Sendable {
  /// What each setting grants; there is no place for more.
  enum Grant: Sendable {
    case transductive(source: LabelledSample, target: UnlabelledSample)
    case inductive(source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample)
    case unsupervised(source: UnlabelledSample, target: UnlabelledSample)
  }

  /// The samples to learn from.
  let grant: Grant
  /// The target samples to answer for.
  let test: UnlabelledSample
  /// The number of classes; of a clustering the number of clusters.
  let classCount: Int
  /// The seed of all randomness.
  let seed: Int
  /// The parameters set.
  let parameters: [Assignment]

  /// The name of the file in which the program answers.
  static let answerName = "predictions.npy"

  /// Writes the files of a folder that is there.
  func write(to folder: String) throws(DomainError) {
    switch grant {
    case .transductive(let source, let target):
      try write(labelled(source), "source", folder)
      try write([("features", .matrix(target.features))], "target", folder)
    case .inductive(let source, let shots, let unlabelled):
      try write(labelled(source), "source", folder)
      try write(
        [
          ("features", .matrix(unlabelled.features)), ("shot_features", .matrix(shots.features)),
          ("shot_labels", .integers(shots.labels.map(Int64.init))),
        ], "target", folder)
    case .unsupervised(let source, let target):
      try write([("features", .matrix(source.features))], "source", folder)
      try write([("features", .matrix(target.features))], "target", folder)
    }
    try write([("features", .matrix(test.features))], "test", folder)
    try AtomicFile.write(description, to: "\(folder)/task.json")
  }

  private func labelled(_ sample: LabelledSample) -> [(String, NPZArray)] {
    [
      ("features", .matrix(sample.features)),
      ("labels", .integers(sample.labels.map(Int64.init))),
    ]
  }

  private func write(
    _ arrays: [(String, NPZArray)], _ name: String, _ folder: String
  ) throws(DomainError) {
    try NPZWriter.write(arrays, to: "\(folder)/\(name).npz", deflated: false)
  }

  /// `task.json`.
  private var description: String {
    let setting: Setting =
      switch grant {
      case .transductive: .transductive
      case .inductive: .inductive
      case .unsupervised: .unsupervised
      }
    return """
      {
        "format": 1,
        "setting": "\(setting.rawValue)",
        "class_count": \(classCount),
        "feature_count": \(test.features.columns),
        "test_count": \(test.count),
        "seed": \(seed),
        "parameters": \(ParametersJSON.encode(parameters)),
        "predictions": "\(Self.answerName)"
      }

      """
  }
}
