import Domains
import Foundation
import LinearAlgebra
import Parameters
import Testing

@testable import Experiments

/// What lies in the folder that a program is given.
struct ProgramTaskTests {
  private let source = LabelledSample(
    features: Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4]), labels: [1, 0], classCount: 2)
  private let shots = LabelledSample(
    features: Matrix(rows: 1, columns: 2, elements: [5, 6]), labels: [1], classCount: 2)
  private let target = UnlabelledSample(features: Matrix(rows: 1, columns: 2, elements: [7, 8]))

  /// The arrays of each file of a task with that grant, and `task.json`.
  private func written(
    _ grant: ProgramTask.Grant
  ) throws -> (arrays: [String: [String]], task: [String: Any]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let task = ProgramTask(
      grant: grant, test: target, classCount: 2, seed: 7,
      parameters: [Assignment("ridge", .real(0.5)), Assignment("kind", .choice("a\"b"))])
    try task.write(to: folder)
    var arrays: [String: [String]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".npz") {
      arrays[name] = try NumPyFile.arrays("\(folder)/\(name)")
    }
    let values = try NumPyFile.readNPZ("\(folder)/test.npz", array: "features")
    #expect(values.matrix == target.features)
    let json = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/task.json"))
    let object = try JSONSerialization.jsonObject(with: json) as? [String: Any]
    return (arrays, object ?? [:])
  }

  @Test func aTransductiveTaskHoldsNoTargetLabel() throws {
    let (arrays, task) = try written(.transductive(source: source, target: target))
    #expect(
      arrays == [
        "source.npz": ["features", "labels"], "target.npz": ["features"],
        "test.npz": ["features"],
      ])
    #expect(task["setting"] as? String == "transductive")
    #expect(task["seed"] as? Int == 7)
    let parameters = task["parameters"] as? [String: Any]
    #expect(parameters?["ridge"] as? Double == 0.5)
    #expect(parameters?["kind"] as? String == "a\"b")
    #expect(
      Set(task.keys) == [
        "format", "setting", "class_count", "feature_count", "test_count", "seed", "parameters",
        "predictions",
      ])
  }

  @Test func anInductiveTaskHoldsTheShotsLabelsAlone() throws {
    let (arrays, _) = try written(.inductive(source: source, shots: shots, unlabelled: target))
    #expect(arrays["target.npz"] == ["features", "shot_features", "shot_labels"])
  }

  @Test func anUnsupervisedTaskHoldsNoLabel() throws {
    let (arrays, _) = try written(
      .unsupervised(source: source.unlabelled, target: target))
    #expect(arrays.values.allSatisfy { $0 == ["features"] })
  }
}
