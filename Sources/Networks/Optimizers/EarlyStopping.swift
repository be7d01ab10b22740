/// Keeps the weights of the best validation result, and says when there was no better one for long.
///
/// ```swift
/// var stopping = EarlyStopping(patience: 10, goal: .highest)
/// for epoch in 0..<epochs {
///   train()
///   if stopping.record(validationAccuracy(), weights.snapshot) { break }
/// }
/// if let best = stopping.best { weights.snapshot = best.weights }
/// ```
public struct EarlyStopping: Sendable {
  /// Which results are better.
  public enum Goal: Sendable {
    /// Lower ones: a loss.
    case lowest
    /// Higher ones: an accuracy.
    case highest
  }

  /// After how many results in a row that are not the best training stops.
  public let patience: Int
  /// Which results are better.
  public let goal: Goal
  /// By how much a result must be better than the best to count.
  public let margin: Double
  /// The best result, its place among all, and the weights that had it.
  public private(set) var best: (result: Double, round: Int, weights: WeightSnapshot)?
  /// How many results were recorded.
  public private(set) var rounds = 0

  /// No results yet.
  public init(patience: Int, goal: Goal, margin: Double = 0) {
    self.patience = patience
    self.goal = goal
    self.margin = margin
  }

  /// Takes a result, and the weights where it is the best; whether training should stop.
  ///
  /// A result that is not a number is never the best.
  public mutating func record(_ result: Double, _ weights: @autoclosure () -> WeightSnapshot)
    -> Bool
  {
    let gain = best.map { goal == .lowest ? $0.result - result : result - $0.result }
    if !result.isNaN, gain.map({ $0 > margin }) ?? true { best = (result, rounds, weights()) }
    rounds += 1
    return rounds - (best.map { $0.round + 1 } ?? 0)
      >= patience
  }
}
