import Foundation
import LinearAlgebra
public import Randomness

/// Handwritten digits that nobody wrote: skeletons of pen strokes, varied and drawn.
///
/// ```
/// 1  take one of the digit's skeletons: smooth curves or corners through control points
/// 2  move each control point by N(0, 0.035² I) (the unit is the digit's height)
/// 3  slant, rotate and stretch the whole: x ← R(ω) (1, k; 0, 1) diag(e^u, 1) x,
///    ω ~ N(0, (5°)²), k ~ N(−0.12, 0.15²), u ~ N(0, 0.15²)
/// 4  fit the longer side to 26 to 30 pixels of a 32 × 32 bitmap, centred, and draw with a
///    round pen 2.5 to 5 pixels wide
/// 5  count the set pixels of each 4 × 4 block: 8 × 8 values of 0 to 16
/// ```
///
/// Steps 4 and 5 end where the UCI set Optical Recognition of Handwritten Digits does, so that
/// what differs from it is the writing: few writers' habits, no noise of a scanner. The
/// skeletons were drawn from what the digits look like, not fitted to any data.
public enum PenDigits {
  /// The samples of each digit.
  public static let samplesPerClass = 100

  /// The generator of the domain `synthetic`.
  public static let generator = SyntheticGenerator(
    id: "pen-digits", version: 1, domainNames: ["synthetic"], classCount: 10
  ) { _, key in domain(samplesPerClass: samplesPerClass, key: key) }

  /// Images of the ten digits, in turn; 64 columns, row after row of each image.
  public static func domain(samplesPerClass: Int, key: RandomKey) -> Domain {
    let labels = (0..<10 * samplesPerClass).map { $0 % 10 }
    let rows = labels.enumerated().map { index, label in
      image(of: label, key: key.child("image", index))
    }
    return Domain(name: "synthetic", features: Matrix(rows), labels: labels)
  }

  /// One image of a digit: 64 block counts.
  static func image(of digit: Int, key: RandomKey) -> [Double] {
    var stream = RandomStream(key)
    let variants = skeletons[digit]
    let skeleton = variants[stream.integer(below: variants.count)]
    let lines = skeleton.map { line in
      let points = line.points.map { x, y in
        PenPoint(x: x + 0.035 * stream.normal(), y: y + 0.035 * stream.normal())
      }
      return line.isSmooth ? PenStrokes.smoothed(points, steps: 8) : points
    }
    let angle = 5 * Double.pi / 180 * stream.normal()
    let slant = -0.12 + 0.15 * stream.normal()
    let stretch = exp(0.15 * stream.normal())
    let size = stream.uniform(in: 26..<30)
    let width = stream.uniform(in: 2.5..<5)
    let strokes = PenStrokes(lines: lines).mapped { point in
      let x = stretch * (point.x - 0.5) + slant * (point.y - 0.5)
      let y = point.y - 0.5
      return PenPoint(x: cos(angle) * x - sin(angle) * y, y: sin(angle) * x + cos(angle) * y)
    }
    let bitmap = strokes.fitted(size: size, canvas: 32).bitmap(penWidth: width)
    return PenStrokes.blockCounts(bitmap)
  }

  /// A line of a skeleton, through control points in a box of height 1, y downwards.
  struct SkeletonLine: Sendable {
    let isSmooth: Bool
    let points: [(x: Double, y: Double)]

    static func smooth(_ points: (x: Double, y: Double)...) -> SkeletonLine {
      SkeletonLine(isSmooth: true, points: points)
    }

    static func corners(_ points: (x: Double, y: Double)...) -> SkeletonLine {
      SkeletonLine(isSmooth: false, points: points)
    }
  }

  /// The ways to write each digit.
  static let skeletons: [[[SkeletonLine]]] = [
    [
      [
        .smooth(
          (0.5, 0), (0.25, 0.15), (0.18, 0.5), (0.27, 0.85), (0.5, 1), (0.74, 0.85), (0.82, 0.5),
          (0.73, 0.15), (0.5, 0))
      ],
      [
        .smooth(
          (0.6, 0.02), (0.35, 0.12), (0.22, 0.45), (0.25, 0.82), (0.47, 1), (0.7, 0.8),
          (0.78, 0.45), (0.68, 0.12), (0.45, 0.03))
      ],
    ],
    [
      [.corners((0.5, 0), (0.5, 1))],
      [.corners((0.35, 0.22), (0.53, 0), (0.53, 1))],
      [.corners((0.32, 0.2), (0.52, 0), (0.52, 1)), .corners((0.3, 1), (0.74, 1))],
    ],
    [
      [
        .smooth((0.22, 0.22), (0.33, 0.05), (0.55, 0), (0.75, 0.17), (0.7, 0.42), (0.47, 0.7)),
        .corners((0.47, 0.7), (0.2, 1), (0.82, 1)),
      ],
      [
        .smooth(
          (0.25, 0.18), (0.45, 0), (0.7, 0.12), (0.72, 0.38), (0.5, 0.7), (0.25, 0.93), (0.2, 0.83),
          (0.35, 0.8), (0.55, 0.95), (0.82, 0.95))
      ],
    ],
    [
      [
        .smooth(
          (0.24, 0.12), (0.45, 0), (0.7, 0.1), (0.7, 0.32), (0.45, 0.46), (0.72, 0.58),
          (0.78, 0.8), (0.5, 1), (0.22, 0.88))
      ],
      [
        .smooth((0.25, 0.1), (0.5, 0), (0.72, 0.15), (0.65, 0.38), (0.42, 0.47)),
        .smooth((0.42, 0.47), (0.68, 0.53), (0.77, 0.74), (0.6, 0.96), (0.23, 0.94)),
      ],
    ],
    [
      [.corners((0.55, 0), (0.18, 0.65), (0.85, 0.65)), .corners((0.65, 0.35), (0.65, 1))],
      [
        .smooth((0.3, 0), (0.24, 0.3), (0.3, 0.5), (0.55, 0.5), (0.75, 0.42)),
        .corners((0.76, 0.05), (0.7, 1)),
      ],
      [.corners((0.4, 0), (0.2, 0.55), (0.8, 0.55)), .corners((0.72, 0.15), (0.62, 1))],
    ],
    [
      [
        .corners((0.78, 0.02), (0.32, 0.02), (0.28, 0.42)),
        .smooth(
          (0.28, 0.42), (0.5, 0.36), (0.75, 0.5), (0.77, 0.78), (0.55, 1), (0.22, 0.92)),
      ],
      [
        .smooth(
          (0.3, 0.05), (0.29, 0.4), (0.55, 0.4), (0.74, 0.58), (0.7, 0.85), (0.47, 1),
          (0.24, 0.9)),
        .corners((0.3, 0.05), (0.8, 0)),
      ],
    ],
    [
      [
        .smooth(
          (0.6, 0), (0.4, 0.2), (0.26, 0.5), (0.25, 0.8), (0.45, 1), (0.7, 0.9), (0.73, 0.66),
          (0.52, 0.54), (0.3, 0.68))
      ],
      [
        .smooth(
          (0.38, 0), (0.28, 0.35), (0.25, 0.72), (0.4, 0.98), (0.65, 0.96), (0.75, 0.75),
          (0.6, 0.58), (0.38, 0.62), (0.27, 0.78))
      ],
    ],
    [
      [.corners((0.2, 0.02), (0.8, 0.02), (0.42, 1))],
      [.corners((0.2, 0.05), (0.78, 0), (0.48, 1)), .corners((0.35, 0.5), (0.78, 0.48))],
      [.corners((0.22, 0.2), (0.24, 0.03), (0.8, 0.03), (0.5, 0.5), (0.42, 1))],
    ],
    [
      [
        .smooth(
          (0.68, 0.1), (0.45, 0), (0.28, 0.17), (0.42, 0.4), (0.65, 0.57), (0.73, 0.82),
          (0.5, 1), (0.27, 0.83), (0.38, 0.57), (0.66, 0.36), (0.72, 0.14), (0.5, 0))
      ],
      [
        .smooth(
          (0.5, 0.47), (0.3, 0.33), (0.33, 0.08), (0.52, 0), (0.72, 0.12), (0.68, 0.36),
          (0.5, 0.47), (0.26, 0.65), (0.28, 0.9), (0.5, 1), (0.75, 0.88), (0.74, 0.64),
          (0.5, 0.47))
      ],
    ],
    [
      [
        .smooth(
          (0.72, 0.25), (0.55, 0.02), (0.3, 0.12), (0.27, 0.38), (0.48, 0.5), (0.7, 0.38),
          (0.73, 0.2)),
        .corners((0.73, 0.2), (0.7, 0.6), (0.6, 1)),
      ],
      [
        .smooth(
          (0.75, 0.12), (0.5, 0), (0.28, 0.18), (0.33, 0.45), (0.58, 0.45), (0.74, 0.22),
          (0.74, 0.6), (0.62, 0.95), (0.3, 0.95))
      ],
    ],
  ]
}
