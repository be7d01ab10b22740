import CKernels

/// A convolution of images of one channel, as products with the planes of its windows' pixels.
///
/// oneDNN's convolutions work on sixteen channels at a time: on one they ran at 60 to 80 GFLOP/s in
/// the first layer of `LeNet`, these products at 140.
///
/// ```
/// P[k, w] = pixel k of window w, and 1 below all of them;   K̂ = [K b]
/// y = Pᵀ K̂ᵀ,   ∂L/∂K̂ = ∂L/∂yᵀ Pᵀ,   ∂L/∂P = Kᵀ ∂L/∂yᵀ
/// ```
final class PlaneConv2d: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let samples: Int
  private let windows: ck_windows
  /// The pixels of a window, and 1 for the offset.
  private let pixels: Int
  private let outputs: Int
  private var planes: [Floats] = []
  /// K̂, outputs × (pixels + 1).
  private let kernels: Storage
  /// The gradient of K̂ from each half.
  private let parts: [Storage]

  init(_ input: Variable, weight: Variable, bias: Variable?, window: Window) {
    operands = [input, weight].map { Operand($0.node) } + (bias.map { [Operand($0.node)] } ?? [])
    samples = input.shape[0]
    outputs = weight.shape[0]
    windows = ck_windows(input.shape, window)
    pixels = window.kernel.product
    output = Variable.output([samples, windows.down, windows.across, outputs], of: operands)
    let count = outputs * (pixels + 1)
    kernels = Storage(count: count)
    parts = (0..<2).map { _ in Storage(count: count) }
  }

  private var places: Int { windows.down * windows.across }

  var scratchCount: Int { (pixels + 1) * places }

  func prepare(scratch: [Floats]) { planes = scratch }

  func forward(_ team: Team) {
    for row in 0..<outputs {
      for pixel in 0..<pixels {
        kernels.floats[row * (pixels + 1) + pixel] = operands[1].value[row * pixels + pixel]
      }
      kernels.floats[row * (pixels + 1) + pixels] = operands.count > 2 ? operands[2].value[row] : 0
    }
    eachSample(team) { sample, half in
      multiply(
        planes[half].baseAddress, .transposed, stride: places, kernels.floats.baseAddress,
        .transposed, stride: pixels + 1, into: output.value.from(sample, width: places * outputs),
        stride: outputs, rows: places, columns: outputs, inner: pixels + 1)
    }
  }

  func backward(_ team: Team) {
    for part in parts { part.floats.update(repeating: 0) }
    if operands.dropFirst().contains(where: \.wantsGradient) {
      eachSample(team) { sample, half in
        multiply(
          output.gradient.from(sample, width: places * outputs), .transposed, stride: outputs,
          planes[half].baseAddress, .transposed, stride: places,
          into: parts[half].floats.baseAddress,
          stride: pixels + 1, rows: outputs, columns: pixels + 1, inner: places, adding: 1)
      }
    }
    let (one, other) = (parts[0].floats, parts[1].floats)
    for row in 0..<outputs {
      let start = row * (pixels + 1)
      if operands[1].wantsGradient {
        for pixel in 0..<pixels {
          operands[1].gradient[row * pixels + pixel] = one[start + pixel] + other[start + pixel]
        }
      }
      if operands.count > 2, operands[2].wantsGradient {
        operands[2].gradient[row] = one[start + pixels] + other[start + pixels]
      }
    }
    if operands[0].wantsGradient { addToImages(team) }
  }

  private func addToImages(_ team: Team) {
    let width = windows.height * windows.width
    team.halves { half in
      for sample in Team.half(half, of: samples) {
        multiply(
          operands[1].value.baseAddress, .transposed, stride: pixels,
          output.gradient.from(sample, width: places * outputs), .transposed, stride: outputs,
          into: planes[half].baseAddress, stride: places, rows: pixels, columns: places,
          inner: outputs)
        let image = operands[0].gradient.rows(sample..<sample + 1, width: width)
        image.update(repeating: 0)
        withUnsafePointer(to: windows) {
          ck_add_window_planes_f32($0, planes[half].baseAddress, image.baseAddress)
        }
      }
    }
  }

  /// Calls the body with each sample, whose planes are there, and its half.
  private func eachSample(_ team: Team, _ body: (Int, Int) -> Void) {
    let width = windows.height * windows.width
    team.halves { half in
      planes[half].rows(pixels..<pixels + 1, width: places).update(repeating: 1)
      for sample in Team.half(half, of: samples) {
        withUnsafePointer(to: windows) {
          ck_window_planes_f32(
            $0, operands[0].value.from(sample, width: width), planes[half].baseAddress)
        }
        body(sample, half)
      }
    }
  }
}
