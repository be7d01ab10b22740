import Foundation

/// A point of the writing plane: x to the right, y downwards.
struct PenPoint: Sendable, Hashable {
  var x: Double
  var y: Double
}

/// What a pen draws: lines through points, each from pen down to pen up.
struct PenStrokes: Sendable, Hashable {
  var lines: [[PenPoint]]

  /// The strokes moved and scaled alike in both directions, so that the longer side of their
  /// box is `size` and its centre the centre of a canvas of side `canvas`.
  ///
  /// Strokes without extent are only centred.
  func fitted(size: Double, canvas: Double) -> PenStrokes {
    let points = lines.joined()
    guard let first = points.first else { return self }
    var (low, high) = (first, first)
    for point in points {
      low = PenPoint(x: min(low.x, point.x), y: min(low.y, point.y))
      high = PenPoint(x: max(high.x, point.x), y: max(high.y, point.y))
    }
    let longest = max(high.x - low.x, high.y - low.y)
    let scale = longest > 0 ? size / longest : 1
    return mapped { point in
      PenPoint(
        x: (point.x - (low.x + high.x) / 2) * scale + canvas / 2,
        y: (point.y - (low.y + high.y) / 2) * scale + canvas / 2)
    }
  }

  /// The strokes with every point replaced.
  func mapped(_ transform: (PenPoint) -> PenPoint) -> PenStrokes {
    PenStrokes(lines: lines.map { $0.map(transform) })
  }

  /// The 32 × 32 bitmap of the strokes drawn with a round pen of that width, in pixels.
  ///
  /// A pixel is set where its centre is at most half the width away from a stroke.
  func bitmap(penWidth: Double) -> [Bool] {
    let side = PenStrokes.side
    var bitmap = [Bool](repeating: false, count: side * side)
    let reach = penWidth / 2
    for line in lines {
      for (start, end) in zip(line, line.dropFirst().isEmpty ? line[...] : line.dropFirst()) {
        let rows = PenStrokes.pixels(min(start.y, end.y) - reach, max(start.y, end.y) + reach)
        let columns = PenStrokes.pixels(min(start.x, end.x) - reach, max(start.x, end.x) + reach)
        for row in rows {
          for column in columns {
            let pixel = PenPoint(x: Double(column) + 0.5, y: Double(row) + 0.5)
            if pixel.squaredDistance(toSegmentFrom: start, to: end) <= reach * reach {
              bitmap[row * side + column] = true
            }
          }
        }
      }
    }
    return bitmap
  }

  /// The side of the bitmaps, in pixels.
  static let side = 32

  /// The pixels that may have their centre between two coordinates.
  private static func pixels(_ lower: Double, _ upper: Double) -> Range<Int> {
    let first = Int(min(max(lower - 1, 0), Double(side)))
    let last = Int(min(max(upper + 1, 0), Double(side)))
    return first..<max(first, last)
  }

  /// The set pixels of each 4 × 4 block of a 32 × 32 bitmap: 8 × 8 values of 0 to 16, row
  /// after row.
  ///
  /// This is how the UCI set Optical Recognition of Handwritten Digits was made from scanned
  /// forms.
  static func blockCounts(_ bitmap: [Bool]) -> [Double] {
    var counts = [Double](repeating: 0, count: 64)
    for (index, isSet) in bitmap.enumerated() where isSet {
      counts[(index / side) / 4 * 8 + (index % side) / 4] += 1
    }
    return counts
  }

  /// A smooth line through points: Catmull-Rom splines, `steps` segments between neighbours.
  static func smoothed(_ points: [PenPoint], steps: Int) -> [PenPoint] {
    guard points.count > 2, let first = points.first, let last = points.last else { return points }
    let padded = [first] + points + [last]
    var line = [first]
    for index in 1..<(padded.count - 2) {
      let (a, b, c, d) = (padded[index - 1], padded[index], padded[index + 1], padded[index + 2])
      for step in 1...steps {
        let t = Double(step) / Double(steps)
        func blend(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
          let linear = (c - a) * t
          let square = (2 * a - 5 * b + 4 * c - d) * t * t
          let cube = (3 * b - a - 3 * c + d) * t * t * t
          return b + (linear + square + cube) / 2
        }
        line.append(
          PenPoint(x: blend(a.x, b.x, c.x, d.x), y: blend(a.y, b.y, c.y, d.y)))
      }
    }
    return line
  }
}

extension PenPoint {
  /// The squared distance from this point to the nearest point of a segment.
  func squaredDistance(toSegmentFrom start: PenPoint, to end: PenPoint) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let squaredLength = dx * dx + dy * dy
    let along = (x - start.x) * dx + (y - start.y) * dy
    let fraction = squaredLength > 0 ? min(max(along / squaredLength, 0), 1) : 0
    let (ex, ey) = (x - start.x - fraction * dx, y - start.y - fraction * dy)
    return ex * ex + ey * ey
  }
}
