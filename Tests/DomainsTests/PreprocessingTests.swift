import LinearAlgebra
import Testing

@testable import Domains

@Suite struct PreprocessingTests {
  private func apply(
    _ step: PreprocessingStep, _ source: [[Double]], _ target: [[Double]] = [[1, 1]]
  ) throws -> (Matrix<Double>, Matrix<Double>) {
    let (x, y) = try step.applied(source: Matrix(source), target: Matrix(target))
    return (x, y)
  }

  @Test func rowSum() throws {
    let (x, _) = try apply(.rowSum, [[1, 3], [0, 0]])
    #expect(x == Matrix([[0.25, 0.75], [0, 0]]))
  }

  @Test func rowL2() throws {
    let (x, _) = try apply(.rowL2, [[3, 4], [0, 0]])
    #expect(x == Matrix([[0.6, 0.8], [0, 0]]))
  }

  @Test func standardizeDomainTakesEachByItself() throws {
    let (x, y) = try apply(.standardizeDomain, [[1, 5], [3, 5]], [[10, 0], [20, 2], [30, 4]])
    #expect(x == Matrix([[-1, 0], [1, 0]]))
    #expect(y.column(1) == [-2 / (8.0 / 3).squareRoot(), 0, 2 / (8.0 / 3).squareRoot()])
  }

  /// The mean of three times 0.1 is not 0.1 in floating point.
  @Test func constantColumnsBecomeZeroExactly() throws {
    let (x, y) = try apply(.standardizeSource, [[0.1], [0.1], [0.1]], [[7]])
    #expect(x == Matrix([[0], [0], [0]]))
    #expect(y == Matrix([[0]]))
  }

  @Test func standardizeSourceTakesTheSource() throws {
    let (x, y) = try apply(.standardizeSource, [[1], [3], [.nan]], [[5], [.nan]])
    #expect(x.elements[0] == -1 && x.elements[1] == 1 && x.elements[2].isNaN)
    #expect(y.elements[0] == 3 && y.elements[1].isNaN)
  }

  @Test func imputeFlagsColumnsWithGapsInEitherDomain() throws {
    let (x, y) = try apply(
      .imputeSourceMean, [[1, .nan, 4, .nan], [3, .nan, 5, 8]], [[1, 6, .nan, 0]])
    #expect(x == Matrix([[1, 0, 4, 8, 1, 0, 1], [3, 0, 5, 8, 1, 0, 0]]))
    #expect(y == Matrix([[1, 6, 4.5, 0, 0, 1, 0]]))
  }

  @Test func scaleAndFirstColumns() throws {
    #expect(try apply(.scale(0.5), [[2, 4]]).0 == Matrix([[1, 2]]))
    #expect(try apply(.firstColumns(1), [[2, 4]]).0 == Matrix([[2]]))
    #expect(throws: PreprocessingFailure.self) { try apply(.firstColumns(3), [[2, 4]]) }
  }

  @Test func areaMeanOfBlocks() throws {
    let step = PreprocessingStep.areaMean(
      from: .init(height: 2, width: 4), to: .init(height: 1, width: 2))
    let image: [[Double]] = [[1, 2, 3, 4, 5, 6, 7, 8]]
    #expect(try apply(step, image, image).0 == Matrix([[3.5, 5.5]]))
    #expect(throws: PreprocessingFailure.self) { try apply(step, [[1, 2]]) }
  }

  /// 3 pixels to 2: each new one covers one and a half.
  @Test func areaMeanOfFractions() throws {
    let step = PreprocessingStep.areaMean(
      from: .init(height: 1, width: 3), to: .init(height: 1, width: 2))
    let (x, _) = try apply(step, [[3, 6, 9]], [[3, 6, 9]])
    #expect(abs(x.elements[0] - 4) < 1e-12 && abs(x.elements[1] - 8) < 1e-12)
  }

  @Test func strokesAreDrawnUpright() throws {
    let step = PreprocessingStep.strokesToBitmap(size: 24, pen: 4)
    // A stroke up, then to the right at the top: the ink is left and above.
    let path: [[Double]] = [[0, 0, 0, 100, 50, 100]]
    let image = try apply(step, path, path).0
    #expect(image.columns == 64)
    #expect(image[0, 1 * 8 + 5] > 0)
    #expect(image[0, 6 * 8 + 5] == 0)
    #expect(image[0, 6 * 8 + 2] > 0)
    #expect(throws: PreprocessingFailure.self) { try apply(step, [[1, 2, 3]]) }
    #expect(throws: PreprocessingFailure.self) { try apply(step, [[.nan, 2]]) }
    #expect(throws: PreprocessingFailure.self) { try apply(step, [[1e9, 2]]) }
  }
}
