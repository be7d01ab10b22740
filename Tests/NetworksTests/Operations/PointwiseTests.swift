import Networks
import Randomness
import Testing

@Suite("Operations on each number, on rows and on shapes")
struct PointwiseTests {
  private func check(
    _ record: @escaping (Variable) -> Variable, tolerance: Double = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation, _ function: (Double) -> Double
  ) {
    checkGradients(
      of: [.input([5, 9])], large: [[90, 101]], tolerance: tolerance,
      { _, x, _ in record(x[0].scaled(by: 3)) },
      reference: { $0[0].map { function(3 * $0) } }, sourceLocation: sourceLocation)
  }

  @Test("Activations")
  func activations() {
    check({ $0.relu() }, { max(0, $0) })
    check({ $0.relu6() }, { min(6, max(0, $0)) })
    check({ $0.tanh() }, { hyperbolicTangent($0) })
    check({ $0.sigmoid() }, { 1 / (1 + exponential(-$0)) })
    checkGradients(of: [.input([5, 9])], large: [[90, 101]]) { _, x, _ in
      (x[0] * x[0]).log1p()
    } reference: {
      $0[0].map { logarithm(1 + $0 * $0) }
    }
    check({ $0.gelu() }, { $0 / 2 * (1 + errorFunction($0 / 2.0.squareRoot())) })
    check(
      { $0.geluTanh() },
      {
        let inner = (2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)
        return $0 / 2 * (1 + hyperbolicTangent(inner))
      })
  }

  @Test("Softmax and its logarithm")
  func softmax() {
    checkGradients(of: [.input([4, 6])], large: [[90, 101]]) { _, x, _ in
      x[0].softmax()
    } reference: {
      $0[0].softmax
    }
    checkGradients(of: [.input([2, 2, 6])], large: [[9, 10, 101]]) { _, x, _ in
      x[0].logSoftmax()
    } reference: {
      $0[0].logSoftmax
    }
  }

  @Test("Sums, products, factors")
  func arithmetic() {
    let pair = [Argument.input([3, 4]), .input([3, 4])]
    let large = [[100, 90], [100, 90]]
    checkGradients(of: pair, large: large) { _, x, _ in
      x[0] + x[1]
    } reference: {
      $0[0].combined($0[1], +)
    }
    checkGradients(of: pair, large: large) { _, x, _ in
      x[0] * x[1]
    } reference: {
      $0[0].combined($0[1], *)
    }
    checkGradients(of: pair, large: large) { _, x, _ in
      x[0] + x[0]
    } reference: {
      $0[0].map { 2 * $0 }.combined($0[1]) { first, _ in first }
    }
    checkGradients(of: [pair[0]], large: [large[0]]) { _, x, _ in
      x[0] * x[0]
    } reference: {
      $0[0].map { $0 * $0 }
    }
    checkGradients(of: [pair[0]], large: [large[0]]) { _, x, _ in
      x[0].scaled(by: -0.75)
    } reference: {
      $0[0].map { -0.75 * $0 }
    }
    checkGradients(of: [pair[0]], large: [large[0]]) { _, x, _ in
      x[0].mean()
    } reference: {
      Reference($0[0].mean)
    }
    checkGradients(of: [pair[0]], large: [large[0]]) { _, x, _ in
      x[0].sum()
    } reference: {
      Reference($0[0].mean * 12)
    }
    checkGradients(of: [pair[0]], large: [large[0]]) { _, x, _ in
      x[0].reshaped([x[0].shape[1], x[0].shape[0]])
    } reference: {
      Reference([4, 3], $0[0].values)
    }
  }

  @Test("Reversed gradients")
  func reversal() {
    for shares in [false, true] {
      let run = EngineRun(
        [(.input([2, 2]), [1, 2, 3, 4])], upstream: .values([1, -2, 3, 0.5]), shares: shares
      ) { _, x, _ in x[0].reversingGradient(Coefficient(0.25)) }
      #expect(run.loss == 8)
      #expect(run.gradients[0] == [-0.25, 0.5, -0.75, -0.125])
    }
  }

  @Test("Concatenation and slices")
  func joints() {
    checkGradients(
      of: [.input([2, 2, 3]), .input([2, 2, 1]), .input([2, 2, 2])],
      large: [[9, 10, 60], [9, 10, 30], [9, 10, 20]]
    ) { _, x, _ in
      Variable.concatenation(x, along: .last)
    } reference: { x in
      Reference([2, 2, 6], (0..<4).flatMap { row in x.flatMap { $0.rows[row] } })
    }
    checkGradients(of: [.input([2, 3]), .input([4, 3])], large: [[100, 60], [70, 60]]) { _, x, _ in
      Variable.concatenation(x, along: .first)
    } reference: {
      Reference([6, 3], $0[0].values + $0[1].values)
    }
    checkGradients(of: [.input([5, 2, 2])], large: [[50, 20, 20]]) { _, x, _ in
      x[0].slice(1..<4, along: .first)
    } reference: {
      Reference([3, 2, 2], Array($0[0].values[4..<16]))
    }
    checkGradients(of: [.input([3, 2, 5])], large: [[50, 20, 20]]) { _, x, _ in
      x[0].slice(1..<3, along: .last)
    } reference: {
      Reference([3, 2, 2], $0[0].rows.flatMap { $0[1..<3] })
    }
  }

  @Test("Halves that are cut and joined again are the whole")
  func roundTrip() {
    checkGradients(of: [.input([4, 3])], large: [[100, 90]]) { _, x, _ in
      let halves = [x[0].slice(0..<2, along: .first), x[0].slice(2..<4, along: .first)]
      return Variable.concatenation(halves, along: .first)
    } reference: {
      $0[0]
    }
  }
}

@Suite("Pooling")
struct PoolingTests {
  @Test("Greatest numbers and means of windows", arguments: [(2, 2, 0), (3, 2, 1), (2, 1, 0)])
  func windows(_ window: (Int, Int, Int)) {
    let (kernel, stride, padding) = window
    checkGradients(of: [.input([2, 5, 6, 3])], large: [[8, 20, 20, 5]]) { _, x, _ in
      x[0].maxPool(kernel, stride: stride, padding: padding)
    } reference: {
      $0[0].pooled(kernel, stride: stride, padding: padding) { $0.max() ?? 0 }
    }
    // More channels than are taken together, and a single image.
    checkGradients(of: [.input([1, 5, 6, 11])], large: [[1, 40, 40, 20]]) { _, x, _ in
      x[0].maxPool(kernel, stride: stride, padding: padding)
    } reference: {
      $0[0].pooled(kernel, stride: stride, padding: padding) { $0.max() ?? 0 }
    }
    for countsPadding in [true, false] {
      checkGradients(of: [.input([2, 5, 6, 3])], large: [[8, 20, 20, 5]]) { _, x, _ in
        x[0].averagePool(kernel, stride: stride, padding: padding, countsPadding: countsPadding)
      } reference: {
        $0[0].pooled(kernel, stride: stride, padding: padding) { window in
          window.reduce(0, +) / Double(countsPadding ? kernel * kernel : window.count)
        }
      }
    }
  }

  @Test("Means of images and of bins")
  func adaptive() {
    checkGradients(of: [.input([3, 4, 5, 2])], large: [[8, 20, 20, 5]]) { _, x, _ in
      x[0].globalAveragePool()
    } reference: {
      Reference([3, 2], $0[0].adaptivePooled(1, 1).values)
    }
    for (down, across) in [(1, 1), (2, 3), (7, 4), (4, 5)] {
      checkGradients(of: [.input([2, 4, 5, 2])], large: [[8, 20, 20, 5]]) { _, x, _ in
        x[0].adaptiveAveragePool(down, across)
      } reference: {
        $0[0].adaptivePooled(down, across)
      }
    }
  }
}

@Suite("Dropout")
struct DropoutTests {
  private func run(threads: Int = 1, shares: Bool = false, mode: Tape.Mode = .training)
    -> EngineRun
  {
    EngineRun(
      [(.input([100, 200]), Array(repeating: 1, count: 20_000))],
      upstream: .constant(2), mode: mode, threads: threads, shares: shares
    ) { _, x, _ in x[0].dropout(0.3) }
  }

  @Test("Numbers are kept with their probability, and scaled; gradients go where they were kept")
  func kept() {
    let run = run()
    let kept = run.output.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 1 / 0.7) < 1e-6 })
    // A standard error of 0.0032.
    #expect(abs(Double(kept.count) / 20_000 - 0.7) < 0.013)
    #expect(run.gradients[0] == run.output.map { 2 * $0 })
  }

  @Test("The same bits with two threads and in place")
  func bits() {
    #expect(run() == run(threads: 2))
    #expect(run().gradients == run(threads: 2, shares: true).gradients)
  }

  @Test("Nothing is dropped in inference")
  func inference() {
    #expect(run(mode: .inference).output.allSatisfy { $0 == 1 })
  }

  @Test("Steps and layers draw apart")
  func draws() {
    let tape = Tape(mode: .training, key: RandomKey(seed: 1))
    let input = tape.input([10, 100])
    let (one, other) = (input.dropout(0.5), input.dropout(0.5))
    let program = Program(computing: [one, other], team: Team())
    program.set(input, Array(repeating: 1, count: 1000))
    program.forward()
    let first = program.value(of: one).values
    #expect(agreement(first, program.value(of: other).values) < 600)
    program.forward()
    #expect(agreement(first, program.value(of: one).values) < 600)
  }

  /// How many places agree: 500 of 1,000 by chance, with a deviation of 16.
  private func agreement(_ one: [Float], _ other: [Float]) -> Int {
    zip(one, other).count { $0 == $1 }
  }
}
