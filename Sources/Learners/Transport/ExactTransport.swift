internal import CTransport
public import LinearAlgebra

/// The transportation problem between two sets of masses, solved exactly.
///
/// G. B. Dantzig. "Application of the Simplex Method to a Transportation Problem." 1951; the network
/// simplex of R. Ahuja, T. Magnanti, J. Orlin. "Network Flows." 1993, chapter 11. A. Orden. "The
/// Transhipment Problem." Management Science 2(3), 1956, for the masses that rule out cycling.
///
/// ```
/// min over γ ≥ 0:  Σ_ij γ_ij C_ij,   Σ_j γ_ij = a_i,   Σ_i γ_ij = b_j       (1)
/// ```
///
/// Masses are whole numbers of a unit, so that flows have no rounding: equal masses are exact,
/// others are rounded to about 2⁻⁶⁰ times the number of samples. A second problem with the same
/// masses starts from the solution of the first.
///
/// - Complexity: O(n_S n_T) for the cost matrix and O(n_S + n_T) memory beside it; the pivots, each
///   O(n_S + n_T), are some 50 a sample in practice.
public struct ExactTransport {
  private let supplies: [Int64]
  private let demands: [Int64]
  /// The mass of one unit.
  private let unit: Double
  private var basis: [ct_arc] = []
  /// The pivots that the last problem took.
  public private(set) var pivots = 0

  /// Masses 1/n_S and 1/n_T.
  public init(uniform rows: Int, _ columns: Int) {
    precondition(rows > 0 && columns > 0, "A transportation problem has masses on both sides.")
    let divisor = Self.greatestCommonDivisor(rows, columns)
    supplies = Array(repeating: Int64(columns / divisor), count: rows)
    demands = Array(repeating: Int64(rows / divisor), count: columns)
    unit = 1 / (Double(rows) * Double(columns / divisor))
  }

  /// Any masses above 0; those of the columns are scaled to the sum of the rows'.
  public init(masses rows: [Double], _ columns: [Double]) {
    precondition(
      !rows.isEmpty && !columns.isEmpty && (rows + columns).allSatisfy { $0 > 0 && $0.isFinite },
      "The masses of a transportation problem are above 0.")
    // The solver multiplies each unit by 2 (n_S + n_T) + 1, below 2⁶².
    let total = (Int64(1) << 60) / Int64(2 * (rows.count + columns.count) + 1)
    supplies = Self.units(rows, total: total)
    demands = Self.units(columns, total: total)
    unit = rows.reduce(0, +) / Double(total)
  }

  /// The best plan for a cost matrix, n_S × n_T.
  ///
  /// - Throws: `linearAlgebra` where a cost is not finite, `notConverged` after many times the
  ///   pivots that problems take.
  public mutating func plan(_ cost: Matrix<Double>) throws(LearnerError) -> SparsePlan {
    let (rows, columns) = (supplies.count, demands.count)
    precondition(
      cost.rows == rows && cost.columns == columns, "A cost matrix has a row and a column a mass.")
    guard cost.isFinite else {
      throw .linearAlgebra(.notFinite(routine: "network simplex"))
    }
    let isWarm = !basis.isEmpty
    if !isWarm { basis = Array(repeating: ct_arc(), count: rows + columns - 1) }
    let limit = 100_000 + 2000 * (rows + columns)
    var made = 0
    let status = ct_transport(
      rows, columns, cost.elements, supplies, demands, isWarm ? 1 : 0, limit, &basis, &made)  // (1)
    pivots = made
    guard Int(status) == CT_OPTIMAL else {
      basis = []
      throw .notConverged(learner: "exact transport", iterations: made)
    }
    // A tree's flows are units times `scale`, give or take less than half of it.
    let scale = Int64(2 * (rows + columns) + 1)
    let entries: [SparsePlan.Entry] = basis.compactMap { arc in
      let units = (arc.flow + scale / 2) / scale
      guard units > 0 else { return nil }
      return SparsePlan.Entry(
        row: Int(arc.row), column: Int(arc.column), mass: Double(units) * unit)
    }
    return SparsePlan(rows: rows, columns: columns, entries: entries)
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }

  /// Whole numbers above 0 in proportion to the masses, with the given sum.
  private static func units(_ masses: [Double], total: Int64) -> [Int64] {
    let sum = masses.reduce(0, +)
    var units = masses.map { max(1, Int64($0 / sum * Double(total))) }
    // What rounding left over is nothing beside the largest mass.
    var largest = 0
    for index in masses.indices where masses[index] > masses[largest] { largest = index }
    units[largest] += total - units.reduce(0, +)
    return units
  }
}

/// A transport plan with few entries above 0.
public struct SparsePlan: Sendable, Hashable {
  /// What goes from one source sample to one target sample.
  public struct Entry: Sendable, Hashable {
    /// The source sample.
    public let row: Int
    /// The target sample.
    public let column: Int
    /// γ_ij.
    public let mass: Double
  }

  /// n_S.
  public let rows: Int
  /// n_T.
  public let columns: Int
  /// At most n_S + n_T − 1 of them, in no order.
  public let entries: [Entry]

  /// Σ_ij γ_ij C_ij of a cost matrix.
  public func cost(_ cost: Matrix<Double>) -> Double {
    entries.reduce(0) { $0 + $1.mass * cost[$1.row, $1.column] }
  }

  /// γ X, n_S × d, of the target's features.
  public func multiplied(by features: Matrix<Double>) -> Matrix<Double> {
    precondition(features.rows == columns, "A plan has one column for each target sample.")
    let width = features.columns
    var result = Matrix<Double>(rows: rows, columns: width)
    for entry in entries {
      let (start, from) = (entry.row * width, entry.column * width)
      for column in 0..<width {
        result.elements[start + column] += entry.mass * features.elements[from + column]
      }
    }
    return result
  }

  /// Σ over the source samples of class c of γ_ij, n_T × C.
  public func classMasses(_ labels: [Int], classCount: Int) -> Matrix<Double> {
    var result = Matrix<Double>(rows: columns, columns: classCount)
    for entry in entries { result[entry.column, labels[entry.row]] += entry.mass }
    return result
  }
}
