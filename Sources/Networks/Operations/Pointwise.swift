import CKernels

/// A function of each number, and its slope times the gradient.
final class Pointwise: Operation {
  typealias Function =
    @convention(c) (
      Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  /// From the operand's values or the output's, and the output's gradient.
  typealias Slopes =
    @convention(c) (
      Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void

  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads
  let sharing = MemorySharing.overwriting
  private let function: Function
  private let slopes: Slopes

  init(
    _ input: Variable, _ function: @escaping Function, _ slopes: @escaping Slopes,
    of reads: BackwardReads
  ) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    backwardReads = reads
    self.function = function
    self.slopes = slopes
  }

  func forward(_ team: Team) {
    let input = operands[0].value
    team.split(output.count) { range in
      function(range.count, input.from(range.lowerBound), output.value.from(range.lowerBound))
    }
  }

  func backward(_ team: Team) {
    let known = backwardReads == .inputs ? operands[0].value : output.value
    team.split(output.count) { range in
      slopes(
        range.count, known.from(range.lowerBound), output.gradient.from(range.lowerBound),
        operands[0].gradient.from(range.lowerBound))
    }
  }
}

extension Variable {
  /// max(0, x).
  public func relu() -> Variable {
    tape.record(Pointwise(self, ck_relu_f32, ck_relu_slopes_f32, of: .output))
  }

  /// min(max(0, x), 6) (Howard et al., MobileNets, 2017).
  public func relu6() -> Variable {
    tape.record(Pointwise(self, ck_relu6_f32, ck_relu6_slopes_f32, of: .output))
  }

  /// The hyperbolic tangent.
  public func tanh() -> Variable {
    tape.record(Pointwise(self, ck_tanh_f32, ck_tanh_slopes_f32, of: .output))
  }

  /// 1 / (1 + exp(−x)).
  public func sigmoid() -> Variable {
    tape.record(Pointwise(self, ck_sigmoid_f32, ck_sigmoid_slopes_f32, of: .output))
  }

  /// log(1 + x), of numbers above −1.
  public func log1p() -> Variable {
    tape.record(Pointwise(self, ck_log1p_f32, ck_log1p_slopes_f32, of: .inputs))
  }

  /// x Φ(x), Φ the normal distribution's function (Hendrycks & Gimpel 2016).
  public func gelu() -> Variable {
    tape.record(Pointwise(self, ck_gelu_f32, ck_gelu_slopes_f32, of: .inputs))
  }

  /// The approximation of `gelu` by a hyperbolic tangent that GPT-2 uses.
  public func geluTanh() -> Variable {
    tape.record(Pointwise(self, ck_gelu_tanh_f32, ck_gelu_tanh_slopes_f32, of: .inputs))
  }
}
