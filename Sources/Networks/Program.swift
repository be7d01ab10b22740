import CKernels

/// A tape with its memory: what runs it, forwards and backwards.
///
/// The memory of all numbers is taken when the program is made, and none after that.
public final class Program {
  private let tape: Tape
  private let loss: Variable?
  private let team: Team
  private let operations: [any Operation]
  private let steps: [(operation: any Operation, additions: [MemoryPlan.Addition])]
  private let memory: [Storage]

  /// The bytes of all variables, gradients and scratch memory, without the weights.
  public var byteCount: Int { memory.reduce(0) { $0 + 4 * $1.floats.count } }

  /// A program that computes the loss, a single number, and its gradients.
  ///
  /// The values of `outputs` stay readable after a run.
  public convenience init(minimizing loss: Variable, outputs: [Variable] = [], team: Team) {
    precondition(loss.node.count == 1, "A loss is a single number.")
    self.init(tape: loss.tape, loss: loss, outputs: outputs + [loss], team: team)
  }

  /// A program that computes the outputs and no gradients.
  public convenience init(computing outputs: [Variable], team: Team) {
    precondition(!outputs.isEmpty, "A program computes something.")
    self.init(tape: outputs[0].tape, loss: nil, outputs: outputs, team: team)
  }

  private init(tape: Tape, loss: Variable?, outputs: [Variable], team: Team) {
    precondition(!tape.isTaken, "A tape is run by one program, which gives its variables memory.")
    tape.isTaken = true
    self.tape = tape
    self.loss = loss
    self.team = team
    let plan = MemoryPlan(
      recorded: tape.operations, outputs: outputs.map(\.node), loss: loss?.node)
    operations = plan.operations
    steps = plan.backward
    memory = plan.storages
    for operation in operations { operation.prepare(scratch: plan.scratch) }
    loss?.node.gradient.update(repeating: 1)
  }

  /// Sets an input.
  public func set(_ input: Variable, _ values: [Float]) {
    precondition(input.node.count == values.count, "An input has as many values as its shape says.")
    _ = input.node.value.update(from: values)
  }

  /// Sets an input.
  public func set(_ input: Variable, _ tensor: Tensor) { set(input, tensor.values) }

  /// Sets an input by writing to its memory.
  public func set(_ input: Variable, _ write: (UnsafeMutableBufferPointer<Float>) -> Void) {
    write(input.node.value)
  }

  /// Computes all variables; returns the loss, 0 where there is none.
  @discardableResult
  public func forward() -> Float {
    tape.step += 1
    team.flushing { for operation in operations { operation.forward(team) } }
    return loss?.node.value[0] ?? 0
  }

  /// Computes the gradients of the loss that `forward` computed.
  public func backward() {
    team.flushing {
      for (operation, additions) in steps {
        operation.backward(team)
        for addition in additions {
          team.split(addition.sum.count) { range in
            ck_add_scaled_f32(
              range.count, 1, addition.part.from(range.lowerBound),
              addition.sum.from(range.lowerBound))
          }
        }
      }
    }
  }

  /// The value of an output after a run.
  public func value(of output: Variable) -> Tensor {
    Tensor(output.shape, Array(output.node.value))
  }

  /// The gradient of a differentiable input after a backward pass; 0 where the loss doesn't depend
  /// on it.
  public func gradient(of input: Variable) -> Tensor {
    let gradient = input.node.gradient
    return gradient.count == input.node.count
      ? Tensor(input.shape, Array(gradient)) : Tensor(input.shape)
  }
}
