/// Convolutions of several sizes side by side, for images of 299 × 299, as torchvision builds it.
///
/// C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna. "Rethinking the Inception Architecture
/// for Computer Vision." CVPR 2016. Without the auxiliary classifier, whose weights in a published
/// file are left. Those weights take pixels (x − 0.5) / 0.5.
public struct InceptionV3: Backbone {
  /// The rate of dropout before the classifier.
  public var dropout: Float = 0.5

  /// The network.
  public init() {}

  /// Records the network up to the means of its last images, [samples, 2048].
  public func features(of images: Variable, in scope: Scope) -> Variable {
    let stem = Block(scope: scope)
    var x = stem.convolution(images, "Conv2d_1a_3x3", 32, 3, stride: 2)
    x = stem.convolution(x, "Conv2d_2a_3x3", 32, 3)
    x = stem.convolution(x, "Conv2d_2b_3x3", 64, 3, padding: 1).maxPool(3, stride: 2)
    x = stem.convolution(x, "Conv2d_3b_1x1", 80, 1)
    x = stem.convolution(x, "Conv2d_4a_3x3", 192, 3).maxPool(3, stride: 2)
    for (name, pooled) in [("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)] {
      x = fine(x, pooled: pooled, Block(scope: scope(name)))
    }
    x = firstReduction(x, Block(scope: scope("Mixed_6a")))
    for (name, width) in [
      ("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192),
    ] {
      x = factored(x, width, Block(scope: scope(name)))
    }
    x = secondReduction(x, Block(scope: scope("Mixed_7a")))
    for name in ["Mixed_7b", "Mixed_7c"] { x = coarse(x, Block(scope: scope(name))) }
    return x.globalAveragePool().dropout(dropout)
  }

  /// Where a block's layers are.
  private struct Block {
    let scope: Scope

    /// A convolution without bias, its normalisation, and max(0, ·).
    func convolution(
      _ x: Variable, _ name: String, _ width: Int, _ kernel: [Int], stride: Int = 1,
      padding: [Int]
    ) -> Variable {
      x.conv2d(
        scope(name)("conv"), width, kernel: kernel, stride: [stride, stride], padding: padding,
        hasBias: false
      )
      .batchNorm(scope(name)("bn"), isRectified: true, epsilon: 1e-3)
    }

    func convolution(
      _ x: Variable, _ name: String, _ width: Int, _ kernel: Int, stride: Int = 1, padding: Int = 0
    ) -> Variable {
      convolution(
        x, name, width, [kernel, kernel], stride: stride, padding: [padding, padding])
    }

    /// A convolution of 1 × 7, or of 7 × 1 where it `isTall`; the like of other lengths.
    func line(
      _ x: Variable, _ name: String, _ width: Int, length: Int = 7, isTall: Bool
    ) -> Variable {
      convolution(
        x, name, width, isTall ? [length, 1] : [1, length],
        padding: isTall ? [length / 2, 0] : [0, length / 2])
    }

    /// The means of 3 × 3 pixels, and a convolution of 1 × 1.
    func pooled(_ x: Variable, _ width: Int) -> Variable {
      convolution(x.averagePool(3, stride: 1, padding: 1), "branch_pool", width, 1)
    }
  }

  /// Figure 5 of the paper, with one convolution of 5 × 5.
  private func fine(_ x: Variable, pooled: Int, _ block: Block) -> Variable {
    let one = block.convolution(x, "branch1x1", 64, 1)
    var five = block.convolution(x, "branch5x5_1", 48, 1)
    five = block.convolution(five, "branch5x5_2", 64, 5, padding: 2)
    var three = block.convolution(x, "branch3x3dbl_1", 64, 1)
    three = block.convolution(three, "branch3x3dbl_2", 96, 3, padding: 1)
    three = block.convolution(three, "branch3x3dbl_3", 96, 3, padding: 1)
    return .concatenation([one, five, three, block.pooled(x, pooled)], along: .last)
  }

  /// Figure 10: half the height and width.
  private func firstReduction(_ x: Variable, _ block: Block) -> Variable {
    let one = block.convolution(x, "branch3x3", 384, 3, stride: 2)
    var two = block.convolution(x, "branch3x3dbl_1", 64, 1)
    two = block.convolution(two, "branch3x3dbl_2", 96, 3, padding: 1)
    two = block.convolution(two, "branch3x3dbl_3", 96, 3, stride: 2)
    return .concatenation([one, two, x.maxPool(3, stride: 2)], along: .last)
  }

  /// Figure 6: convolutions of 7 × 7 as a row and a column.
  private func factored(_ x: Variable, _ width: Int, _ block: Block) -> Variable {
    let one = block.convolution(x, "branch1x1", 192, 1)
    var single = block.convolution(x, "branch7x7_1", width, 1)
    single = block.line(single, "branch7x7_2", width, isTall: false)
    single = block.line(single, "branch7x7_3", 192, isTall: true)
    var double = block.convolution(x, "branch7x7dbl_1", width, 1)
    double = block.line(double, "branch7x7dbl_2", width, isTall: true)
    double = block.line(double, "branch7x7dbl_3", width, isTall: false)
    double = block.line(double, "branch7x7dbl_4", width, isTall: true)
    double = block.line(double, "branch7x7dbl_5", 192, isTall: false)
    return .concatenation([one, single, double, block.pooled(x, 192)], along: .last)
  }

  private func secondReduction(_ x: Variable, _ block: Block) -> Variable {
    var three = block.convolution(x, "branch3x3_1", 192, 1)
    three = block.convolution(three, "branch3x3_2", 320, 3, stride: 2)
    var seven = block.convolution(x, "branch7x7x3_1", 192, 1)
    seven = block.line(seven, "branch7x7x3_2", 192, isTall: false)
    seven = block.line(seven, "branch7x7x3_3", 192, isTall: true)
    seven = block.convolution(seven, "branch7x7x3_4", 192, 3, stride: 2)
    return .concatenation([three, seven, x.maxPool(3, stride: 2)], along: .last)
  }

  /// Figure 7: a row and a column side by side.
  private func coarse(_ x: Variable, _ block: Block) -> Variable {
    func cross(_ x: Variable, _ name: String, _ first: String, _ second: String) -> [Variable] {
      [
        block.line(x, name + first, 384, length: 3, isTall: false),
        block.line(x, name + second, 384, length: 3, isTall: true),
      ]
    }
    let one = block.convolution(x, "branch1x1", 320, 1)
    let single = block.convolution(x, "branch3x3_1", 384, 1)
    var double = block.convolution(x, "branch3x3dbl_1", 448, 1)
    double = block.convolution(double, "branch3x3dbl_2", 384, 3, padding: 1)
    return .concatenation(
      [one] + cross(single, "branch3x3", "_2a", "_2b") + cross(double, "branch3x3dbl", "_3a", "_3b")
        + [block.pooled(x, 192)], along: .last)
  }
}
