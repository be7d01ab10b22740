import Domains
import Foundation
import Learners
import LinearAlgebra
import Networks
import Randomness
import TestSupport
import Testing

@testable import Methods

/// Networks that methods begin with: from a file, and kept in files.
@Suite struct PretrainedNetworkTests {
  private func copy(_ sample: LabelledSample) -> LabelledSample {
    sample.with(features: sample.features)
  }

  /// The layers below the head are the file's, whatever classes its own head has; the head is fitted
  /// to the source.
  @Test func beginsWithAFilesWeights() throws {
    let folder = try TemporaryFolder()
    let problem = TuningProblem()
    let other = TuningProblem(classes: 3)
    let file = "\(folder.path)/mlp.safetensors"
    let given = try other.source.pretrained(.perceptron)
    try given.weights.write(to: file)
    let source = copy(problem.source)
    try source.begin(.perceptron, withFile: file, checksum: Checksum.sha256(file: file))
    let begun = try source.pretrained(.perceptron)
    #expect(begun.trunk == given.trunk)
    #expect(begun.classes == [0, 1, 2, 3])
    let probe = try LearnerChoice.logisticRegression.fit(
      source.with(features: begun.features(of: source.features)), key: RandomKey(seed: 0))
    let expected = probe.probabilities(of: begun.features(of: problem.target.features))
    let found = begun.probabilities(of: problem.target.features)
    #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-4 })
    // What methods make of it is not what they make of a network that the source trained.
    func answer(_ source: LabelledSample) throws -> Matrix<Double> {
      try FineTune().fit(
        source: source, shots: problem.shots, unlabelled: problem.target.unlabelled,
        key: RandomKey(seed: 8)
      ).probabilities(of: problem.target.features)
    }
    #expect(try answer(source) != answer(problem.source))
  }

  @Test func refusesOtherWeights() throws {
    let folder = try TemporaryFolder()
    let problem = TuningProblem()
    let file = "\(folder.path)/other.npz"
    try TuningProblem(dimensions: 5).source.pretrained(.perceptron).weights.write(to: file)
    #expect(
      throws: MethodError.weightShape(
        name: "fc1.weight", network: "mlp", expected: [128, 12], found: [128, 5])
    ) { try problem.source.begin(.perceptron, withFile: file) }
    #expect(throws: MethodError.missingWeights(name: "conv1.weight", network: "lenet")) {
      try TuningProblem(dimensions: 16).source.begin(.lenet, withFile: file)
    }
    let found = try Checksum.sha256(file: file)
    #expect(
      throws: MethodError.weightFile(.wrongChecksum(path: file, expected: "00", found: found))
    ) { try problem.source.begin(.perceptron, withFile: file, checksum: "00") }
    #expect(throws: MethodError.weightFile(.missing(path: "/nowhere.npz"))) {
      try problem.source.begin(.perceptron, withFile: "/nowhere.npz")
    }
  }

  /// A network that was kept is the same bits; one whose file was damaged is trained again.
  @Test func archiveKeepsNetworks() throws {
    let folder = try TemporaryFolder()
    let archive = NetworkArchive(folder: "\(folder.path)/networks", edition: "1")
    let problem = TuningProblem()
    archive.keep(.perceptron, of: problem.source)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/networks"))
    let trained = try problem.source.pretrained(.perceptron)
    archive.keep(.perceptron, of: problem.source)
    archive.keep(.perceptron, of: problem.source)
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/networks")
    #expect(files.count == 1)
    let same = copy(problem.source)
    archive.restore(.perceptron, to: same)
    #expect(same.pretrainedNetwork(.perceptron)?.value.weights == trained.weights)
    #expect(
      same.pretrainedNetwork(.perceptron)?.value.probabilities(of: problem.target.features)
        == trained.probabilities(of: problem.target.features))
    let others = [
      problem.source.selecting(rows: Array(1..<problem.source.count)),
      LabelledSample(
        features: problem.source.features, labels: problem.source.labels.reversed(), classCount: 4),
    ]
    for other in others {
      archive.restore(.perceptron, to: other)
      #expect(other.pretrainedNetwork(.perceptron) == nil)
    }
    let later = copy(problem.source)
    NetworkArchive(folder: "\(folder.path)/networks", edition: "2")
      .restore(.perceptron, to: later)
    #expect(later.pretrainedNetwork(.perceptron) == nil)
    let path = "\(folder.path)/networks/\(files[0])"
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(filePath: path))
    let damaged = copy(problem.source)
    archive.restore(.perceptron, to: damaged)
    #expect(damaged.pretrainedNetwork(.perceptron) == nil)
  }
}
