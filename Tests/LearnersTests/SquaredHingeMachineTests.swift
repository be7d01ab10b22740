import LinearAlgebra
import Testing

@testable import Learners

/// Two points ±1 of weight 1 and C = ½: ½ (w² + b²) + (1 − w)² has its minimum at w = 2/3, b = 0.
struct SquaredHingeMachineTests {
  private let features = Matrix<Double>([[1], [-1]])

  private func begun() -> SquaredHingeMachine {
    var machine = SquaredHingeMachine(
      isOwn: [true, false], factors: [1, 1], width: 1, tolerance: 1e-12)
    let isOpen = begin(&machine)
    #expect(isOpen)
    return machine
  }

  private func begin(_ machine: inout SquaredHingeMachine) -> Bool {
    machine.begin(slopes: features.multiplied(by: machine.residuals, transposing: true))
  }

  @Test func oneConjugateGradientSolvesTwoPoints() {
    var machine = begun()
    let pass = features.curvedProducts(
      Matrix([machine.direction]), curvatures: Matrix([machine.curvatures]))
    let needsAnother = machine.advance(
      products: pass.products.elements, slopes: pass.slopes.elements)
    #expect(!needsAnother)
    machine.move()
    #expect(abs(machine.point[0] - 2.0 / 3) < 1e-15)
    #expect(machine.point[1] == 0)
    let isOpen = begin(&machine)
    #expect(!isOpen)
  }

  /// XXᵀ + 11ᵀ is twice the identity and κ is 1, so 3 α = z.
  @Test func innerProductsSolveTwoPoints() throws {
    var machine = begun()
    let multipliers = try #require(machine.multipliers(features.outerGram.map { $0 + 1 }))
    #expect(zip(multipliers, [1.0 / 3, -1.0 / 3]).allSatisfy { abs($0 - $1) < 1e-15 })
    machine.aim(at: [2.0 / 3, 0], margins: [2.0 / 3, -2.0 / 3])
    machine.move()
    let isOpen = begin(&machine)
    #expect(!isOpen)
  }
}
