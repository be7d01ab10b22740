import Domains
import Foundation
import Methods
import Networks
import Randomness
import Testing

@Suite("Weights in files")
struct WeightSnapshotFileTests {
  private func weights(classes: Int = 10, seed: UInt64 = 1) -> Weights {
    let weights = Weights(key: RandomKey(seed: seed))
    let tape = Tape(mode: .inference)
    _ = LeNet().logits(
      of: tape.input([1, 28, 28, 1]), classes: classes, in: Scope(weights))
    return weights
  }

  private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test("What is written is read back", arguments: ["lenet.safetensors", "lenet.npz"])
  func roundTrip(name: String) throws {
    try inTemporaryFolder { folder in
      let written = weights().snapshot
      try written.write(to: folder + "/" + name)
      #expect(try WeightSnapshot(contentsOf: folder + "/" + name) == written)
      let other = weights(seed: 2)
      #expect(other.snapshot != written)
      #expect(try other.load(contentsOf: folder + "/" + name) == [])
      #expect(other.snapshot == written)
    }
  }

  @Test("Arrays that no weight is named after are left and named")
  func extra() throws {
    try inTemporaryFolder { folder in
      let written = weights().snapshot
      let arrays =
        [("num_batches_tracked", Tensor([], [7]))] + Array(zip(written.names, written.tensors))
      try WeightSnapshot(arrays).write(to: folder + "/a.safetensors")
      #expect(
        try weights().load(contentsOf: folder + "/a.safetensors") == ["num_batches_tracked"])
    }
  }

  @Test("Other weights than the network's are refused, and the network keeps its own")
  func refused() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/a.safetensors"
      let network = weights()
      let before = network.snapshot
      try weights(classes: 3).snapshot.write(to: path)
      #expect(
        throws: WeightFileError.weights(
          .shape("fc2.weight", expected: [10, 500], found: [3, 500]))
      ) { try network.load(contentsOf: path) }
      try WeightSnapshot([("conv1.weight", before.tensors[0])]).write(to: path)
      #expect(throws: WeightFileError.weights(.missing("conv1.bias"))) {
        try network.load(contentsOf: path)
      }
      try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: WeightFileError.self) { try network.load(contentsOf: path) }
      let nowhere = folder + "/none.npz"
      #expect(throws: WeightFileError.file(.missing(path: nowhere))) {
        try network.load(contentsOf: nowhere)
      }
      #expect(network.snapshot == before)
    }
  }
}
