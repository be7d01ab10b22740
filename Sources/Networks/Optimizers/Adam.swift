import CKernels

/// Adam (Kingma & Ba, ICLR 2015), and AdamW (Loshchilov & Hutter, ICLR 2019).
///
/// ```
/// g = ∇L(w) + λ w;   decoupled: g = ∇L(w) and w ← w − η λ w              (1)
/// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²                        (2)
/// w ← w − η m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)                       (3)
/// ```
///
/// As PyTorch's `Adam` and, decoupled, `AdamW`.
public final class Adam: Optimizer {
  /// η; each group of weights has a factor of it.
  public var rate: Float
  /// β₁ and β₂.
  public var betas: (first: Double, second: Double)
  /// ε.
  public var epsilon: Float
  /// λ.
  public var decay: Float
  /// Whether decay takes the second form of (1), AdamW's.
  public var isDecoupled: Bool
  private let groups: ParameterGroups
  private let means: [Storage]
  private let squares: [Storage]
  private var steps = 0

  /// An optimiser of the weights that are trained now.
  public init(
    _ weights: Weights, rate: Float, betas: (first: Double, second: Double) = (0.9, 0.999),
    epsilon: Float = 1e-8, decay: Float = 0, isDecoupled: Bool = false,
    groups: [ParameterGroup] = []
  ) {
    self.rate = rate
    self.betas = betas
    self.epsilon = epsilon
    self.decay = decay
    self.isDecoupled = isDecoupled
    self.groups = ParameterGroups(weights, groups)
    means = self.groups.members.map { Storage(count: $0.weight.value.floats.count) }
    squares = self.groups.members.map { Storage(count: $0.weight.value.floats.count) }
  }

  /// Moves every trained weight by its gradient, times the factor.
  public func step(team: Team, factor: Float = 1) {
    steps += 1
    let correction = 1 - power(betas.first)
    let root = Float(1 / (1 - power(betas.second)).squareRoot())
    team.flushing {
      for (place, member) in groups.members.enumerated() {
        let weight = member.weight
        weight.changes += 1
        let (rate, decay) = (rate * member.group.rate, decay * member.group.decay)
        let step = Float(Double(rate) / correction)
        team.split(weight.value.floats.count) { range in
          let first = range.lowerBound
          ck_adam_f32(
            range.count, step, root, Float(betas.first), Float(betas.second), epsilon,
            isDecoupled ? 0 : decay, isDecoupled ? rate * decay : 0, factor,
            weight.gradient.floats.from(first), means[place].floats.from(first),
            squares[place].floats.from(first), weight.value.floats.from(first))
        }
      }
    }
  }

  /// βᵗ, by squaring.
  private func power(_ base: Double) -> Double {
    var (result, factor, exponent) = (1.0, base, steps)
    while exponent > 0 {
      if exponent & 1 == 1 { result *= factor }
      factor *= factor
      exponent >>= 1
    }
    return result
  }
}
