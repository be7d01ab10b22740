import CKernels

/// y = x Wᵀ + b, over the last axis; the weights are W, or Wᵀ where they have a row for each input.
final class Dense: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let rows: Int
  private let inputs: Int
  private let outputs: Int
  private let hasInputRows: Bool

  init(_ input: Variable, weight: Variable, bias: Variable?, hasInputRows: Bool) {
    operands = [input, weight].map { Operand($0.node) } + (bias.map { [Operand($0.node)] } ?? [])
    self.hasInputRows = hasInputRows
    inputs = weight.shape[hasInputRows ? 0 : 1]
    outputs = weight.shape[hasInputRows ? 1 : 0]
    rows = input.node.count / inputs
    precondition(
      input.shape.last == inputs, "A dense layer's input has as many features as it takes.")
    output = Variable.output(input.shape.dropLast() + [outputs], of: operands)
  }

  func forward(_ team: Team) {
    let (x, weight) = (operands[0].value, operands[1].value)
    team.split(rows, width: inputs * outputs / 8) { range in
      let y = output.value.from(range.lowerBound, width: outputs)
      if operands.count > 2 {
        ck_fill_rows_f32(range.count, outputs, operands[2].value.baseAddress, y)
      }
      multiply(
        x.from(range.lowerBound, width: inputs), stride: inputs, weight.baseAddress,
        hasInputRows ? .plain : .transposed, stride: hasInputRows ? outputs : inputs, into: y,
        stride: outputs, rows: range.count, columns: outputs,
        inner: inputs, adding: operands.count > 2 ? 1 : 0)
    }
  }

  func backward(_ team: Team) {
    let (x, weight) = (operands[0], operands[1])
    let slopes = output.gradient
    if x.wantsGradient {
      team.split(rows, width: inputs * outputs / 8) { range in
        multiply(
          slopes.from(range.lowerBound, width: outputs), stride: outputs,
          weight.value.baseAddress, hasInputRows ? .transposed : .plain,
          stride: hasInputRows ? outputs : inputs,
          into: x.gradient.from(range.lowerBound, width: inputs), stride: inputs,
          rows: range.count, columns: inputs, inner: outputs)
      }
    }
    if weight.wantsGradient, hasInputRows {
      team.split(inputs, width: outputs * rows / 8) { range in
        multiply(
          x.value.from(range.lowerBound), .transposed, stride: inputs, slopes.baseAddress,
          stride: outputs, into: weight.gradient.from(range.lowerBound, width: outputs),
          stride: outputs, rows: range.count, columns: outputs, inner: rows)
      }
    } else if weight.wantsGradient {
      // Halves of the outputs: no sums to add up afterwards.
      team.split(outputs, width: inputs * rows / 8) { range in
        multiply(
          slopes.from(range.lowerBound), .transposed, stride: outputs, x.value.baseAddress,
          stride: inputs, into: weight.gradient.from(range.lowerBound, width: inputs),
          stride: inputs, rows: range.count, columns: inputs, inner: rows)
      }
    }
    if operands.count > 2, operands[2].wantsGradient {
      ck_column_sums_f32(rows, outputs, slopes.baseAddress, operands[2].gradient.baseAddress)
    }
  }
}

extension Variable {
  /// A dense layer over the last axis: [..., features] to [..., outputs].
  ///
  /// Its weights are `weight`, outputs × features, and `bias`. Where the weights have `inputRows`,
  /// they are features × outputs, as GPT-2 is published.
  public func dense(
    _ scope: Scope, _ outputs: Int, hasBias: Bool = true, inputRows: Bool = false,
    initialization: Initialization? = nil
  ) -> Variable {
    let inputs = shape[shape.count - 1]
    let weight = scope.weight(
      "weight", inputRows ? [inputs, outputs] : [outputs, inputs],
      initialization ?? .uniformFanIn(inputs))
    let bias =
      hasBias
      ? scope.weight(
        "bias", [outputs], role: .bias, initialization == nil ? .uniformFanIn(inputs) : .constant(0)
      )
      : nil
    return tape.record(
      Dense(
        self, weight: tape.variable(weight), bias: bias.map(tape.variable),
        hasInputRows: inputRows))
  }
}

extension Variable {
  /// The inner products between the rows of two variables, [..., features] and [m, features]:
  /// [..., m].
  public func products(withRowsOf other: Variable) -> Variable {
    precondition(other.shape.count == 2, "Products are with the rows of a matrix.")
    return tape.record(Dense(self, weight: other, bias: nil, hasInputRows: false))
  }
}
