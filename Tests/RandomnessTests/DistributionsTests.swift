import Randomness
import Testing

// Bounds are five standard deviations of the estimate or more; the streams are fixed, so what
// passes once passes always.
struct DistributionsTests {
  private func moments(_ values: [Double]) -> (mean: Double, second: Double, fourth: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let second = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let fourth =
      values.reduce(0) { sum, value in
        let square = (value - mean) * (value - mean)
        return sum + square * square
      } / count
    return (mean, second, fourth)
  }

  /// Pearson's statistic of counts that should be equal.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func uniformNumbersHaveTheirMoments() {
    var stream = RandomStream(RandomKey(seed: 11))
    let values = (0..<100_000).map { _ in stream.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    let (mean, second, fourth) = moments(values)
    #expect(abs(mean - 0.5) < 0.005)
    #expect(abs(second - 1.0 / 12) < 0.0015)
    #expect(abs(fourth - 1.0 / 80) < 0.0003)
    var counts = [Int](repeating: 0, count: 100)
    for value in values { counts[Int(value * 100)] += 1 }
    // 99 degrees of freedom: the mean is 99 and the standard deviation 14.
    #expect((29..<169).contains(chiSquare(counts)))
    let ranged = (0..<1000).map { _ in stream.uniform(in: -3..<5) }
    #expect(ranged.allSatisfy { $0 >= -3 && $0 < 5 })
    #expect(abs(moments(ranged).mean - 1) < 0.4)
  }

  @Test func normalNumbersHaveTheirMoments() {
    var stream = RandomStream(RandomKey(seed: 12))
    let values = (0..<100_000).map { _ in stream.normal() }
    #expect(values.allSatisfy { $0.isFinite })
    let (mean, second, fourth) = moments(values)
    #expect(abs(mean) < 0.016)
    #expect(abs(second - 1) < 0.023)
    #expect(abs(fourth - 3) < 0.16)
    // P(|x| > 1.959964) = 0.05, P(x < −2.326348) = 0.01.
    #expect(abs(values.count { abs($0) > 1.959964 } - 5000) < 350)
    #expect(abs(values.count { $0 < -2.326348 } - 1000) < 160)
    let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / 100_000
    #expect(abs(neighbours) < 0.016)
  }

  @Test func integersAreEven() {
    var stream = RandomStream(RandomKey(seed: 13))
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    // 6 degrees of freedom: the 99.9999 % point is 38.
    #expect(chiSquare(counts) < 38)
    #expect((0..<10).allSatisfy { _ in stream.integer(below: 1) == 0 })
    // Two thirds of all words: simple remainders would prefer the lower half.
    let large = 3 << 61
    let lower = (0..<10_000).count { _ in stream.integer(below: large) < large / 2 }
    #expect(abs(lower - 5000) < 300)
  }

  @Test func everyOrderIsEquallyLikely() {
    var stream = RandomStream(RandomKey(seed: 14))
    var counts = [Int](repeating: 0, count: 24)
    for _ in 0..<24_000 {
      let order = stream.permutation(4)
      #expect(order.sorted() == [0, 1, 2, 3])
      // The place of the order among the 24, in the factorial number system.
      var place = 0
      for (index, value) in order.enumerated() {
        place = place * (4 - index) + order[index...].count { $0 < value }
      }
      counts[place] += 1
    }
    // 23 degrees of freedom: the 99.9999 % point is 67.
    #expect(chiSquare(counts) < 67)
    #expect(stream.permutation(0).isEmpty)
    #expect(stream.permutation(1) == [0])
  }

  @Test func samplesAreDifferentAndEven() {
    var stream = RandomStream(RandomKey(seed: 15))
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 {
      let sample = stream.sample(3, of: 10)
      #expect(Set(sample).count == 3)
      for index in sample { counts[index] += 1 }
    }
    // 3,000 each, with a standard deviation of 46.
    #expect(counts.allSatisfy { abs($0 - 3000) < 250 })
    #expect(stream.sample(0, of: 5).isEmpty)
    #expect(stream.sample(5, of: 5).sorted() == [0, 1, 2, 3, 4])
  }

  @Test func indicesFollowTheirWeights() {
    var stream = RandomStream(RandomKey(seed: 16))
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<60_000 { counts[stream.index(weights: [1, 0, 2, 3])] += 1 }
    #expect(counts[1] == 0)
    for (index, expected) in [(0, 10_000), (2, 20_000), (3, 30_000)] {
      #expect(abs(counts[index] - expected) < 650)
    }
    #expect((0..<100).allSatisfy { _ in stream.index(weights: [0, 0, 1e-300]) == 2 })
  }
}
