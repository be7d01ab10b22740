import LinearAlgebra
import Testing

#if !DEBUG
struct SpeedTests {
  /// GSL's own CBLAS, linked by mistake, reaches a thirtieth of OpenBLAS's speed.
  @Test func matrixProductsRunInOpenBLAS() {
    let matrix = Matrix<Float>(rows: 768, columns: 768, repeating: 0.5)
    let clock = ContinuousClock()
    let best = (0..<5).map { _ in clock.measure { _ = matrix * matrix } }.min() ?? .zero
    let operations = 2 * 768.0 * 768 * 768
    #expect(operations / (best / .seconds(1)) > 20e9)
  }
}
#endif
