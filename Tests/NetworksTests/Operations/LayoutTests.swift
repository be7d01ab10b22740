import Networks
import Randomness
import Testing

/// Layers in the layouts that published weights have.
@Suite("Layouts of weights and images")
struct LayoutTests {
  @Test("Dense, with a row of weights for each input")
  func denseInputRows() {
    checkGradients(
      of: [.input([2, 3, 5]), .weight("weight", [5, 4]), .weight("bias", [4])],
      large: [[2, 70, 80]]
    ) { _, x, scope in
      x[0].dense(scope, 4, inputRows: true)
    } reference: { arguments in
      let weight = Reference([4, 5]) { arguments[1][$0[1], $0[0]] }
      return arguments[0].dense(weight, arguments[2])
    }
  }

  @Test("Flattened images have one channel after the other")
  func flattened() {
    checkGradients(of: [.input([3, 2, 4, 5])], large: [[9, 12, 10, 20]]) { _, x, _ in
      x[0].flattened()
    } reference: { arguments in
      let (height, width) = (arguments[0].shape[1], arguments[0].shape[2])
      let pixels = height * width
      return Reference([arguments[0].shape[0], pixels * arguments[0].shape[3]]) { place in
        let pixel = place[1] % pixels
        return arguments[0][place[0], pixel / width, pixel % width, place[1] / pixels]
      }
    }
  }

  /// One convolution that pads below and right alone, in both conventions.
  @Test("Convolutions in Keras's convention", arguments: [1, 3], [false, true])
  func keras(groups: Int, isKeras: Bool) {
    let (channels, outputs) = (3, groups == 1 ? 2 : 3)
    let weight: Argument =
      !isKeras
      ? .weight("weight", [outputs, channels / groups, 3, 3])
      : groups == 1
        ? .weight("kernel", [3, 3, channels, outputs])
        : .weight("depthwise_kernel", [3, 3, channels, 1])
    checkGradients(
      of: [.input([2, 6, 4, channels]), weight, .weight("bias", [outputs])],
      large: [[8, 12, 14, channels]]
    ) { _, x, scope in
      x[0].conv2d(
        isKeras ? scope.following(.keras) : scope, outputs, kernel: [3, 3], stride: [2, 2],
        paddingAfter: [1, 1], groups: groups)
    } reference: { arguments in
      let image = arguments[0]
      let (height, width) = (image.shape[1], image.shape[2])
      let padded = Reference([image.shape[0], height + 1, width + 1, channels]) {
        $0[1] < height && $0[2] < width ? image[$0[0], $0[1], $0[2], $0[3]] : 0
      }
      let kernels = Reference([outputs, channels / groups, 3, 3]) { place in
        !isKeras
          ? arguments[1][place[0], place[1], place[2], place[3]]
          : groups == 1
            ? arguments[1][place[2], place[3], place[1], place[0]]
            : arguments[1][place[2], place[3], place[0], 0]
      }
      return padded.conv2d(
        kernels, arguments[2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], groups: groups)
    }
  }

  @Test("Rows that indices name, and gradients that are added up")
  func rows() {
    checkGradients(of: [.input([5, 3])], large: []) { tape, x, _ in
      let indices = tape.indices(4)
      indices.set([4, 0, -1, 4])
      return x[0].rows(indices)
    } reference: { arguments in
      Reference([4, 3]) { place in
        let row = [4, 0, -1, 4][place[0]]
        return row < 0 ? 0 : arguments[0][row, place[1]]
      }
    }
  }

  @Test("Keras's names of a normalisation, and its momentum")
  func kerasNorm() {
    let weights = Weights(key: RandomKey(seed: 0))
    let tape = Tape(mode: .training)
    let input = tape.input([2, 1])
    let output = input.batchNorm(Scope(weights).following(.keras)("n"), momentum: 0.01)
    let program = Program(computing: [output], team: Team())
    program.set(input, [2, 4])
    program.forward()
    #expect(
      weights.all.map(\.name) == ["n.gamma", "n.beta", "n.moving_mean", "n.moving_variance"])
    #expect(abs((weights["n.moving_mean"]?.tensor.values[0] ?? 0) - 0.03) < 1e-6)
    // 0.99 + 0.01 · 2.
    #expect(abs((weights["n.moving_variance"]?.tensor.values[0] ?? 0) - 1.01) < 1e-6)
  }
}
