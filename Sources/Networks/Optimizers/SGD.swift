import CKernels

/// Stochastic gradient descent with momentum (Sutskever et al., ICML 2013, in PyTorch's form).
///
/// ```
/// g = ∇L(w) + λ w                                                        (1)
/// v ← μ v + g                                                            (2)
/// w ← w − η v,   or   w − η (g + μ v)   after Nesterov                    (3)
/// ```
public final class SGD: Optimizer {
  /// η; each group of weights has a factor of it.
  public var rate: Float
  /// μ.
  public var momentum: Float
  /// λ.
  public var decay: Float
  /// Whether (3) looks ahead.
  public var isNesterov: Bool
  private let groups: ParameterGroups
  private var velocities: [Storage?]

  /// An optimiser of the weights that are trained now.
  public init(
    _ weights: Weights, rate: Float, momentum: Float = 0.9, decay: Float = 0,
    isNesterov: Bool = false, groups: [ParameterGroup] = []
  ) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.isNesterov = isNesterov
    self.groups = ParameterGroups(weights, groups)
    velocities = self.groups.members.map { Storage(count: $0.weight.value.floats.count) }
  }

  /// Moves every trained weight by its gradient, times the factor.
  public func step(team: Team, factor: Float = 1) {
    team.flushing {
      for (place, member) in groups.members.enumerated() {
        let weight = member.weight
        weight.changes += 1
        let velocity = velocities[place]
        let (rate, decay) = (rate * member.group.rate, decay * member.group.decay)
        team.split(weight.value.floats.count) { range in
          ck_sgd_f32(
            range.count, rate, momentum, isNesterov ? 1 : 0, decay, factor,
            weight.gradient.floats.from(range.lowerBound), velocity?.floats.from(range.lowerBound),
            weight.value.floats.from(range.lowerBound))
        }
      }
    }
  }
}
