import CKernels

/// What moves weights by their gradients.
public protocol Optimizer: AnyObject {
  /// The learning rate, before the factors of the groups.
  var rate: Float { get set }
  /// Moves every trained weight; gradients count times the factor.
  func step(team: Team, factor: Float)
}

/// Weights with a learning rate and a decay of their own.
public struct ParameterGroup: Sendable, Hashable {
  /// How the names of its weights begin: `layer4.`, or the empty name for all others.
  public var prefix: String
  /// The factor of the learning rate.
  public var rate: Float
  /// The factor of the weight decay.
  public var decay: Float

  /// A group; its factors are 1.
  public init(prefix: String, rate: Float = 1, decay: Float = 1) {
    self.prefix = prefix
    self.rate = rate
    self.decay = decay
  }
}

/// The trained weights, each with its group: that of the longest prefix.
struct ParameterGroups {
  let members: [(weight: Weight, group: ParameterGroup)]

  init(_ weights: Weights, _ groups: [ParameterGroup]) {
    members = weights.all.filter(\.isTrained).map { weight in
      let group = groups.filter { weight.name.hasPrefix($0.prefix) }
        .max { $0.prefix.count < $1.prefix.count }
      return (weight, group ?? ParameterGroup(prefix: ""))
    }
  }
}

extension Weights {
  /// The factor that brings the norm of all gradients down to `limit`; 1 where it is below.
  public func clippingFactor(norm limit: Float) -> Float {
    let squares = all.filter(\.isTrained).reduce(0.0) { sum, weight in
      let floats = weight.gradient.floats
      return sum + ck_inner_f32(floats.count, floats.baseAddress, floats.baseAddress)
    }
    // As PyTorch does, with a small number against division by 0.
    return min(1, limit / (Float(squares.squareRoot()) + 1e-6))
  }
}
