import Foundation
import LinearAlgebra
public import Randomness

/// Two interleaved half circles, turned by 0° to 90°: a shift that grows by known steps.
///
/// ```
/// t uniform in [0, π]
/// outer moon:  (cos t, sin t)
/// inner moon:  (1 − cos t, ½ − sin t)
/// x = R(α) (moon − (½, ¼)) + noise,  noise ~ N(0, 0.1² I)
/// ```
///
/// R(α) turns counter-clockwise about the centre of both moons. The classes change places when
/// α passes 90°, so that up to there the task is solvable without target labels, and harder by
/// each step.
public enum Moons {
  /// The samples of each moon in each domain.
  public static let samplesPerClass = 150
  /// The standard deviation of the noise.
  public static let noise = 0.1
  /// The angles of the domains, in degrees.
  public static let angles = Array(stride(from: 0, through: 90, by: 10))

  /// The generator of the domains `rotated-0` to `rotated-90`; class 0 is the outer moon.
  public static let generator = SyntheticGenerator(
    id: "moons", version: 1, domainNames: angles.map { "rotated-\($0)" }, classCount: 2
  ) { index, key in
    domain(degrees: Double(angles[index]), name: "rotated-\(angles[index])", key: key)
  }

  /// Two moons turned by any angle, in degrees.
  public static func domain(degrees: Double, name: String, key: RandomKey) -> Domain {
    var stream = RandomStream(key)
    let angle = degrees * Double.pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let labels = (0..<2 * samplesPerClass).map { $0 % 2 }
    let rows = labels.map { label in
      let t = stream.uniform(in: 0..<Double.pi)
      let x = (label == 0 ? cos(t) : 1 - cos(t)) - 0.5
      let y = (label == 0 ? sin(t) : 0.5 - sin(t)) - 0.25
      return [
        cosine * x - sine * y + noise * stream.normal(),
        sine * x + cosine * y + noise * stream.normal(),
      ]
    }
    return Domain(name: name, features: Matrix(rows), labels: labels)
  }
}
