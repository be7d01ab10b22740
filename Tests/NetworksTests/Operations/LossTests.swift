import Networks
import Randomness
import Testing

@Suite("Losses")
struct LossTests {
  @Test(
    "Cross-entropy with classes, weights and smoothing", arguments: [Float(0), 0.1], [false, true])
  func crossEntropy(smoothing: Float, isWeighted: Bool) {
    let labels = [2, 0, -1, 1, 2]
    let weights: [Float] = isWeighted ? [1, 0.25, 2] : [1, 1, 1]
    checkGradients(of: [.input([5, 3])], large: []) { tape, x, _ in
      let classes = tape.indices(5)
      classes.set(labels)
      return x[0].crossEntropy(
        classes, weights: isWeighted ? weights : nil, smoothing: smoothing)
    } reference: { arguments in
      let logs = arguments[0].logSoftmax
      var (sum, mass) = (0.0, 0.0)
      for (row, label) in labels.enumerated() where label >= 0 {
        mass += Double(weights[label])
        for other in 0..<3 {
          let share = Double(smoothing) / 3 + (other == label ? 1 - Double(smoothing) : 0)
          sum -= share * Double(weights[other]) * logs[row, other]
        }
      }
      return Reference(sum / mass)
    }
  }

  @Test("Cross-entropy with target probabilities")
  func softCrossEntropy() {
    checkGradients(
      of: [.input([4, 5]), .input([4, 5], .probabilities)], large: [[90, 101], [90, 101]]
    ) { _, x, _ in
      x[0].crossEntropy(x[1])
    } reference: {
      let logs = $0[0].logSoftmax
      return Reference(-5 * logs.combined($0[1], *).mean)
    }
  }

  @Test("Mean squared error")
  func squares() {
    checkGradients(of: [.input([4, 5]), .input([4, 5])], large: [[90, 101], [90, 101]]) {
      _, x, _ in
      x[0].meanSquaredError(x[1])
    } reference: {
      Reference($0[0].combined($0[1]) { ($0 - $1) * ($0 - $1) }.mean)
    }
  }

  @Test("Divergence from target probabilities, and of two variables' probabilities")
  func divergence() {
    checkGradients(
      of: [.input([4, 5]), .input([4, 5], .probabilities)], large: [[90, 101], [90, 101]]
    ) { _, x, _ in
      x[0].logSoftmax().divergence(x[1])
    } reference: {
      let logs = $0[0].logSoftmax
      return Reference(5 * $0[1].combined(logs) { $0 * (logarithm($0) - $1) }.mean)
    }
    checkGradients(of: [.input([4, 5]), .input([4, 5])], large: [[90, 101], [90, 101]]) {
      _, x, _ in
      x[0].logSoftmax().divergence(x[1].softmax())
    } reference: {
      let logs = $0[0].logSoftmax
      return Reference(5 * $0[1].softmax.combined(logs) { $0 * (logarithm($0) - $1) }.mean)
    }
  }

  @Test("Probabilities of 0 add nothing to a divergence")
  func divergenceAtZero() {
    let run = EngineRun(
      [(.input([1, 2]), [0, 0]), (.input([1, 2]), [0, 1])], upstream: .values([1])
    ) { _, x, _ in x[0].logSoftmax().divergence(x[1]) }
    #expect(abs(run.loss - 0.693147) < 1e-6)
    #expect(run.gradients.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test("Binary cross-entropy")
  func binary() {
    checkGradients(
      of: [.input([4, 5]), .input([4, 5], .probabilities)], large: [[90, 101], [90, 101]]
    ) { _, x, _ in
      x[0].binaryCrossEntropy(x[1])
    } reference: {
      Reference(
        $0[0].combined($0[1]) { x, t in
          let p = 1 / (1 + exponential(-x))
          return -t * logarithm(p) - (1 - t) * logarithm(1 - p)
        }.mean)
    }
  }

  @Test("Losses of extreme logits are finite, and what they should be")
  func extremes() {
    let binary = EngineRun(
      [(.input([4]), [200, -200, 200, -200]), (.input([4]), [1, 0, 0, 1])], upstream: .values([1])
    ) { _, x, _ in x[0].binaryCrossEntropy(x[1]) }
    #expect(binary.loss == 100)
    #expect(binary.gradients[0] == [0, 0, 0.25, -0.25])
    let entropy = EngineRun([(.input([2, 2]), [500, -500, 0, 0])], upstream: .values([1])) {
      _, x, _ in x[0].entropy()
    }
    #expect(abs(entropy.loss - 0.34657359) < 1e-6)
    #expect(entropy.gradients[0].allSatisfy { abs($0) < 1e-7 })
  }

  @Test("Entropy of probabilities")
  func entropy() {
    checkGradients(of: [.input([4, 5])], large: [[90, 101]]) { _, x, _ in
      x[0].entropy()
    } reference: {
      Reference(-5 * $0[0].softmax.combined($0[0].logSoftmax, *).mean)
    }
  }

  @Test("Mean discrepancy with fixed widths")
  func meanDiscrepancy() {
    checkGradients(of: [.input([5, 3]), .input([4, 3])], large: [[60, 70], [50, 70]]) { _, x, _ in
      x[0].meanDiscrepancy(x[1], widths: .fixed([1, 2, 16]))
    } reference: {
      Reference(Reference.meanDiscrepancy($0[0], $0[1], [1, 2, 16]))
    }
  }

  @Test("Mean discrepancy with widths by the mean distance, which are constants to gradients")
  func relativeWidths() {
    var scale: Double?
    checkGradients(of: [.input([5, 3]), .input([4, 3])], large: [[60, 70], [50, 70]]) { _, x, _ in
      x[0].meanDiscrepancy(x[1], widths: .relative([0.5, 1, 2]))
    } reference: { arguments in
      let points = arguments[0].rows + arguments[1].rows
      var sum = 0.0
      for one in points {
        for other in points {
          sum += zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
      }
      // The first call is with the arguments themselves.
      let width = scale ?? sum / 72
      scale = width
      return Reference(
        Reference.meanDiscrepancy(arguments[0], arguments[1], [0.5 * width, width, 2 * width]))
    }
  }

  @Test("Samples that are alike have no discrepancy")
  func alike() {
    let points = (0..<30).map { Float($0 * $0 % 11) }
    for record: (Variable, Variable) -> Variable in [
      { $0.meanDiscrepancy($1) }, { $0.correlationDistance($1) },
    ] {
      let run = EngineRun(
        [(.input([10, 3]), points), (.input([10, 3]), points)], upstream: .values([1])
      ) { _, x, _ in record(x[0], x[1]) }
      #expect(abs(run.loss) < 1e-6)
      #expect(run.gradients.allSatisfy { $0.allSatisfy { abs($0) < 1e-5 } })
    }
    let same = EngineRun(
      [
        (.input([3, 2]), Array(repeating: 1, count: 6)),
        (.input([3, 2]), Array(repeating: 1, count: 6)),
      ],
      upstream: .values([1])
    ) { _, x, _ in x[0].meanDiscrepancy(x[1]) }
    #expect(same.loss == 0 && same.gradients.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test("Distance of correlations")
  func correlation() {
    checkGradients(of: [.input([5, 3]), .input([4, 3])], large: [[60, 70], [50, 70]]) { _, x, _ in
      x[0].correlationDistance(x[1])
    } reference: {
      let difference = $0[0].covariance.combined($0[1].covariance, -)
      return Reference(difference.map { $0 * $0 }.mean / 4)
    }
  }
}

extension LossTests {
  @Test("Contrastive loss of squared distances")
  func contrastive() {
    let labels = [0, 1, 2, 0, 1, 1, 0]
    checkGradients(of: [.input([3, 4], .positive)], large: []) { tape, x, _ in
      let classes = tape.indices(7)
      classes.set(labels)
      return x[0].contrastiveLoss(classes: classes, margin: 1.1)
    } reference: { arguments in
      var (same, other) = ([Double](), [Double]())
      for row in 0..<3 {
        for column in 0..<4 {
          let distance = arguments[0][row, column]
          if labels[row] == labels[3 + column] {
            same.append(distance / 2)
          } else {
            let gap = max(0, 1.1 - distance.squareRoot())
            other.append(gap * gap / 2)
          }
        }
      }
      return Reference(
        same.reduce(0, +) / Double(same.count) + other.reduce(0, +) / Double(other.count))
    }
  }

  /// Two classes at one place: no direction, no gradient; a batch of one class has no other pairs.
  @Test("Contrastive loss where classes lie upon each other")
  func contrastiveAtZero() {
    for (labels, loss) in [([0, 1], Float(0.5)), ([1, 1], 0)] {
      let run = EngineRun([(.input([1, 1]), [0])], upstream: .constant(1)) { tape, x, _ in
        let classes = tape.indices(2)
        classes.set(labels)
        return x[0].contrastiveLoss(classes: classes, margin: 1)
      }
      #expect(run.loss == loss)
      #expect(run.gradients[0] == (labels[0] == labels[1] ? [0.5] : [0]))
    }
  }
}
