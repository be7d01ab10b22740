internal import LinearAlgebra

/// One class against the rest, on the way to the minimum of (1) of `LinearSVM`.
///
/// ```
/// m = X w + b,   κ_i = 2 C a_i where z_i m_i < 1, 0 elsewhere                (1)
/// g = (w, b) + (Xᵀ, 1ᵀ) (κ ∘ (m − z))                                        (2)
/// (I + (X, 1)ᵀ diag(κ) (X, 1)) s = −g,   ‖residual‖ ≤ ‖g‖/10                 (3)
/// (w, b) + s = (X, 1)ᵀ α,   (XXᵀ + 11ᵀ + diag(1/κ)) α = z where κ > 0        (4)
/// (w, b) ← (w, b) + t s,   t the minimum along s                             (5)
/// ‖g‖ ≤ tolerance · (share of the smaller class) · ‖g at 0‖                  (6)
/// ```
///
/// A step s comes from (3) by conjugate gradients, or from (4), the same without remainder, by a
/// Cholesky factor. The objective is quadratic between the points where a sample's loss begins: once
/// these are passed a step is as good as its equation is solved. The products with X are made by
/// `LinearSVM`, for several machines at once.
struct SquaredHingeMachine {
  /// w, and b behind it.
  private(set) var point: [Double]
  /// κ.
  private(set) var curvatures: [Double]
  /// The next direction of conjugate gradients.
  private(set) var direction: [Double] = []

  /// z.
  private let signs: [Double]
  /// 2 C a.
  private let factors: [Double]
  private let relativeGoal: Double
  private var margins: [Double]

  private var goal: Double?
  private var gradient: [Double] = []
  private var step: [Double] = []
  private var stepMargins: [Double] = []
  private var residual: [Double] = []
  private var square = 0.0
  private var squareGoal = 0.0
  private var roundsLeft = 0

  /// The machine at zero.
  init(isOwn: [Bool], factors: [Double], width: Int, tolerance: Double) {
    let own = isOwn.count(where: \.self)
    signs = isOwn.map { $0 ? 1 : -1 }
    self.factors = factors
    relativeGoal = tolerance * Double(max(1, min(own, isOwn.count - own))) / Double(isOwn.count)
    point = Array(repeating: 0, count: width + 1)
    margins = Array(repeating: 0, count: isOwn.count)
    curvatures = factors
  }

  /// κ ∘ (m − z).
  var residuals: [Double] {
    signs.indices.map { curvatures[$0] * (margins[$0] - signs[$0]) }
  }

  /// Takes Xᵀ of the residuals and begins a step, if (6) doesn't hold.
  mutating func begin(slopes: [Double]) -> Bool {
    gradient = point
    for index in slopes.indices { gradient[index] += slopes[index] }
    gradient[slopes.count] += residuals.reduce(0, +)  // (2)
    square = Self.product(gradient, gradient)
    let norm = square.squareRoot()
    let goal = goal ?? relativeGoal * norm
    self.goal = goal
    guard norm > goal else { return false }  // (6)
    step = Array(repeating: 0, count: point.count)
    stepMargins = Array(repeating: 0, count: margins.count)
    residual = gradient.map { -$0 }
    direction = residual
    squareGoal = 0.01 * square
    roundsLeft = point.count
    return true
  }

  /// Takes the products with the direction and κ's with them, and says whether (3) needs another.
  mutating func advance(products: [Double], slopes: [Double]) -> Bool {
    let curved = Self.product(direction, slopes) + Self.product(direction, direction)
    let length = square / curved
    Self.add(length, direction, to: &step)
    Self.add(length, products, to: &stepMargins)
    Self.add(-length, direction, to: &residual)
    Self.add(-length, slopes, to: &residual)
    let next = Self.product(residual, residual)
    let share = next / square
    for index in direction.indices { direction[index] = residual[index] + share * direction[index] }
    square = next
    roundsLeft -= 1
    return square > squareGoal && roundsLeft > 0  // (3)
  }

  /// α of (4), 0 where κ is; nil where rounding leaves its matrix without a factor.
  ///
  /// `gram` is XXᵀ + 11ᵀ.
  func multipliers(_ gram: Matrix<Double>) -> [Double]? {
    let active = curvatures.indices.filter { curvatures[$0] > 0 }
    var system = gram.selecting(rows: active, columns: active)
    for (place, sample) in active.enumerated() { system[place, place] += 1 / curvatures[sample] }
    let own = Matrix(rows: active.count, columns: 1, elements: active.map { signs[$0] })
    guard let found = try? (consume system).cholesky().solve(own) else { return nil }  // (4)
    var result = [Double](repeating: 0, count: signs.count)
    for (place, sample) in active.enumerated() { result[sample] = found.elements[place] }
    return result
  }

  /// Takes the point that (4) leads to, and its margins.
  mutating func aim(at end: [Double], margins endMargins: [Double]) {
    step = zip(end, point).map { $0 - $1 }
    stepMargins = zip(endMargins, margins).map { $0 - $1 }
  }

  /// Ends a step at the minimum along it.
  mutating func move() {
    let inner = Self.product(point, step)
    let square = Self.product(step, step)
    // The slope of (1) along the step is increasing and made of straight pieces.
    var (low, high, length) = (0.0, Double.infinity, 1.0)
    let steepest = abs(Self.product(gradient, step))
    for _ in 0..<Self.mostTrials {
      var (slope, curvature) = (inner + length * square, square)
      for index in signs.indices {
        let margin = margins[index] + length * stepMargins[index]
        guard signs[index] * margin < 1 else { continue }
        let factor = factors[index] * stepMargins[index]
        slope += factor * (margin - signs[index])
        curvature += factor * stepMargins[index]
      }
      if abs(slope) <= 0.01 * steepest { break }
      if slope < 0 { low = length } else { high = length }
      let next = length - slope / curvature
      length = low < next && next < high ? next : high.isFinite ? (low + high) / 2 : 2 * length
    }
    Self.add(length, step, to: &point)
    Self.add(length, stepMargins, to: &margins)  // (5)
    for index in signs.indices {
      curvatures[index] = signs[index] * margins[index] < 1 ? factors[index] : 0  // (1)
    }
  }

  /// So many points are looked at along a step: rounding may keep the slope from falling far enough.
  private static let mostTrials = 50

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  private static func add(_ factor: Double, _ other: [Double], to sum: inout [Double]) {
    for index in sum.indices { sum[index] += factor * other[index] }
  }
}
