import LinearAlgebra
import Randomness
import Testing

@testable import Domains

@Suite struct PenDigitsTests {
  @Test func imagesAreBlockCounts() {
    let domain = PenDigits.domain(samplesPerClass: 3, key: RandomKey(seed: 2))
    #expect(domain.features.rows == 30)
    #expect(domain.features.columns == 64)
    #expect(domain.features.elements.allSatisfy { $0 >= 0 && $0 <= 16 && $0 == $0.rounded() })
    #expect(domain.labels.prefix(12) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    for row in 0..<30 { #expect(domain.features.row(row).reduce(0, +) > 60) }
  }

  @Test func anImageDependsOnItsKeyAlone() {
    let few = PenDigits.domain(samplesPerClass: 1, key: RandomKey(seed: 2))
    let many = PenDigits.domain(samplesPerClass: 4, key: RandomKey(seed: 2))
    #expect(few.features == many.features.selecting(rows: Array(0..<10)))
    let other = PenDigits.domain(samplesPerClass: 1, key: RandomKey(seed: 3))
    #expect(few.features != other.features)
  }
}

@Suite struct PenStrokesTests {
  @Test func aStraightStrokeIsABar() {
    let strokes = PenStrokes(lines: [[PenPoint(x: 16, y: 4), PenPoint(x: 16, y: 28)]])
    let bitmap = strokes.bitmap(penWidth: 4)
    // Columns 14 to 17 have their centres at most 2 away from x = 16.
    for row in 4..<28 {
      for column in 0..<32 {
        #expect(bitmap[row * 32 + column] == (14..<18).contains(column))
      }
    }
    let counts = PenStrokes.blockCounts(bitmap)
    #expect(counts[3 * 8 + 3] == 8)
    #expect(counts[3 * 8 + 4] == 8)
    #expect(counts[3 * 8 + 2] == 0)
  }

  @Test func aPointIsADot() {
    let strokes = PenStrokes(lines: [[PenPoint(x: 16, y: 16)]])
    #expect(strokes.bitmap(penWidth: 2).count { $0 } == 4)
  }

  @Test func fittingCentresAndKeepsTheAspect() {
    let strokes = PenStrokes(lines: [[PenPoint(x: 0, y: 0), PenPoint(x: 1, y: 2)]])
    let fitted = strokes.fitted(size: 20, canvas: 32)
    #expect(fitted.lines == [[PenPoint(x: 11, y: 6), PenPoint(x: 21, y: 26)]])
  }

  @Test func strokesOutsideTheBitmapAreCut() {
    let strokes = PenStrokes(lines: [[PenPoint(x: -50, y: -50), PenPoint(x: 100, y: 100)]])
    let bitmap = strokes.bitmap(penWidth: 1)
    #expect((0..<32).allSatisfy { bitmap[$0 * 32 + $0] })
    #expect(PenStrokes(lines: [[PenPoint(x: 90, y: 90)]]).bitmap(penWidth: 3).allSatisfy { !$0 })
  }

  @Test func smoothLinesPassThroughTheirPoints() {
    let points = [PenPoint(x: 0, y: 0), PenPoint(x: 1, y: 2), PenPoint(x: 3, y: 1)]
    let line = PenStrokes.smoothed(points, steps: 4)
    #expect(line.count == 9)
    #expect(line[0] == points[0])
    #expect(line[4] == points[1])
    #expect(line[8] == points[2])
  }
}
