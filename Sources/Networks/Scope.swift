/// Where a layer's weights are: in these weights, under this name.
///
/// `scope("layer1")("conv1")` names `layer1.conv1`.
public struct Scope {
  let weights: Weights
  private let prefix: String
  private let domain: String?
  /// How layers name their weights and order the axes of kernels.
  private(set) var convention = Convention.torch

  /// How published weights are named and laid out.
  public enum Convention: Sendable {
    /// `weight`, with the outputs first.
    case torch
    /// `kernel`, with the outputs last; `depthwise_kernel`, `gamma`, `beta`.
    case keras
  }

  /// The scope of the whole network.
  ///
  /// With a domain, batch normalisation keeps statistics of that domain; weights are shared.
  public init(_ weights: Weights, domain: String? = nil) {
    self.init(weights: weights, prefix: "", domain: domain)
  }

  private init(weights: Weights, prefix: String, domain: String?) {
    self.weights = weights
    self.prefix = prefix
    self.domain = domain
  }

  /// The same scope with weights of this convention.
  public func following(_ convention: Convention) -> Scope {
    var scope = self
    scope.convention = convention
    return scope
  }

  /// The scope of a part.
  public func callAsFunction(_ name: String) -> Scope {
    Scope(
      weights: weights, prefix: prefix.isEmpty ? name : prefix + "." + name, domain: domain
    ).following(convention)
  }

  /// The scope of a part that has a number.
  public func callAsFunction(_ index: Int) -> Scope { self(String(index)) }

  /// A weight of the layer, made on the first call.
  func weight(
    _ name: String, _ shape: [Int], role: Weight.Role = .kernel, _ initialization: Initialization
  ) -> Weight {
    weights.weight(self(name).prefix, shape, role: role, initialization)
  }

  /// A statistic of so many channels, which begins with the value; the domain's, in a domain.
  func statistic(_ name: String, _ channels: Int, _ value: Float) -> Weight {
    let name = domain.map { name + "." + $0 } ?? name
    return weight(name, [channels], role: .statistic, .constant(value))
  }
}
