import Foundation
import LinearAlgebra
public import Randomness

/// The four simulated shifts of SKADA-Bench, drawn by our own random numbers.
///
/// Y. Lalou et al. "SKADA-Bench: Benchmarking Unsupervised Domain Adaptation Methods with Realistic
/// Validation." 2024; the distributions are those of `make_shifted_datasets` in SKADA.
///
/// ```
/// class 0      x = u A + (2, 2),  u uniform in the unit disc, A = [2 −½; −½ 2]
/// class 1      x = ε B_k + m_k,  ε ~ N(0, I), four clusters of equal size
/// covariate    target x drawn with weight exp(−2 ‖x − (−0.4, 3)‖²)
/// target       90 % of the target is of class 0
/// concept      target x ↦ 0.7 x + 1
/// subspace     class 0: N((−1, 1), 0.5² I); class 1: N((1.5, 0.5), 0.1² I) and
///              N((−0.5, −1.5), 0.2² I), half each; target x ↦ −x
/// ```
///
/// Normal noise is added to both domains at the end: 0.6 under `covariate`, 0.8 under `target` and
/// `concept`, 0.4 under `subspace`. A domain has 800 samples, under `subspace` 1,200.
public enum PlanarShifts {
  /// The kinds of shift, in the order in which they are shown.
  public enum Kind: String, CaseIterable, Sendable {
    case covariate
    case target
    case concept
    case subspace

    /// The standard deviation of the noise.
    var noise: Double {
      switch self {
      case .covariate: 0.6
      case .target, .concept: 0.8
      case .subspace: 0.4
      }
    }
  }

  /// How often each pair is drawn.
  public static let draws = 5

  /// The generator of the domains `KIND-DRAW-source` and `KIND-DRAW-target`.
  public static let generator = SyntheticGenerator(
    id: "planar-shifts", version: 1,
    domainNames: Kind.allCases.flatMap { kind in
      (0..<draws).flatMap { draw in
        ["source", "target"].map { "\(kind.rawValue)-\(draw)-\($0)" }
      }
    }, classCount: 2
  ) { index, key in
    domain(
      Kind.allCases[index / (2 * draws)], isTarget: index % 2 == 1, scale: 100,
      name: "\(index / 2 % draws)", key: key)
  }

  /// The source or the target of a kind of shift, of 8 `scale` samples, or 12 under `subspace`.
  public static func domain(
    _ kind: Kind, isTarget: Bool, scale: Int, name: String, key: RandomKey
  ) -> Domain {
    var stream = RandomStream(key)
    var points: [Point]
    switch kind {
    case .covariate where isTarget:
      points = weighted(classes(100 * scale, &stream), count: 8 * scale, &stream)
    case .target where isTarget:
      let pool = classes(3 * scale, &stream)
      let many = Int(7.2 * Double(scale))
      points =
        chosen(many, of: pool.filter { $0.label == 0 }, &stream)
        + chosen(8 * scale - many, of: pool.filter { $0.label == 1 }, &stream)
    case .concept where isTarget:
      points = classes(scale, &stream).map { $0.at(0.7 * $0.x + 1, 0.7 * $0.y + 1) }
    case .subspace:
      points = subspaceClasses(3 * scale, &stream)
      if isTarget { points = points.map { $0.at(-$0.x, -$0.y) } }
    case .covariate, .target, .concept:
      points = classes(scale, &stream)
    }
    let rows = points.map { point in
      [point.x + kind.noise * stream.normal(), point.y + kind.noise * stream.normal()]
    }
    return Domain(
      name: "\(kind.rawValue)-\(name)-\(isTarget ? "target" : "source")", features: Matrix(rows),
      labels: points.map(\.label))
  }

  private struct Point {
    let x: Double
    let y: Double
    let label: Int

    func at(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y, label: label) }
  }

  /// A normal point through a linear map, as a row: (ε₁, ε₂) [a b; b c] + (x, y).
  private struct Cluster {
    let (a, b, c): (Double, Double, Double)
    let (x, y): (Double, Double)

    func point(_ first: Double, _ second: Double, label: Int) -> Point {
      Point(x: first * a + second * b + x, y: first * b + second * c + y, label: label)
    }
  }

  private static let disc = Cluster(a: 2, b: -0.5, c: 2, x: 2, y: 2)
  private static let clusters = [
    Cluster(a: 0.15, b: 0, c: 0.3, x: -1.5, y: 3),
    Cluster(a: 0.2, b: -0.1, c: 0.2, x: -0.5, y: 1),
    Cluster(a: 0.17, b: -0.05, c: 0.17, x: 1, y: -0.4),
    Cluster(a: 0.3, b: 0, c: 0.15, x: 3, y: -1),
  ]

  /// 4 n points of each class.
  private static func classes(_ count: Int, _ stream: inout RandomStream) -> [Point] {
    var points: [Point] = []
    for _ in 0..<4 * count {
      let angle = 2 * Double.pi * stream.uniform()
      let radius = stream.uniform().squareRoot()
      points.append(disc.point(radius * cos(angle), radius * sin(angle), label: 0))
    }
    for cluster in clusters {
      for _ in 0..<count {
        points.append(cluster.point(stream.normal(), stream.normal(), label: 1))
      }
    }
    return points
  }

  /// 2 n points of each class of `subspace`.
  private static func subspaceClasses(_ count: Int, _ stream: inout RandomStream) -> [Point] {
    let parts = [
      (Cluster(a: 0.5, b: 0, c: 0.5, x: -1, y: 1), 2 * count, 0),
      (Cluster(a: 0.1, b: 0, c: 0.1, x: 1.5, y: 0.5), count, 1),
      (Cluster(a: 0.2, b: 0, c: 0.2, x: -0.5, y: -1.5), count, 1),
    ]
    return parts.flatMap { cluster, count, label in
      (0..<count).map { _ in cluster.point(stream.normal(), stream.normal(), label: label) }
    }
  }

  /// So many of the points, without replacement, each alike.
  private static func chosen(
    _ count: Int, of points: [Point], _ stream: inout RandomStream
  ) -> [Point] {
    stream.permutation(points.count).prefix(count).map { points[$0] }
  }

  /// So many of the points, without replacement, by their weights.
  ///
  /// Those of the largest u^(1/w): P. Efraimidis, P. Spirakis. "Weighted Random Sampling with a
  /// Reservoir." Information Processing Letters 97(5), 2006.
  private static func weighted(
    _ points: [Point], count: Int, _ stream: inout RandomStream
  ) -> [Point] {
    // log(−log u) − log w rises as u^(1/w) falls, and has a value however small w is.
    let keys = points.map { point in
      let (x, y) = (point.x + 0.4, point.y - 3)
      return log(-log(1 - stream.uniform())) + 2 * (x * x + y * y)
    }
    return points.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.prefix(count)
      .map { points[$0] }
  }
}
