import Networks
import Randomness
import Testing

@Suite("Operations with weights")
struct LayerTests {
  @Test("Dense")
  func dense() {
    checkGradients(
      of: [.input([2, 3, 5]), .weight("weight", [4, 5]), .weight("bias", [4])],
      large: [[2, 70, 80]]
    ) { _, x, scope in
      x[0].dense(scope, 4)
    } reference: {
      $0[0].dense($0[1], $0[2])
    }
    checkGradients(of: [.input([3, 5]), .weight("weight", [6, 5])], large: [[130, 70]]) {
      _, x, scope in
      x[0].dense(scope, 6, hasBias: false)
    } reference: {
      $0[0].dense($0[1], nil)
    }
  }

  struct Convolution: CustomTestStringConvertible {
    var image: [Int]
    var outputs: Int
    var kernel: [Int]
    var stride = [1, 1]
    var padding = [0, 0]
    var dilation = [1, 1]
    var groups = 1
    var hasBias = true
    var large: [Int]

    var testDescription: String {
      "\(image), \(kernel), stride \(stride), padding \(padding), dilation \(dilation), groups \(groups)"
    }
  }

  @Test(
    "Convolutions",
    arguments: [
      Convolution(image: [2, 5, 6, 2], outputs: 3, kernel: [3, 3], large: [9, 12, 12, 20]),
      Convolution(
        image: [3, 5, 4, 2], outputs: 3, kernel: [3, 3], padding: [1, 1], hasBias: false,
        large: [8, 12, 12, 16]),
      Convolution(
        image: [2, 7, 6, 2], outputs: 2, kernel: [3, 3], stride: [2, 2], padding: [1, 1],
        large: [8, 13, 12, 16]),
      Convolution(
        image: [1, 7, 7, 2], outputs: 2, kernel: [3, 3], padding: [2, 2], dilation: [2, 2],
        large: [8, 12, 12, 16]),
      Convolution(
        image: [2, 4, 5, 4], outputs: 6, kernel: [3, 3], padding: [1, 1], groups: 2,
        large: [8, 12, 12, 32]),
      Convolution(
        image: [2, 5, 4, 3], outputs: 3, kernel: [3, 3], padding: [1, 1], groups: 3,
        large: [8, 12, 12, 3]),
      Convolution(
        image: [2, 5, 6, 4], outputs: 4, kernel: [3, 3], stride: [2, 2], padding: [1, 1],
        groups: 4, hasBias: false, large: [8, 12, 12, 4]),
      Convolution(image: [2, 3, 4, 3], outputs: 5, kernel: [1, 1], large: [8, 12, 12, 16]),
      Convolution(
        image: [2, 4, 6, 2], outputs: 2, kernel: [1, 5], stride: [1, 2], padding: [0, 2],
        large: [8, 12, 12, 16]),
      Convolution(
        image: [1, 6, 5, 3], outputs: 4, kernel: [3, 3], stride: [2, 2], padding: [1, 1],
        large: [1, 21, 20, 16]),
      Convolution(
        image: [1, 6, 4, 2], outputs: 3, kernel: [1, 1], stride: [2, 2], large: [1, 9, 9, 8]),
      Convolution(
        image: [1, 1, 4, 2], outputs: 3, kernel: [3, 3], padding: [1, 1], large: [1, 2, 40, 16]),
    ])
  func conv2d(_ case: Convolution) {
    let c = `case`
    let weight = Argument.weight("weight", [c.outputs, c.image[3] / c.groups] + c.kernel)
    checkGradients(
      of: [.input(c.image), weight] + (c.hasBias ? [.weight("bias", [c.outputs])] : []),
      large: [c.large]
    ) { _, x, scope in
      x[0].conv2d(
        scope, c.outputs, kernel: c.kernel, stride: c.stride, padding: c.padding,
        dilation: c.dilation, groups: c.groups, hasBias: c.hasBias)
    } reference: {
      $0[0].conv2d(
        $0[1], c.hasBias ? $0[2] : nil, stride: c.stride, padding: c.padding,
        dilation: c.dilation, groups: c.groups)
    }
  }

  @Test("Layer normalisation")
  func layerNorm() {
    checkGradients(
      of: [
        .input([2, 3, 7]), .weight("weight", [7], .positive), .weight("bias", [7]),
      ], large: [[2, 60, 90]]
    ) { _, x, scope in
      x[0].layerNorm(scope, epsilon: 1e-3)
    } reference: {
      $0[0].layerNorm($0[1], $0[2], epsilon: 1e-3)
    }
  }

  @Test("Group normalisation", arguments: [1, 2, 4])
  func groupNorm(_ groups: Int) {
    checkGradients(
      of: [
        .input([3, 3, 2, 4]), .weight("weight", [4], .positive), .weight("bias", [4]),
      ], large: [[5, 9, 8, 40]]
    ) { _, x, scope in
      x[0].groupNorm(scope, groups: groups, epsilon: 1e-3)
    } reference: {
      $0[0].groupNorm($0[1], $0[2], groups: groups, epsilon: 1e-3)
    }
  }

  @Test("Group normalisation far from 0 keeps its digits")
  func groupNormShifted() {
    let x = (0..<64).map { Float($0 % 5) + 10_000 }
    let run = EngineRun(
      [(.input([1, 4, 4, 4]), x)], upstream: .constant(1)
    ) { _, x, scope in x[0].groupNorm(scope, groups: 2) }
    let expected = Reference([1, 4, 4, 4], x.map { Double($0) }).groupNorm(
      Reference([4], [1, 1, 1, 1]), Reference([4], [0, 0, 0, 0]), groups: 2, epsilon: 1e-5)
    // The mean is rounded to 1/1024 there.
    #expect(distance(run.output, expected.values) < 1e-3)
  }

  @Test("Batch normalisation by the batch's statistics", arguments: [false, true])
  func batchNorm(isRectified: Bool) {
    checkGradients(
      of: [
        .input([3, 3, 2, 4]), .weight("weight", [4], .positive), .weight("bias", [4]),
      ], large: [[8, 9, 8, 20]]
    ) { _, x, scope in
      x[0].batchNorm(scope, isRectified: isRectified, epsilon: 1e-3)
    } reference: {
      let y = $0[0].batchNorm($0[1], $0[2], epsilon: 1e-3)
      return isRectified ? y.map { max(0, $0) } : y
    }
  }

  @Test("Batch normalisation with a residual sum", arguments: [false, true])
  func batchNormAdding(isRectified: Bool) {
    checkGradients(
      of: [
        .input([3, 3, 2, 4]), .input([3, 3, 2, 4]), .weight("weight", [4], .positive),
        .weight("bias", [4]),
      ], large: [[8, 9, 8, 20], [8, 9, 8, 20]]
    ) { _, x, scope in
      x[0].batchNorm(scope, adding: x[1], isRectified: isRectified, epsilon: 1e-3)
    } reference: {
      let y = $0[0].batchNorm($0[2], $0[3], epsilon: 1e-3).combined($0[1], +)
      return isRectified ? y.map { max(0, $0) } : y
    }
  }

  @Test("Embedding: rows, and gradients that are added up")
  func embedding() {
    let tokens = [3, 0, 3, -1, 6, 3]
    checkGradients(of: [.weight("weight", [7, 3])], large: []) { tape, _, scope in
      let indices = tape.indices(6)
      indices.set(tokens)
      return tape.embedding(indices, shape: [2, 3], scope, count: 7, features: 3)
    } reference: { arguments in
      Reference([2, 3, 3]) { place in
        let token = tokens[3 * place[0] + place[1]]
        return token < 0 ? 0 : arguments[0][token, place[2]]
      }
    }
  }

  @Test("A large embedding gives the same bits with two threads")
  func largeEmbedding() {
    func run(_ threads: Int) -> EngineRun {
      EngineRun(
        [(.weight("weight", [50, 120]), (0..<6000).map { Float($0 % 37) / 8 })],
        upstream: .drawn, threads: threads
      ) { tape, _, scope in
        let indices = tape.indices(300)
        indices.set((0..<300).map { $0 * $0 % 50 })
        return tape.embedding(indices, scope, count: 50, features: 120)
      }
    }
    #expect(run(1) == run(2))
  }
}
