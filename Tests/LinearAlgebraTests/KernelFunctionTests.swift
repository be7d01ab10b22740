import Foundation
import LinearAlgebra
import Testing

struct KernelFunctionTests {
  @Test func exponentialWithinTwoUlp() {
    for step in -7000...7000 {
      let x = Double(step) * 0.1
      let value = Matrix(rows: 1, columns: 1, elements: [x]).exponential()[0, 0]
      #expect(abs(value - exp(x)) <= 2 * exp(x).ulp)
    }
  }

  @Test func exponentialAtTheEnds() {
    let ends = Matrix<Double>([[-.infinity, -800, 0, 800, .infinity, .nan]]).exponential().elements
    #expect(ends[0..<5] == [0, 0, 1, .infinity, .infinity])
    #expect(ends[5].isNaN)
    let single = Matrix<Float>([[-.infinity, 0, 1, 200]]).exponential().elements
    #expect(single[0] == 0 && single[1] == 1 && single[3] == .infinity)
    #expect(abs(single[2] - 2.7182817) < 1e-6)
  }

  @Test func logSumExpDoesNotOverflow() {
    #expect(abs(logSumExp([1000, 1000]) - (1000 + log(2))) < 1e-12)
    #expect(logSumExp([-.infinity, -.infinity]) == -.infinity)
    let many = (0..<37).map { Double($0) }
    #expect(abs(logSumExp(many) - log(many.map(exp).reduce(0, +))) < 1e-12)
  }

  @Test func kernels() {
    let x = Matrix<Double>([[0, 0], [3, 4]])
    #expect(KernelFunction.linear.matrix(x)[1, 1] == 25)
    #expect(KernelFunction.rbf(gamma: 0.04).matrix(x)[0, 1] == exp(-1))
    #expect(KernelFunction.polynomial(degree: 2, gamma: 1, offset: 1).matrix(x)[1, 1] == 676)
    #expect(KernelFunction.medianGamma(x) == 0.04)
    #expect(KernelFunction.medianGamma(Matrix<Double>([[1], [1]])) == 1)
  }
}
