import Domains
import Foundation
import Methods
import Networks
import TestSupport
import Testing

/// Trained networks on images that they were not trained on.
///
/// The weights are those of the repository akamaster/pytorch_resnet_cifar10, the images the first
/// 200 of each class of CIFAR-10's test part, encoded as JPEG again. A forward pass in NumPy gave
/// 81.7 % of every second image (ResNet-20), and 83.0 % and 81.7 % of the first 300 of every sixth
/// (ResNet-32 and 56).
@Suite("Trained ResNets")
struct TrainedResNetTests {
  private static let images = file("cifar10_test_subset/cifar10_test_2000_from_jpeg.npz")

  private static func file(_ name: String) -> String? {
    let path = Fixtures.dataFolder?.appending(path: name).path
    return path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }

  @Test(
    "Accuracy", .enabled(if: images != nil, "no CIFAR-10 images: set TRANSFERBENCH_DATA"),
    arguments: [(20, 1000, 817), (32, 300, 249), (56, 300, 245)])
  func accuracy(depth: Int, count: Int, stated: Int) throws {
    let path = try #require(Self.images)
    let images = try NumPyFile.readNPZ(path, array: "x")
    let labels = try NumPyFile.readNPZ(path, array: "y").values.map { Int($0) }
    let weights = Weights()
    let tape = Tape(mode: .inference)
    let batch = 100
    let input = tape.input([batch, 32, 32, 3])
    let logits = SmallResNet(depth: depth).logits(of: input, classes: 10, in: Scope(weights))
    let file = try #require(Self.file("weights/resnet_cifar10/resnet\(depth).npz"))
    #expect(try weights.load(contentsOf: file) == [])
    let program = Program(computing: [logits], team: Team())
    let (means, deviations) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    let pixels = 32 * 32 * 3
    let every = labels.count / count
    var right = 0
    for start in stride(from: 0, to: count, by: batch) {
      let chosen = (start..<start + batch).map { $0 * every }
      program.set(
        input,
        chosen.flatMap { image in
          (0..<pixels).map {
            Float((images.values[image * pixels + $0] / 255 - means[$0 % 3]) / deviations[$0 % 3])
          }
        })
      program.forward()
      let outputs = program.value(of: logits).values
      for (sample, image) in chosen.enumerated() {
        let row = outputs[sample * 10..<(sample + 1) * 10]
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        right += best - sample * 10 == labels[image] ? 1 : 0
      }
    }
    #expect(right == stated)
  }
}
