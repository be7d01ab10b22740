import Domains
import Foundation
import Methods
import Networks
import Testing

/// Networks at full size with weights that torchvision and transformers wrote, against their logits
/// and gradients in double precision.
///
/// `Scripts/golden/networks_backbones.py --full DIR` writes the files.
@Suite("Agreement at full size")
struct FullSizeTests {
  private static let folder = ProcessInfo.processInfo.environment["TRANSFERBENCH_FULL_WEIGHTS"]

  enum Network: Sendable {
    case images(any Backbone)
    case text(any TokenBackbone)
  }

  /// A network, and the largest relative error that a gradient may have.
  ///
  /// PyTorch's own in single precision are 2e-3 (ResNet-18 and 34), 9e-4 (ResNet-50), 1e-3
  /// (Inception-v3), 3e-2 (ResNet-50 in training, VGG-16) and 2e-6 (transformers): a rounding that
  /// moves an activation across 0 changes all gradients below it at once. The limits are about
  /// twice that, and 1e-3 for transformers.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let mode: Tape.Mode
    let network: Network
    let limit: Double

    var testDescription: String { "\(name), \(mode)" }
  }

  static let cases: [Case] = {
    let all = [
      Case(name: "resnet50", mode: .inference, network: .images(ResNet(.resnet50)), limit: 2e-3),
      Case(name: "resnet50", mode: .training, network: .images(ResNet(.resnet50)), limit: 0.06),
      Case(name: "resnet18", mode: .inference, network: .images(ResNet(.resnet18)), limit: 4e-3),
      Case(name: "resnet34", mode: .inference, network: .images(ResNet(.resnet34)), limit: 4e-3),
      Case(name: "inception_v3", mode: .inference, network: .images(InceptionV3()), limit: 3e-3),
      Case(name: "vgg16", mode: .inference, network: .images(VGG16()), limit: 0.06),
      Case(name: "bert", mode: .inference, network: .text(BERT()), limit: 1e-3),
      Case(name: "roberta", mode: .inference, network: .text(RoBERTa()), limit: 1e-3),
      Case(name: "distilbert", mode: .inference, network: .text(DistilBERT()), limit: 1e-3),
      Case(name: "gpt2", mode: .inference, network: .text(GPT2()), limit: 1e-3),
    ]
    return all.filter { given in
      folder.map { FileManager.default.fileExists(atPath: "\($0)/\(given.name).safetensors") }
        ?? false
    }
  }()

  @Test(
    "Logits and gradients",
    .enabled(
      if: !cases.isEmpty,
      "no weights: set TRANSFERBENCH_FULL_WEIGHTS to what networks_backbones.py --full writes"),
    arguments: cases)
  func agreement(_ given: Case) throws {
    let folder = try #require(Self.folder)
    let inputs = try WeightSnapshot(contentsOf: "\(folder)/\(given.name).inputs.safetensors")
    let labels = try #require(inputs["labels"]).values.map { Int($0) }
    let weights = Weights()
    let tape = Tape(mode: given.mode)
    let logits: Variable
    let set: (Program) -> Void
    switch given.network {
    case .images(let network):
      let images = channelsLast(try #require(inputs["input"]))
      let input = tape.input(images.shape)
      logits = network.logits(of: input, classes: 1000, in: Scope(weights))
      set = { $0.set(input, images) }
    case .text(let network):
      let given = try #require(inputs["tokens"])
      let mask = try #require(inputs["mask"]).values
      let steps = given.shape[1]
      let sequences = (0..<given.shape[0]).map { sample in
        (sample * steps..<(sample + 1) * steps).filter { mask[$0] == 1 }
          .map { Int(given.values[$0]) }
      }
      let tokens = network.tokens(on: tape, samples: given.shape[0], steps: steps)
      logits = network.logits(of: tokens, classes: 3, in: Scope(weights))
      set = { $0.set(tokens, sequences) }
    }
    let extra = try weights.load(contentsOf: "\(folder)/\(given.name).safetensors")
    #expect(extra.allSatisfy { $0.hasSuffix("num_batches_tracked") })

    let classes = tape.indices(labels.count)
    let loss = logits.crossEntropy(classes)
    let program = Program(minimizing: loss, outputs: [logits], team: Team())
    set(program)
    classes.set(labels)
    program.forward()
    program.backward()

    let golden = try WeightSnapshot(contentsOf: "\(folder)/\(given.name).outputs.safetensors")
    let mode = given.mode == .training ? "train" : "eval"
    let wanted = try #require(golden["\(mode):logits"])
    let scale = wanted.values.reduce(0) { max($0, abs($1)) }
    let distance =
      zip(program.value(of: logits).values, wanted.values)
      .reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
    #expect(distance <= 1e-4)
    let prefix = "\(mode):gradient:"
    let gradients = golden.names.filter { $0.hasPrefix(prefix) }
    let norms = try gradients.map { norm(try #require(golden[$0]).values) }
    let largest = norms.max() ?? 0
    var greatest = (distance: 0.0, name: "")
    for (name, norm) in zip(gradients, norms) {
      let weight = try #require(weights[String(name.dropFirst(prefix.count))])
      let difference = zip(weight.gradientTensor.values, try #require(golden[name]).values)
        .reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
      // A gradient below a millionth of the largest is 0 but for rounding.
      if norm < 1e-6 * largest {
        #expect(difference <= 1e-5 * largest, "\(name)")
      } else {
        #expect(difference <= given.limit * norm, "\(name)")
        if difference / norm > greatest.distance { greatest = (difference / norm, name) }
      }
    }
    if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil {
      print("full size", given.testDescription, "logits", distance, "gradients", greatest)
    }
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func channelsLast(_ images: Tensor) -> Tensor {
    let (channels, pixels) = (images.shape[1], images.shape[2] * images.shape[3])
    var values: [Float] = []
    for sample in 0..<images.shape[0] {
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          values.append(images.values[(sample * channels + channel) * pixels + pixel])
        }
      }
    }
    return Tensor([images.shape[0], images.shape[2], images.shape[3], channels], values)
  }
}
