import Dispatch
import Foundation
import Metrics
import Randomness
import Synchronization

/// Measures how well intervals cover and whether tests keep their level, on simulated data whose
/// truth is known; prints tables in Markdown.
@main struct Coverage {
  static let key = RandomKey(seed: 20_260_101)

  static func main() {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let simulations = arguments.first ?? 2000
    let resamples = arguments.dropFirst().first ?? 1000
    let counts = arguments.count > 2 ? Array(arguments.dropFirst(2)) : [1, 3, 5, 10]
    print("\(simulations) simulations, \(resamples) resamples. Share of 95 % intervals that hold")
    print("the truth, share of verdicts `negative` though the true gain isn't, mean width over")
    print("that of ±1.96 true deviations.\n")
    print("| case | repetitions | gain | wrongly negative | width | drift | width |")
    print("|---|---|---|---|---|---|---|")
    for (place, population) in Population.all.enumerated() {
      for repetitions in counts {
        let row = intervals(
          population, repetitions, simulations, resamples,
          key.child("case", place).child("repetitions", repetitions))
        print(row)
      }
    }
    print("")
    tests(simulations)
  }

  /// What one simulation says.
  struct Outcome {
    var gainHolds = false
    var isNegative = false
    var gainError = 0.0
    var gainWidth = 0.0
    var driftHolds = false
    var driftError = 0.0
    var driftWidth = 0.0
  }

  static func concurrently<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let value = body(index)
      values.withLock { $0[index] = value }
    }
    return values.withLock { $0.compactMap(\.self) }
  }

  static func intervals(
    _ population: Population, _ repetitions: Int, _ simulations: Int, _ resamples: Int,
    _ key: RandomKey
  ) -> String {
    let outcomes = concurrently(simulations) { simulation -> Outcome in
      let own = key.child("simulation", simulation)
      let experiment = population.draw(repetitions: repetitions, own.child("data"))
      let results = PairedBootstrap(resamples: resamples, key: own.child("bootstrap")).intervals(
        repetitions: experiment.repetitions,
        statistics: [Metric.accuracy.statistic, GroupMetric.accuracyGap.statistic(group: "group")])
      var outcome = Outcome()
      if let gain = results[0], let low = gain.gainLow, let high = gain.gainHigh {
        outcome.gainHolds = low <= experiment.gain && experiment.gain <= high
        outcome.isNegative =
          experiment.gain >= 0 && gain.verdict(.higherIsBetter) == .negative
        outcome.gainError = (gain.gain ?? 0) - experiment.gain
        outcome.gainWidth = high - low
      }
      if let drift = results[1], let low = drift.gainLow, let high = drift.gainHigh {
        outcome.driftHolds = low <= experiment.drift && experiment.drift <= high
        outcome.driftError = (drift.gain ?? 0) - experiment.drift
        outcome.driftWidth = high - low
      }
      return outcome
    }
    func mean(_ value: (Outcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
    }
    func width(_ width: (Outcome) -> Double, _ error: (Outcome) -> Double) -> Double {
      let centre = mean(error)
      let deviation = mean { (error($0) - centre) * (error($0) - centre) }.squareRoot()
      return mean(width) / (2 * 1.96 * deviation)
    }
    return String(
      format: "| %@ | %d | %.3f | %.3f | %.2f | %.3f | %.2f |", population.name as NSString,
      repetitions, mean { $0.gainHolds ? 1 : 0 }, mean { $0.isNegative ? 1 : 0 },
      width({ $0.gainWidth }, { $0.gainError }), mean { $0.driftHolds ? 1 : 0 },
      width({ $0.driftWidth }, { $0.driftError }))
  }

  /// The tests' probabilities on data without an effect.
  static func tests(_ simulations: Int) {
    print("| test under no effect | share at most 0.05 | Kolmogorov–Smirnov distance | its p |")
    print("|---|---|---|---|")
    func line(_ name: String, _ values: [Double]) {
      let rejected = Double(values.reduce(0) { $0 + ($1 <= 0.05 ? 1 : 0) }) / Double(values.count)
      let distance = kolmogorovDistance(values)
      print(
        String(
          format: "| %@ | %.3f | %.4f | %.2f |", name as NSString, rejected, distance,
          kolmogorovTail(distance, values.count)))
    }
    for pairs in [17, 40, 80] {
      line(
        "Wilcoxon, \(pairs) pairs",
        concurrently(simulations) { simulation in
          var stream = RandomStream(key.child("wilcoxon", pairs).child("simulation", simulation))
          return SignedRankTest(differences: (0..<pairs).map { _ in stream.normal() }).pValue
        })
    }
    for (methods, blocks) in [(5, 17), (20, 17), (10, 40)] {
      // Each row from draws of its own.
      func tests(_ name: String) -> [FriedmanTest] {
        concurrently(simulations) { simulation -> FriedmanTest in
          var stream = RandomStream(
            key.child(name, methods).child("blocks", blocks).child("simulation", simulation))
          return FriedmanTest(
            blocks: (0..<blocks).map { _ in
              let difficulty = stream.normal()
              return (0..<methods).map { _ in difficulty + stream.normal() }
            })
        }
      }
      line(
        "Friedman χ², \(methods) methods on \(blocks) pairs", tests("friedman").map(\.pValue))
      line(
        "Iman–Davenport, \(methods) methods on \(blocks) pairs",
        tests("iman-davenport").compactMap(\.fisherPValue))
    }
  }

  /// The greatest distance of the values' distribution from that of a test's probabilities without
  /// an effect.
  ///
  /// An exact test's probabilities are discrete: P(p ≤ v) is v at the values v that it can take, and
  /// constant between them. Both distributions step at these values alone, so they are furthest apart
  /// at one of them.
  static func kolmogorovDistance(_ values: [Double]) -> Double {
    let (sorted, count) = (values.sorted(), Double(values.count))
    return sorted.indices.map { place in
      place + 1 < sorted.count && sorted[place + 1] == sorted[place]
        ? 0 : abs(Double(place + 1) / count - sorted[place])
    }.max() ?? 0
  }

  /// Kolmogorov's asymptotic probability of a distance at least as great.
  static func kolmogorovTail(_ distance: Double, _ count: Int) -> Double {
    let scaled = distance * Double(count).squareRoot()
    guard scaled > 0.2 else { return 1 }
    var sum = 0.0
    for term in 1...100 {
      let square = Double(term * term) * scaled * scaled
      sum += (term % 2 == 1 ? 1 : -1) * exp(-2 * square)
    }
    return min(1, 2 * sum)
  }
}
