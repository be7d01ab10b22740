/// How long, and how fast, a network is trained.
public struct NetworkTraining: Sendable, Hashable {
  /// Passes over the samples.
  public var epochs = 20
  /// Samples a step.
  public var batchSize = 64
  /// The learning rate.
  public var rate = 0.01
  /// The momentum.
  public var momentum = 0.9
  /// The weight decay.
  public var decay = 5e-4
  /// Steps at least: a pass over few samples is soon over.
  public var fewestSteps = 200

  /// Twenty passes at a rate of 0.01.
  public init() {}

  /// The steps of a fit to so many samples.
  public func steps(samples: Int) -> Int {
    max(fewestSteps, (epochs * samples + batchSize - 1) / batchSize)
  }
}
