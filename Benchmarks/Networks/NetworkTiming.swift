import Domains
import Foundation
import Methods
import Networks
import Randomness

/// Times steps of one network on weights and a batch that a file holds, and prints them as JSON.
///
/// Benchmarks/networks.py writes the file, runs PyTorch on it too, and compares.
@main
struct NetworkTiming {
  /// What is printed.
  struct Report: Encodable {
    let seconds: [Double]
    /// The loss, or the sum of the outputs, of the first step.
    let value: Double
    /// The bytes that the program planned, and the most that the process held.
    let planned: Int
    let peak: Int
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let batch = Int(arguments[2]), let threads = Int(arguments[3]),
      let steps = Int(arguments[4])
    else {
      print("usage: NetworkTiming NETWORK BATCH THREADS STEPS FILE")
      exit(2)
    }
    let arrays = try WeightSnapshot(contentsOf: arguments[5])
    let team = Team(threads: threads)
    let timed = try timed(arguments[1], batch: batch, arrays, team)
    let value = timed.step()
    let clock = ContinuousClock()
    let seconds = (0..<steps).map { _ in
      let duration = clock.measure { _ = timed.step() }.components
      return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
    }
    let report = Report(
      seconds: seconds, value: value, planned: timed.program.byteCount, peak: peakBytes())
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }

  private static func timed(
    _ name: String, batch: Int, _ arrays: WeightSnapshot, _ team: Team
  ) throws -> (program: Program, step: () -> Double) {
    guard let input = arrays["input"] else { throw WeightError.missing("input") }
    let weights = Weights()
    let scope = Scope(weights)
    let isInference = ["resnet50", "bert"].contains(name)
    let tape = Tape(mode: isInference ? .inference : .training)
    if name == "bert" {
      let network = BERT()
      let tokens = network.tokens(on: tape, samples: batch, steps: input.shape[1])
      let output = network.features(of: tokens, in: scope)
      try weights.load(arrays)
      let program = Program(computing: [output], team: team)
      program.set(
        tokens,
        (0..<batch).map { row in
          (0..<input.shape[1]).map { Int(input.values[row * input.shape[1] + $0]) }
        })
      return (program, { inferred(program, output) })
    }
    let samples = tape.input(input.shape)
    if isInference {
      let output = ResNet(.resnet50).logits(of: samples, classes: 1000, in: scope)
      try weights.load(arrays)
      let program = Program(computing: [output], team: team)
      program.set(samples, input)
      return (program, { inferred(program, output) })
    }
    let labels = tape.indices(batch)
    labels.set((0..<batch).map { $0 % 10 })
    let loss = loss(name, samples, labels, batch, scope)
    try weights.load(arrays)
    let program = Program(minimizing: loss, team: team)
    let optimizer = SGD(weights, rate: 0.01, momentum: 0.9)
    return (
      program,
      {
        // Data come anew with each step.
        program.set(samples, input)
        let value = program.forward()
        program.backward()
        optimizer.step(team: team)
        return Double(value)
      }
    )
  }

  private static func loss(
    _ name: String, _ samples: Variable, _ labels: Indices, _ batch: Int, _ scope: Scope
  ) -> Variable {
    switch name {
    case "mlp":
      return Perceptron(widths: [256, 256]).logits(of: samples, classes: 10, in: scope)
        .crossEntropy(labels)
    case "resnet20":
      return SmallResNet(depth: 20).logits(of: samples, classes: 10, in: scope)
        .crossEntropy(labels)
    case "dann":
      let features = LeNet().features(of: samples, in: scope)
      let domains = samples.tape.indices(2 * batch)
      domains.set((0..<2 * batch).map { $0 / batch })
      let adversary = features.reversingGradient(Coefficient(0.5))
        .dense(scope("hidden0"), 256).relu().dense(scope("hidden1"), 256).relu()
        .dense(scope("output"), 2).crossEntropy(domains)
      let logits = features.slice(0..<batch, along: .first)
      return LeNet().head(on: logits, classes: 10, in: scope).crossEntropy(labels) + adversary
    default:
      return LeNet().logits(of: samples, classes: 10, in: scope).crossEntropy(labels)
    }
  }

  private static func inferred(_ program: Program, _ output: Variable) -> Double {
    program.forward()
    return program.value(of: output).values.reduce(0) { $0 + Double($1) }
  }

  private static func peakBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }
}
