import Foundation

/// What a learning rate or a trade-off is multiplied by as training goes on: a function of the step
/// and of the number of steps, which may be epochs just as well.
///
/// ```swift
/// optimizer.rate = 0.01 * Float(Schedule.cosine().factor(step: epoch, of: epochs))
/// ```
public enum Schedule: Sendable, Hashable {
  /// Always 1.
  case constant
  /// γ^⌊t / every⌋.
  case steps(every: Int, factor: Double)
  /// γ to the number of milestones that are reached.
  case milestones([Int], factor: Double)
  /// t / w in the first w steps, then f + (1 − f) (1 + cos(π (t − w) / (T − w))) / 2 (Loshchilov &
  /// Hutter, ICLR 2017, without restarts).
  case cosine(floor: Double = 0, warmUp: Int = 0)
  /// t / w in the first w steps, then (T − t) / (T − w), as transformers are fine-tuned.
  case linear(warmUp: Int = 0)
  /// (1 + p (r − 1)) / r with p = t / c before the cut c = ⌊T q⌋, then 1 − (t − c) / (c (1/q − 1))
  /// (Howard & Ruder, ACL 2018, equation 3).
  case slantedTriangular(cut: Double = 0.1, ratio: Double = 32)
  /// (1 + α p)^(−β), p = t / T (Ganin et al., JMLR 2016, section 5.2.2).
  case annealing(alpha: Double = 10, beta: Double = 0.75)
  /// 2 / (1 + exp(−γ p)) − 1, p = t / T: how λ grows from 0 to 1 (Ganin et al., JMLR 2016, section
  /// 5.2.2).
  case growth(steepness: Double = 10)

  /// The factor of step t, counted from 0, of T steps.
  public func factor(step: Int, of count: Int) -> Double {
    let (t, total) = (Double(step), Double(max(count, 1)))
    switch self {
    case .constant: return 1
    case .steps(let every, let factor): return pow(factor, Double(step / max(every, 1)))
    case .milestones(let milestones, let factor):
      return pow(factor, Double(milestones.count { $0 <= step }))
    case .cosine(let floor, let warmUp):
      guard step >= warmUp else { return t / Double(warmUp) }
      let progress = min(1, (t - Double(warmUp)) / max(1, total - Double(warmUp)))
      return floor + (1 - floor) * (1 + cos(.pi * progress)) / 2
    case .linear(let warmUp):
      return step < warmUp
        ? t / Double(warmUp) : max(0, (total - t) / max(1, total - Double(warmUp)))
    case .slantedTriangular(let share, let ratio):
      let cut = max(1, (total * share).rounded(.down))
      let p = t < cut ? t / cut : max(0, 1 - (t - cut) / max(1, cut * (1 / share - 1)))
      return (1 + p * (ratio - 1)) / ratio
    case .annealing(let alpha, let beta): return pow(1 + alpha * t / total, -beta)
    case .growth(let steepness): return 2 / (1 + exp(-steepness * t / total)) - 1
    }
  }
}
