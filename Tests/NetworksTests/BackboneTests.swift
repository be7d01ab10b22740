import Foundation
import Testing

@testable import Networks

/// Networks with the weights of a formula, against torchvision, transformers and PyTorch in double
/// precision.
@Suite("Agreement of backbones with torchvision and transformers")
struct BackboneTests {
  enum Network: Sendable {
    case images(any Backbone)
    case features(any Backbone)
    case text(any TokenBackbone)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let mode: Tape.Mode
    let network: Network

    var testDescription: String { "\(name), \(mode)" }
  }

  private static func small(_ layers: Int = 2) -> TransformerShape {
    TransformerShape(
      layers: layers, width: 32, heads: 4, inner: 128, vocabulary: 100, positions: 32, dropout: 0)
  }

  private static func inception() -> InceptionV3 {
    var network = InceptionV3()
    network.dropout = 0
    return network
  }

  static let cases: [Case] = {
    let normalised: [(String, any Backbone)] = [
      ("resnet20", SmallResNet(depth: 20)), ("resnet32", SmallResNet(depth: 32)),
      ("resnet56", SmallResNet(depth: 56)), ("resnet18", ResNet(.resnet18)),
      ("resnet34", ResNet(.resnet34)), ("resnet50", ResNet(.resnet50)),
      ("inception_v3", inception()), ("mobilenet_v1", MobileNet()),
    ]
    let plain: [(String, Network)] = [
      ("mlp", .features(Perceptron(widths: [256, 256]))), ("lenet", .images(LeNet())),
      ("vgg16", .images(VGG16())), ("bert", .text(BERT(small()))),
      ("roberta", .text(RoBERTa(small()))), ("distilbert", .text(DistilBERT(small()))),
      ("gpt2", .text(GPT2(small()))),
    ]
    return plain.map { Case(name: $0, mode: .inference, network: $1) }
      + normalised.flatMap { name, network in
        [Tape.Mode.training, .inference].map {
          Case(name: name, mode: $0, network: .images(network))
        }
      }
  }()

  /// A recorded network: its logits, what it knows at each step, and how its input is set.
  private struct Recording {
    let logits: Variable
    let states: Variable?
    let set: (Program) -> Void
  }

  private func record(
    _ network: Network, _ golden: BackboneGolden, _ tape: Tape, _ scope: Scope
  ) throws -> Recording {
    switch network {
    case .text(let network):
      let sequences = try #require(golden.sequences)
      let steps = try #require(golden.tokens).map(\.count).max() ?? 0
      let tokens = network.tokens(on: tape, samples: sequences.count, steps: steps)
      let states = network.states(of: tokens, in: scope)
      return Recording(
        logits: network.logits(of: tokens, classes: golden.classes, in: scope), states: states
      ) { $0.set(tokens, sequences) }
    case .images(let network):
      let given = try #require(golden.input)
      let shape = given.shape
      let input = tape.input([shape[0], shape[2], shape[3], shape[1]])
      let images = OperationGolden.Array(
        shape: shape,
        values: GoldenFormula.numbers(given.name, shape.product).map { Double($0) })
      return Recording(
        logits: network.logits(of: input, classes: golden.classes, in: scope), states: nil
      ) { $0.set(input, images.channelsLast.floats) }
    case .features(let network):
      let given = try #require(golden.input)
      let input = tape.input([given.shape[0], given.shape[1...].reduce(1, *)])
      return Recording(
        logits: network.logits(of: input, classes: golden.classes, in: scope), states: nil
      ) { $0.set(input, GoldenFormula.numbers(given.name, input.shape.product)) }
    }
  }

  @Test("Names, logits and gradients", arguments: cases)
  func agreement(_ given: Case) throws {
    let golden = try BackboneGolden(given.name)
    let mode = given.mode == .training ? try #require(golden.train) : golden.eval
    let weights = Weights()
    let tape = Tape(mode: given.mode)
    let recording = try record(given.network, golden, tape, Scope(weights))
    let classes = tape.indices(golden.labels.count)
    let loss = recording.logits.crossEntropy(classes)

    let wanted = golden.arrays.sorted { $0.name < $1.name }
    let found = weights.all.sorted { $0.name < $1.name }
    #expect(found.map(\.name) == wanted.map(\.name))
    for weight in weights.all { GoldenFormula.fill(weight, biasOffset: mode.biasOffset) }
    for array in wanted {
      let weight = try #require(weights[array.name])
      #expect(weight.shape == array.shape, "\(array.name)")
      if given.mode == .inference {
        #expect(weight.value.floats[0] == Float(array.first), "\(array.name)")
      }
    }

    let program = Program(
      minimizing: loss, outputs: [recording.logits] + (recording.states.map { [$0] } ?? []),
      team: Team())
    recording.set(program)
    classes.set(golden.labels)
    let value = program.forward()
    program.backward()

    #expect(abs(Double(value) - mode.loss) <= 1e-4 * mode.loss)
    let logits = distance(program.value(of: recording.logits).values, mode.logits.flatMap(\.self))
    #expect(logits <= 1e-5)
    if let hidden = mode.hidden {
      let states = program.value(of: try #require(recording.states))
      #expect(states.shape == hidden.shape)
      #expect(distance(states.values, hidden.values) <= 1e-5)
    }
    let gradients = try gradients(of: weights, against: mode)
    for golden in mode.statistics ?? [] {
      let weight = try #require(weights[golden.name])
      #expect(
        GoldenFormula.distance(weight.value.floats, golden) <= 1e-5 * golden.norm,
        "\(golden.name)")
    }
    if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil {
      print("backbone", given.testDescription, "logits", logits, "gradients", gradients)
    }
  }

  /// The largest distance of a gradient, relative to its norm.
  ///
  /// A gradient below a millionth of the largest is 0 but for rounding, such as that of a bias that
  /// a normalisation takes out again: its distance is relative to the largest.
  private func gradients(of weights: Weights, against mode: BackboneGolden.Mode) throws -> Double {
    #expect(
      weights.all.filter(\.isTrained).map(\.name).sorted()
        == mode.gradients.map(\.name).sorted())
    let largest = mode.gradients.map(\.norm).max() ?? 0
    var greatest = 0.0
    for golden in mode.gradients {
      let weight = try #require(weights[golden.name])
      let isRounding = golden.norm < 1e-6 * largest
      let distance = GoldenFormula.distance(weight.gradient.floats, golden)
      if isRounding {
        #expect(distance <= 1e-5 * largest, "gradient of \(golden.name)")
      } else {
        #expect(distance <= 1e-3 * golden.norm, "gradient of \(golden.name)")
        greatest = max(greatest, distance / golden.norm)
      }
    }
    return greatest
  }

  /// The largest distance over the largest number.
  private func distance(_ found: [Float], _ wanted: [Double]) -> Double {
    guard found.count == wanted.count else { return .infinity }
    let scale = wanted.reduce(0) { max($0, abs($1)) }
    return zip(found, wanted).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / scale
  }
}
