import CKernels
import Randomness

/// Each channel less its mean over the batch and the image, over its deviation.
///
/// S. Ioffe, C. Szegedy. "Batch Normalization." ICML 2015.
///
/// ```
/// x̂ = (x − m) / √(v + ε),   y = γ x̂ + β                                  (1)
/// running ← (1 − μ) running + μ · batch                                  (2)
/// ∂L/∂x = γ / √(v + ε) (∂L/∂y − mean ∂L/∂y − x̂ mean(x̂ ∂L/∂y))            (3)
/// ```
///
/// The running variance takes the unbiased one, as PyTorch's does. A layer whose γ is frozen goes by
/// its running statistics and keeps them. Where the tape says so, each channel takes those with some
/// probability in each step (Kou et al., NeurIPS 2020). What follows a normalisation
/// in residual networks, another variable that is added and max(0, ·), is done in the same pass.
final class BatchNorm: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads
  private let isTraining: Bool
  private let isRectified: Bool
  private let epsilon: Float
  private let momentum: Float
  private let rows: Int
  private let channels: Int
  private let runningMean: Weight
  private let runningVariance: Weight
  /// With which probability a channel takes the batch's statistics, and the draws of it.
  private let share: Float
  private let draws: StepDraws?
  /// Whether each channel's statistics are the batch's.
  private var takesBatch: [Bool]
  /// By channel: m, 1/√(v + ε), γ/√(v + ε), β − γ m/√(v + ε), and the three factors of (3).
  private let table: [Storage]
  /// The sums of each half.
  private let sums: UnsafeMutableBufferPointer<Double>

  init(
    _ input: Variable, scale: Variable, offset: Variable, adding: Variable?, isRectified: Bool,
    runningMean: Weight, runningVariance: Weight, epsilon: Float, momentum: Float
  ) {
    operands = ([input, scale, offset] + (adding.map { [$0] } ?? [])).map { Operand($0.node) }
    output = Variable.output(input.shape, of: operands)
    isTraining = input.tape.mode == .training && scale.node.isDifferentiable
    share = input.tape.batchStatisticsShare
    draws = isTraining && share < 1 ? StepDraws(input.tape) : nil
    self.isRectified = isRectified
    // The sign of the output is that of γ x̂ + β, unless something was added.
    backwardReads = adding != nil && isRectified ? [.inputs, .output] : .inputs
    self.epsilon = epsilon
    self.momentum = momentum
    channels = scale.node.count
    rows = input.node.count / channels
    takesBatch = Array(repeating: isTraining, count: scale.node.count)
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    let channels = channels
    table = (0..<7).map { _ in Storage(count: channels) }
    sums = .allocate(capacity: 4 * channels)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  func forward(_ team: Team) {
    let (mean, inverse, factors, offsets) = (
      table[0].floats, table[1].floats, table[2].floats, table[3].floats
    )
    let input = operands[0].value
    if isTraining {
      findStatistics(team)
    } else {
      for channel in 0..<channels {
        mean[channel] = runningMean.value.floats[channel]
        inverse[channel] = 1 / (runningVariance.value.floats[channel] + epsilon).squareRoot()
      }
    }
    for channel in 0..<channels {
      factors[channel] = operands[1].value[channel] * inverse[channel]
      offsets[channel] = operands[2].value[channel] - factors[channel] * mean[channel]
    }
    let more = operands.count > 3 ? operands[3].value : nil
    team.split(rows, width: channels) { range in
      ck_affine_f32(
        range.count, channels, input.from(range.lowerBound, width: channels),
        factors.baseAddress, offsets.baseAddress,
        more?.from(range.lowerBound, width: channels), isRectified ? 1 : 0,
        output.value.from(range.lowerBound, width: channels))
    }
  }

  /// Mean and deviation of the batch, and what the running ones become (2).
  private func findStatistics(_ team: Team) {
    let (mean, inverse) = (table[0].floats, table[1].floats)
    let input = operands[0].value
    if let draws {
      var stream = RandomStream(RandomKey(seed: draws.word))
      for channel in 0..<channels { takesBatch[channel] = stream.uniform() < Double(share) }
    }
    // Sums about the first row: close to the mean, where it is far from 0.
    eachHalf(team) { range, sums, products in
      ck_shifted_moments_f32(
        range.count, channels, input.from(range.lowerBound, width: channels), input.baseAddress,
        sums, products)
    }
    let count = Double(rows)
    for channel in 0..<channels {
      let shift = (sums[channel] + sums[2 * channels + channel]) / count
      let square = (sums[channels + channel] + sums[3 * channels + channel]) / count
      let variance = max(0, square - shift * shift)
      let average = Float(Double(input[channel]) + shift)
      if takesBatch[channel] {
        mean[channel] = average
        inverse[channel] = Float(1 / (variance + Double(epsilon)).squareRoot())
      } else {
        mean[channel] = runningMean.value.floats[channel]
        inverse[channel] = 1 / (runningVariance.value.floats[channel] + epsilon).squareRoot()
      }
      let unbiased = Float(rows > 1 ? variance * count / (count - 1) : variance)
      runningMean.value.floats[channel] +=
        momentum * (average - runningMean.value.floats[channel])
      runningVariance.value.floats[channel] +=
        momentum * (unbiased - runningVariance.value.floats[channel])
    }
  }

  func backward(_ team: Team) {
    let (mean, inverse, factors, offsets) = (
      table[0].floats, table[1].floats, table[2].floats, table[3].floats
    )
    let (a, b, c) = (table[4].floats, table[5].floats, table[6].floats)
    let input = operands[0]
    let slopes = slopes(team)
    let isMasked = isRectified && operands.count < 4
    eachHalf(team) { range, sums, products in
      ck_affine_sums_f32(
        range.count, channels, input.value.from(range.lowerBound, width: channels),
        mean.baseAddress, isMasked ? factors.baseAddress : nil, offsets.baseAddress,
        slopes.from(range.lowerBound, width: channels), sums, products)
    }
    for channel in 0..<channels {
      let sum = Float(sums[channel] + sums[2 * channels + channel])
      let product = Float(sums[channels + channel] + sums[3 * channels + channel])
      if operands[1].wantsGradient { operands[1].gradient[channel] = product * inverse[channel] }
      if operands[2].wantsGradient { operands[2].gradient[channel] = sum }
      a[channel] = factors[channel]
      // Running statistics are constants.
      let scale = takesBatch[channel] ? factors[channel] / Float(rows) : 0
      b[channel] = -scale * inverse[channel] * inverse[channel] * product  // (3)
      c[channel] = -scale * sum - b[channel] * mean[channel]
    }
    guard input.wantsGradient else { return }
    team.split(rows, width: channels) { range in
      ck_affine_slopes_f32(
        range.count, channels, input.value.from(range.lowerBound, width: channels),
        isMasked ? factors.baseAddress : nil, offsets.baseAddress,
        slopes.from(range.lowerBound, width: channels), a.baseAddress, b.baseAddress,
        c.baseAddress, input.gradient.from(range.lowerBound, width: channels))
    }
  }

  /// The gradient before max(0, ·), where something was added: it is that one's gradient too.
  private func slopes(_ team: Team) -> Floats {
    guard operands.count > 3 else { return output.gradient }
    let added = operands[3]
    let result = added.wantsGradient ? added.gradient : output.gradient
    team.split(rows, width: channels) { range in
      let slopes = output.gradient.from(range.lowerBound, width: channels)
      let masked = result.from(range.lowerBound, width: channels)
      if isRectified {
        ck_relu_slopes_f32(
          range.count * channels, output.value.from(range.lowerBound, width: channels), slopes,
          masked)
      } else if slopes != masked {
        ck_scaled_f32(range.count * channels, 1, slopes, masked)
      }
    }
    return result
  }

  private func eachHalf(
    _ team: Team,
    _ body: (Range<Int>, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void
  ) {
    team.halves { half in
      let start = sums.baseAddress?.advanced(by: 2 * half * channels)
      body(Team.half(half, of: rows), start, start?.advanced(by: channels))
    }
  }
}

extension Variable {
  /// Batch normalisation of the last axis, over all others.
  ///
  /// Its weights are `weight` and `bias`, its statistics `running_mean` and `running_var`, which a
  /// scope with a domain keeps for that domain alone; in Keras's convention they are `gamma`,
  /// `beta`, `moving_mean` and `moving_variance`. `momentum` is what a batch counts for in the
  /// statistics. `adding` and max(0, ·), where `isRectified`, come after it.
  public func batchNorm(
    _ scope: Scope, adding: Variable? = nil, isRectified: Bool = false, epsilon: Float = 1e-5,
    momentum: Float = 0.1
  ) -> Variable {
    let channels = shape[shape.count - 1]
    let names =
      scope.convention == .keras
      ? ["gamma", "beta", "moving_mean", "moving_variance"]
      : ["weight", "bias", "running_mean", "running_var"]
    let scale = scope.weight(names[0], [channels], role: .scale, .constant(1))
    let offset = scope.weight(names[1], [channels], role: .bias, .constant(0))
    return tape.record(
      BatchNorm(
        self, scale: tape.variable(scale), offset: tape.variable(offset), adding: adding,
        isRectified: isRectified,
        runningMean: scope.statistic(names[2], channels, 0),
        runningVariance: scope.statistic(names[3], channels, 1), epsilon: epsilon,
        momentum: momentum))
  }
}
