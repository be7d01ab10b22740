import Foundation
import Randomness
import Testing

@testable import Networks

@Suite("Agreement with PyTorch")
struct GoldenTests {
  typealias Case = OperationGolden.Case

  @Test("The recorded values can be read")
  func readable() throws {
    let golden = try #require(OperationGolden.recorded)
    #expect(golden.cases.count > 80)
  }

  @Test("Operations and their gradients", arguments: OperationGolden.recorded?.cases ?? [])
  func operation(_ golden: Case) throws {
    let isHeads = golden.operation == "dotProductAttention"
    func laidOut(_ array: OperationGolden.Array) -> OperationGolden.Array {
      isHeads ? array.headsJoined : array.channelsLast
    }
    let (weights, names) = weightNames(of: golden)
    let weightStore = Weights(key: RandomKey(seed: 0))
    let tape = Tape(mode: golden.attributes.training == false ? .inference : .training)
    var inputs: [String: Variable] = [:]
    var set: [(Variable, [Float])] = []
    for name in golden.inputs.keys.sorted() where names[name] == nil {
      guard let array = golden.inputs[name], !isNamedApart(name) else { continue }
      let values = laidOut(array)
      let input = tape.input(values.shape, isDifferentiable: golden.gradients[name] != nil)
      inputs[name] = input
      set.append((input, values.floats))
    }
    let output = try record(golden, tape, inputs, Scope(weightStore), &set)
    let upstream = tape.input(output.shape)
    let loss = (output * upstream).sum()
    let program = Program(minimizing: loss, outputs: [output], team: Team())
    for (variable, values) in set { program.set(variable, values) }
    program.set(upstream, laidOut(golden.upstream).floats)
    for name in weights {
      let key = try #require(names[name])
      let array = try #require(golden.inputs[name])
      let weight = try #require(weightStore[key])
      weight.tensor = Tensor(array.shape, array.floats)
    }
    program.forward()
    program.backward()

    let expected = laidOut(golden.output)
    #expect(output.shape == expected.shape)
    var digits = [distance(program.value(of: output).values, expected.values)]
    #expect(digits[0] <= 1e-5)
    let largest = golden.gradients.values.flatMap(\.values).reduce(0) { max($0, abs($1)) }
    for (name, gradient) in golden.gradients.sorted(by: { $0.key < $1.key }) {
      let found: [Float]
      let wanted: [Double]
      if let key = names[name] {
        found = try #require(weightStore[key]).gradientTensor.values
        wanted = gradient.values
      } else {
        found = program.gradient(of: try #require(inputs[name])).values
        wanted = laidOut(gradient).values
      }
      // A bias of all keys changes no probability: what is left of its gradient is rounding.
      digits.append(distance(found, wanted, scale: name == "keyBias" ? largest : 0.01))
      #expect(digits.last ?? 1 <= 1e-5, "gradient of \(name)")
    }
    for (name, state) in golden.state ?? [:] {
      let key = try #require(names[name])
      digits.append(
        distance(try #require(weightStore[key]).tensor.values, state.values))
      #expect(digits.last ?? 1 <= 1e-5, "\(name)")
    }
    if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil {
      print("golden", digits.max() ?? 0, golden.name)
    }
  }

  /// Whether an input is not a variable of the tape.
  private func isNamedApart(_ name: String) -> Bool {
    ["tokens", "labels", "classWeights", "keyMask"].contains(name)
  }

  /// The inputs that are weights here, and the engine's names of them.
  private func weightNames(of golden: Case) -> ([String], [String: String]) {
    var names: [String: String] = [:]
    for name in golden.inputs.keys {
      switch name {
      case "weight", "bias": names[name] = name
      case "runningMean": names[name] = "running_mean"
      case "runningVariance": names[name] = "running_var"
      case "source", "target", "first", "second", "key", "query", "value": break
      default:
        if name.hasSuffix("Weight") { names[name] = name.dropLast(6) + ".weight" }
        if name.hasSuffix("Bias") { names[name] = name.dropLast(4) + ".bias" }
      }
    }
    return (names.keys.sorted(), names)
  }

  private func record(
    _ golden: Case, _ tape: Tape, _ inputs: [String: Variable], _ scope: Scope,
    _ set: inout [(Variable, [Float])]
  ) throws -> Variable {
    let attributes = golden.attributes
    func input(_ name: String) throws -> Variable { try #require(inputs[name]) }
    func outputs(_ name: String = "weight") throws -> Int {
      try #require(golden.inputs[name]).shape[0]
    }
    func indices(_ name: String) throws -> Indices {
      let array = try #require(golden.inputs[name])
      let indices = tape.indices(array.values.count)
      indices.set(array.values.map { Int($0) })
      return indices
    }
    /// What is added to scores: a number far below 0 for padding.
    func mask() -> Variable? {
      guard let mask = golden.inputs["keyMask"] else { return nil }
      let variable = tape.input(mask.shape)
      set.append((variable, mask.values.map { $0 == 0 ? -1e9 : 0 }))
      return variable
    }
    let epsilon = Float(attributes.epsilon ?? 1e-5)
    let hasBias = golden.inputs["bias"] != nil
    switch golden.operation {
    case "dense": return try input("input").dense(scope, outputs(), hasBias: hasBias)
    case "conv2d":
      return try input("input").conv2d(
        scope, outputs(), kernel: Array(#require(golden.inputs["weight"]).shape[2...]),
        stride: #require(attributes.stride), padding: #require(attributes.padding),
        dilation: #require(attributes.dilation), groups: #require(attributes.groups),
        hasBias: hasBias)
    case "batchNorm": return try input("input").batchNorm(scope, epsilon: epsilon)
    case "layerNorm": return try input("input").layerNorm(scope, epsilon: epsilon)
    case "groupNorm":
      return try input("input").groupNorm(
        scope, groups: #require(attributes.groups), epsilon: epsilon)
    case "relu": return try input("input").relu()
    case "relu6": return try input("input").relu6()
    case "gelu": return try input("input").gelu()
    case "geluTanh": return try input("input").geluTanh()
    case "tanh": return try input("input").tanh()
    case "sigmoid": return try input("input").sigmoid()
    case "softmax": return try input("input").softmax()
    case "logSoftmax": return try input("input").logSoftmax()
    case "maxPool", "averagePool":
      let (kernel, stride) = try (#require(attributes.kernel)[0], #require(attributes.stride)[0])
      let padding = try #require(attributes.padding)[0]
      let roundsUp = try #require(attributes.ceilMode as Bool?)
      guard let countsPadding = attributes.countsPadding else {
        return try input("input").maxPool(
          kernel, stride: stride, padding: padding, roundsUp: roundsUp)
      }
      return try input("input").averagePool(
        kernel, stride: stride, padding: padding, countsPadding: countsPadding,
        roundsUp: roundsUp)
    case "adaptiveAveragePool":
      let size = try #require(attributes.size)
      return try input("input").adaptiveAveragePool(size[0], size[1])
    case "embedding":
      let (weight, tokens) = try (
        #require(golden.inputs["weight"]), #require(golden.inputs["tokens"])
      )
      return try tape.embedding(
        indices("tokens"), shape: tokens.shape, scope, count: weight.shape[0],
        features: weight.shape[1], padding: attributes.paddingIndex)
    case "dotProductAttention":
      return try Variable.attention(
        queries: input("query"), keys: input("key"), values: input("value"),
        heads: #require(attributes.heads), mask: mask(),
        isCausal: #require(attributes.causal as Bool?))
    case "attention":
      let x = try input("input")
      let features = x.shape[2]
      let parts: [Variable]
      if try #require(attributes.packed as Bool?) {
        let packed = x.dense(scope("in"), 3 * features)
        parts = (0..<3).map {
          packed.slice($0 * features..<($0 + 1) * features, along: .last)
        }
      } else {
        parts = ["query", "key", "value"].map { x.dense(scope($0), features) }
      }
      return try Variable.attention(
        queries: parts[0], keys: parts[1], values: parts[2], heads: #require(attributes.heads),
        mask: mask(), isCausal: #require(attributes.causal as Bool?)
      ).dense(scope("out"), features)
    case "concatenation":
      return Variable.concatenation(
        inputs.sorted { $0.key < $1.key }.map(\.value),
        along: attributes.axis == 0 ? .first : .last)
    case "sum": return try input("first") + input("second")
    case "gradientReversal":
      return try input("input").reversingGradient(
        Coefficient(Float(#require(attributes.strength))))
    case "crossEntropy":
      let weights = golden.inputs["classWeights"]?.floats
      let smoothing = Float(attributes.smoothing ?? 0)
      guard let targets = inputs["targets"] else {
        return try input("logits").crossEntropy(
          indices("labels"), weights: weights, smoothing: smoothing)
      }
      return try input("logits").crossEntropy(
        targets, weights: weights, smoothing: smoothing)
    case "meanSquaredError": return try input("input").meanSquaredError(input("target"))
    case "klDivergence":
      return try input("logits").logSoftmax().divergence(input("targets"))
    case "klDivergenceOfLogits":
      return try input("second").logSoftmax().divergence(input("first").softmax())
    case "entropy": return try input("logits").entropy()
    case "maximumMeanDiscrepancy":
      // 2 v of each of the script's variances v.
      return try input("source").meanDiscrepancy(
        input("target"), widths: .fixed([1, 2, 4, 16]))
    case "correlationAlignment":
      return try input("source").correlationDistance(input("target"))
    case "rowNormalization": return try input("input").rowsNormalized()
    case "cosines": return try input("input").cosines(scope, outputs())
    case "products": return try input("first").products(withRowsOf: input("second"))
    case "squaredDistances":
      return try input("first").squaredDistances(toRowsOf: input("second"))
    case "groupMeans":
      return try input("input").means(ofGroups: #require(attributes.assignment))
    case "logSumExp": return try input("input").logSumExp()
    default:
      Issue.record("\(golden.operation) is no operation that is compared.")
      throw CancellationError()
    }
  }

  @Test("Optimisers", arguments: OperationGolden.recorded?.optimizers.runs ?? [])
  func optimizer(_ run: OperationGolden.Optimizers.Run) throws {
    let golden = try #require(OperationGolden.recorded).optimizers
    let weights = Weights(key: RandomKey(seed: 0))
    for (name, array) in golden.start.sorted(by: { $0.key < $1.key }) {
      weights.weight(name, array.shape, role: .kernel, .constant(0)).tensor = Tensor(
        array.shape, array.floats)
    }
    let a = run.attributes
    let groups = (run.rates ?? [:]).map {
      ParameterGroup(prefix: $0.key, rate: Float($0.value / a.rate))
    }
    let optimizer: any Optimizer =
      run.optimizer == "sgd"
      ? SGD(
        weights, rate: Float(a.rate), momentum: Float(a.momentum ?? 0),
        decay: Float(a.weightDecay), isNesterov: a.nesterov ?? false, groups: groups)
      : Adam(
        weights, rate: Float(a.rate), betas: (a.beta1 ?? 0.9, a.beta2 ?? 0.999),
        epsilon: Float(a.epsilon ?? 1e-8), decay: Float(a.weightDecay),
        isDecoupled: run.optimizer == "adamW", groups: groups)
    let team = Team()
    var worst = 0.0
    for (gradients, expected) in zip(golden.gradients, run.steps) {
      for weight in weights.all {
        _ = weight.gradient.floats.update(
          fromContentsOf: try #require(gradients[weight.name]).floats)
      }
      optimizer.step(team: team, factor: 1)
      for weight in weights.all {
        let wanted = try #require(expected[weight.name])
        worst = max(worst, distance(weight.tensor.values, wanted.values))
      }
    }
    #expect(worst <= 1e-6)
    if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil {
      print("optimizer", worst, run.name)
    }
  }

  @Test("Schedules", arguments: OperationGolden.recorded?.schedules ?? [])
  func schedule(_ golden: OperationGolden.Schedule) throws {
    let a = golden.attributes
    let schedule: Schedule
    switch golden.name {
    case "step": schedule = .steps(every: try #require(a.every), factor: try #require(a.factor))
    case "cosine": schedule = .cosine(floor: try #require(a.least) / a.rate)
    case "linear warm-up": schedule = .linear(warmUp: try #require(a.warmUp))
    case "cosine warm-up": schedule = .cosine(warmUp: try #require(a.warmUp))
    case "slanted triangular":
      schedule = .slantedTriangular(cut: try #require(a.cut), ratio: try #require(a.ratio))
    case "annealing":
      schedule = .annealing(alpha: try #require(a.alpha), beta: try #require(a.beta))
    case "adaptation strength": schedule = .growth(steepness: try #require(a.gamma))
    default: throw CancellationError()
    }
    for (step, value) in golden.values.enumerated() {
      let found = a.rate * schedule.factor(step: step, of: a.steps ?? golden.values.count)
      #expect(abs(found - value) < 1e-8)
    }
  }

  @Test("Clipping of gradients")
  func clipping() throws {
    for golden in try #require(OperationGolden.recorded).clipping {
      let weights = Weights(key: RandomKey(seed: 0))
      for (name, array) in golden.before.sorted(by: { $0.key < $1.key }) {
        let weight = weights.weight(name, array.shape, role: .kernel, .constant(0))
        _ = weight.gradient.floats.update(fromContentsOf: array.floats)
      }
      let factor = weights.clippingFactor(norm: Float(golden.limit))
      for (name, array) in golden.after {
        let found = try #require(weights[name]).gradientTensor.values.map { factor * $0 }
        #expect(distance(found, array.values) < 1e-6)
      }
    }
  }
}
