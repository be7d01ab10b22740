import LinearAlgebra
import Testing

@testable import Learners

struct SquaredHingeMachineTests {
  /// Two points ±1 by (4): XXᵀ + 11ᵀ is twice the identity and κ is 1, so 3 α = z.
  @Test func innerProductsSolveTwoPoints() throws {
    let features = Matrix<Double>([[1], [-1]])
    var machine = SquaredHingeMachine(
      isOwn: [true, false], factors: [1, 1], width: 1, tolerance: 1e-12)
    #expect(machine.begin(slopes: features.multiplied(by: machine.residuals, transposing: true)))
    let multipliers = try #require(machine.multipliers(features.outerGram.map { $0 + 1 }))
    #expect(zip(multipliers, [1.0 / 3, -1.0 / 3]).allSatisfy { abs($0 - $1) < 1e-15 })
    machine.aim(at: [2.0 / 3, 0], margins: [2.0 / 3, -2.0 / 3])
    machine.move()
    #expect(!machine.begin(slopes: features.multiplied(by: machine.residuals, transposing: true)))
  }

  /// Two points ±1 of weight 1 and C = 1/2: ½ (w² + b²) + (1 − w)² has its minimum at w = 2/3, b = 0.
  @Test func onePassSolvesTwoPoints() {
    let features = Matrix<Double>([[1], [-1]])
    var machine = SquaredHingeMachine(
      isOwn: [true, false], factors: [1, 1], width: 1, tolerance: 1e-12)
    #expect(machine.begin(slopes: features.multiplied(by: machine.residuals, transposing: true)))
    let pass = features.curvedProducts(
      Matrix([machine.direction]), curvatures: Matrix([machine.curvatures]))
    #expect(!machine.advance(products: pass.products.elements, slopes: pass.slopes.elements))
    machine.move()
    #expect(abs(machine.point[0] - 2.0 / 3) < 1e-15)
    #expect(machine.point[1] == 0)
    #expect(!machine.begin(slopes: features.multiplied(by: machine.residuals, transposing: true)))
  }
}
