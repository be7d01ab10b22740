public import Domains
import Foundation
public import Learners
import LinearAlgebra
import Networks

/// Networks that sources trained, kept in files from cell to cell, worker to worker, run to run.
///
/// A file is named after the SHA-256 of what trained it (samples, labels, network, the edition of the
/// training, the kernels) and that of its own bytes. It saves time and nothing else: the bits are
/// those of training again, which is what happens where a file is missing or damaged, or can't be
/// written.
public struct NetworkArchive: Sendable {
  private static let secondsName = "training.seconds"
  private let folder: String
  private let edition: String

  /// The archive in a folder, which is made with its first file.
  ///
  /// `edition` names the program: what another one trained isn't read.
  public init(folder: String, edition: String) {
    self.folder = folder
    self.edition = edition
  }

  /// Gives a source the network that it trained before, where a file has it.
  public func restore(_ network: NetworkChoice, to source: LabelledSample) {
    guard source.pretrainedNetwork(network) == nil,
      let path = path(of: name(network, source)),
      let arrays = try? WeightSnapshot(contentsOf: path),
      let seconds = arrays[Self.secondsName]?.values.first
    else { return }
    source.restore(network, weights: arrays, seconds: Double(seconds))
  }

  /// Keeps the network that a source trained, where it did.
  public func keep(_ network: NetworkChoice, of source: LabelledSample) {
    guard let (trained, seconds) = source.pretrainedNetwork(network) else { return }
    let name = name(network, source)
    guard path(of: name) == nil else { return }
    let arrays =
      [(Self.secondsName, Tensor([], [Float(seconds)]))]
      + zip(trained.weights.names, trained.weights.tensors)
    let temporary = "\(folder)/\(name).\(getpid()).safetensors"
    do {
      try AtomicFile.makeFolder(folder)
      try WeightSnapshot(arrays.map { (name: $0.0, tensor: $0.1) }).write(to: temporary)
      let digest = try Checksum.sha256(file: temporary)
      rename(temporary, "\(folder)/\(name)-\(digest).safetensors")
    } catch {
      unlink(temporary)
    }
  }

  /// The path of the undamaged file of that name.
  private func path(of name: String) -> String? {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasPrefix(name + "-") }.map { "\(folder)/\($0)" }.first { path in
      (try? Checksum.sha256(file: path)).map { path.hasSuffix("-\($0).safetensors") } ?? false
    }
  }

  /// The SHA-256 of what a network's training depends on.
  private func name(_ network: NetworkChoice, _ source: LabelledSample) -> String {
    source.shared.once("digest for \(network.rawValue)", bytes: 64) {
      let facts =
        "\(edition) \(NetworkLearner.edition) \(BLAS.coreType) \(network.rawValue)"
        + " \(source.classCount) \(source.features.columns)"
      let numbers =
        source.features.elements.map(\.bitPattern) + source.labels.map { UInt64($0) }
      return Checksum.sha256(
        bytes: Array(facts.utf8) + numbers.withUnsafeBytes { Array($0) })
    }
  }
}
