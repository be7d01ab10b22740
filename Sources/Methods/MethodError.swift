public import Domains
public import Learners
public import LinearAlgebra

/// Why a method gives no model.
public enum MethodError: Error, Sendable, Hashable {
  /// The method is not defined for this task; the cell counts as skipped.
  case notApplicable(reason: String)
  /// A step's decomposition failed.
  case linearAlgebra(LinearAlgebraError, step: String)
  /// A learner could not be fitted.
  case learner(LearnerError)
  /// An iteration did not converge.
  case notConverged(step: String, iterations: Int)
  /// A file of weights can't be read.
  case weightFile(DomainError)
  /// A file of weights lacks an array of the network.
  case missingWeights(name: String, network: String)
  /// An array of a file of weights has another shape than the network's.
  case weightShape(name: String, network: String, expected: [Int], found: [Int])
  /// The network has no layer of this name.
  case unknownLayer(name: String, known: [String])
}

extension MethodError {
  /// Runs a step whose decompositions may fail, naming it in the error.
  static func step<Value>(
    _ name: String, _ body: () throws(LinearAlgebraError) -> Value
  ) throws(MethodError) -> Value {
    do {
      return try body()
    } catch {
      throw .linearAlgebra(error, step: name)
    }
  }

  /// Fits a part of a method that is a learner.
  static func learning<Value>(
    _ body: () throws(LearnerError) -> Value
  ) throws(MethodError) -> Value {
    do {
      return try body()
    } catch {
      throw .learner(error)
    }
  }
}

extension ExactTransport {
  /// The best plan for a cost matrix, as a step of a method.
  mutating func step(_ cost: Matrix<Double>) throws(MethodError) -> SparsePlan {
    do {
      return try plan(cost)
    } catch {
      switch error {
      case .linearAlgebra(let fault): throw .linearAlgebra(fault, step: "exact transport")
      case .notConverged(_, let iterations):
        throw .notConverged(step: "exact transport", iterations: iterations)
      default: throw .learner(error)
      }
    }
  }
}

extension LabelledSample {
  /// Refuses a task that grants no labelled target sample.
  func requireSome() throws(MethodError) {
    guard count > 0 else { throw .notApplicable(reason: "there is no labelled target sample") }
  }
}
