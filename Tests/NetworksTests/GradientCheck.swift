import Foundation
import Networks
import Randomness
import Testing

/// What goes into an operation that is checked: an input, or a weight where it has a name.
struct Argument {
  enum Kind {
    case normal
    /// Rows that sum to 1.
    case probabilities
    /// From 1/2 to 3/2.
    case positive
  }

  var shape: [Int]
  var name: String?
  var kind = Kind.normal
  var isDifferentiable = true

  static func input(
    _ shape: [Int], _ kind: Kind = .normal, isDifferentiable: Bool = true
  ) -> Argument {
    Argument(shape: shape, name: nil, kind: kind, isDifferentiable: isDifferentiable)
  }

  static func weight(_ name: String, _ shape: [Int], _ kind: Kind = .normal) -> Argument {
    Argument(shape: shape, name: name, kind: kind)
  }

  /// Multiples of 1/1024, which single precision holds.
  func draw(_ stream: inout RandomStream) -> Reference {
    var values = (0..<shape.reduce(1, *)).map { _ in
      switch kind {
      case .normal: return stream.normal()
      case .probabilities, .positive: return 0.5 + stream.uniform()
      }
    }
    if kind == .probabilities { values = Reference(shape, values).normalisedRows.values }
    return Reference(shape, values.map { ($0 * 1024).rounded() / 1024 })
  }
}

extension Reference {
  fileprivate var normalisedRows: Reference {
    mapRows { row in row.map { $0 / row.reduce(0, +) } }
  }

  var floats: [Float] { values.map { Float($0) } }
}

/// An operation as a tape records it: of the inputs, with weights of the scope.
typealias Recording = (Tape, [Variable], Scope) -> Variable

/// What an operation's output is multiplied by before it is added up.
enum Upstream {
  case values([Float])
  case constant(Float)
  /// Normal numbers, always the same.
  case drawn

  func values(_ count: Int) -> [Float] {
    switch self {
    case .values(let values): return values
    case .constant(let value): return Array(repeating: value, count: count)
    case .drawn:
      var stream = RandomStream(RandomKey(seed: 6))
      return (0..<count).map { _ in Float(stream.normal()) }
    }
  }
}

/// What the engine computes of an operation: its output, the sum of the output's products with
/// the upstream numbers, and that sum's gradients with respect to all arguments.
struct EngineRun: Equatable {
  var output: [Float]
  var loss: Float
  var gradients: [[Float]]

  /// With `shares`, the operation's inputs and its output are others' outputs and inputs, so that
  /// it may be computed in place.
  init(
    _ arguments: [(argument: Argument, values: [Float])], upstream: Upstream,
    mode: Tape.Mode = .training, threads: Int = 1, shares: Bool = false, _ record: Recording
  ) {
    let weights = Weights(key: RandomKey(seed: 3))
    let tape = Tape(mode: mode, key: RandomKey(seed: 4))
    let inputs = arguments.filter { $0.argument.name == nil }
    let variables = inputs.map {
      tape.input($0.argument.shape, isDifferentiable: $0.argument.isDifferentiable)
    }
    let recorded = record(
      tape, shares ? variables.map { $0.scaled(by: 1) } : variables, Scope(weights))
    let factors = tape.input(recorded.shape)
    let loss = ((shares ? recorded.scaled(by: 1) : recorded) * factors).sum()
    let program = Program(
      minimizing: loss, outputs: shares ? [] : [recorded], team: Team(threads: threads))
    for (variable, input) in zip(variables, inputs) { program.set(variable, input.values) }
    for (argument, values) in arguments {
      guard let name = argument.name else { continue }
      guard let weight = weights[name] else {
        Issue.record("There is no weight \(name).")
        continue
      }
      weight.tensor = Tensor(argument.shape, values)
    }
    program.set(factors, upstream.values(recorded.shape.reduce(1, *)))
    self.loss = program.forward()
    program.backward()
    output = shares ? [] : program.value(of: recorded).values
    var next = variables.makeIterator()
    gradients = arguments.map { argument, _ in
      guard let name = argument.name else {
        guard let variable = next.next(), argument.isDifferentiable else { return [] }
        return program.gradient(of: variable).values
      }
      return weights[name]?.gradientTensor.values ?? []
    }
  }
}

/// How far numbers are from the expected ones, by the size of the largest of these, which counts as
/// the scale at least.
func distance(_ found: [Float], _ expected: [Double], scale: Double = 0.01) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(scale) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1) / scale
    return difference <= worst ? worst : difference.isNaN ? .infinity : difference
  }
}

/// Compares an operation with its reference in double precision: the output, and the gradients of a
/// weighted sum of the output with the reference's central differences.
///
/// The differences are of steps of 1e-5, whose error is near 1e-10. The engine's numbers are sums of
/// up to some hundred products in single precision, each of which is rounded by 6e-8 of its size: a
/// tolerance of 1e-5 of the largest number leaves room for some that cancel. One thread and two,
/// apart and in place, must give the same bits; `large` has the shapes of inputs with which halves of
/// the work go to both threads.
func checkGradients(
  of arguments: [Argument], large: [[Int]], tolerance: Double = 1e-5, mode: Tape.Mode = .training,
  _ record: @escaping Recording, reference: ([Reference]) -> Reference,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var stream = RandomStream(RandomKey(seed: 5))
  var values = arguments.map { $0.draw(&stream) }
  let expected = reference(values)
  let upstream = Argument.input(expected.shape).draw(&stream)
  let run = EngineRun(
    zip(arguments, values).map { ($0, $1.floats) }, upstream: .values(upstream.floats), mode: mode,
    record)
  var worst = distance(run.output, expected.values)
  #expect(worst <= tolerance, "output", sourceLocation: sourceLocation)

  func loss() -> Double {
    zip(reference(values).values, upstream.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
  for (place, argument) in arguments.enumerated() where argument.isDifferentiable {
    let slopes = values[place].values.indices.map { index in
      let value = values[place].values[index]
      let step = 1e-5
      values[place].values[index] = value + step
      let above = loss()
      values[place].values[index] = value - step
      let below = loss()
      values[place].values[index] = value
      return (above - below) / (2 * step)
    }
    let error = distance(run.gradients[place], slopes)
    worst = max(worst, error)
    #expect(
      error <= tolerance, "gradient of argument \(place)", sourceLocation: sourceLocation)
  }
  if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil {
    print("digits", sourceLocation.fileName, sourceLocation.line, worst)
  }
  checkBits(
    zip(arguments, values).map { ($0, $1.floats) }, mode: mode, record,
    sourceLocation: sourceLocation)
  var next = large.makeIterator()
  let others = arguments.filter { $0.name == nil }.map { argument in
    var argument = argument
    argument.shape = next.next() ?? argument.shape
    return (argument, argument.draw(&stream).floats)
  }
  checkBits(others, mode: mode, record, sourceLocation: sourceLocation)
}

/// One thread and two, apart and in place, give the same bits.
private func checkBits(
  _ arguments: [(Argument, [Float])], mode: Tape.Mode, _ record: Recording,
  sourceLocation: SourceLocation
) {
  func run(_ threads: Int, _ shares: Bool) -> EngineRun {
    EngineRun(
      arguments, upstream: .drawn, mode: mode, threads: threads, shares: shares, record)
  }
  let first = run(1, false)
  #expect(first == run(2, false), "two threads", sourceLocation: sourceLocation)
  for threads in 1...2 {
    let shared = run(threads, true)
    #expect(
      first.loss == shared.loss && first.gradients == shared.gradients, "in place",
      sourceLocation: sourceLocation)
  }
}
