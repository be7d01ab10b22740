public import LinearAlgebra
public import Randomness

/// A dictionary of atoms of which samples are sparse sums.
///
/// J. Mairal, F. Bach, J. Ponce, G. Sapiro. "Online Dictionary Learning for Sparse Coding." ICML
/// 2009, for the dictionary's step; J. Friedman, T. Hastie, H. Höfling, R. Tibshirani. "Pathwise
/// Coordinate Optimization." Annals of Applied Statistics 1(2), 2007, for the codes'.
///
/// ```
/// min over D, A:  Σ_i ½ ‖x_i − a_i D‖² + λ ‖a_i‖₁,   ‖d_m‖ ≤ 1                (1)
/// a_im ← S(a_im G_mm + (x_iDᵀ − a_i G)_m, λ) / G_mm,   G = DDᵀ,
///   S(v, λ) = sign(v) max(|v| − λ, 0)                                        (2)
/// d_m ← d_m + (B_m − C_m D) / C_mm, then d_m / max(1, ‖d_m‖),
///   C = AᵀA,  B = AᵀX                                                       (3)
/// ```
///
/// (2) runs over the m until no coefficient changes; between two sweeps over all of them, only
/// those that are not zero take part. (3) runs once over the atoms a round. An atom that no
/// sample uses becomes the sample that the dictionary tells worst.
///
/// - Complexity: O(n d M) and O(M) for each coefficient that changes, a round.
public struct SparseDictionary: Sendable {
  /// M, the number of atoms; at most the number of samples, and twice that of columns: among
  /// more, nearly the same in a plane, a code is a matter of chance.
  public var atomCount = 32
  /// λ.
  public var sparsity = 0.1
  /// The rounds of (2) and (3).
  public var rounds = 10

  /// The largest change of a coefficient that (2) leaves in a round.
  public var tolerance = 1e-4

  /// The dictionary at its defaults.
  public init() {}

  /// Learns the atoms from n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - initial: the atoms to start from; nil takes samples, scaled to length 1.
  ///   - key: names the draws of the start.
  /// - Returns: the atoms after the last round.
  /// - Throws: `noSamples` or `notFinite`.
  public func fit(
    _ features: Matrix<Double>, initial: Matrix<Double>? = nil, key: RandomKey
  ) throws(LearnerError) -> SparseDictionaryModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    var atoms: Matrix<Double>
    if let initial {
      atoms = initial
    } else {
      var stream = RandomStream(key)
      let count = min(atomCount, features.rows, 2 * max(features.columns, 1))
      let chosen = stream.sample(count, of: features.rows)
      atoms = features.selecting(rows: chosen.sorted()).rowsNormalized
    }
    var codes: Matrix<Double>?
    for _ in 0..<rounds {
      let model = SparseDictionaryModel(atoms: atoms, sparsity: sparsity)
      let found = model.codes(of: features, start: codes, tolerance: tolerance)
      atoms = improved(atoms, found, features)
      codes = found
    }
    return SparseDictionaryModel(atoms: atoms, sparsity: sparsity)
  }

  /// The atoms after (3).
  private func improved(
    _ old: Matrix<Double>, _ codes: Matrix<Double>, _ features: Matrix<Double>
  ) -> Matrix<Double> {
    var atoms = old
    let products = codes.gram
    let sums = codes.multiplied(by: features, transposingSelf: true)
    var unused: [Int] = []
    for atom in 0..<atoms.rows {
      let scale = products[atom, atom]
      guard scale > 1e-6 else {
        unused.append(atom)
        continue
      }
      let told = atoms.multiplied(by: Array(products.row(atom)), transposing: true)
      var updated = (0..<atoms.columns).map {
        atoms[atom, $0] + (sums[atom, $0] - told[$0]) / scale
      }
      let length = updated.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 1 { updated = updated.map { $0 / length } }
      for (column, entry) in updated.enumerated() { atoms[atom, column] = entry }  // (3)
    }
    guard !unused.isEmpty else { return atoms }
    let residuals = (features - codes * atoms).rowSquaredNorms
    let worst = residuals.indices.sorted { (residuals[$1], $0) < (residuals[$0], $1) }
    for (atom, row) in zip(unused, worst) where residuals[row] > 0 {
      let length = features.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      for column in 0..<atoms.columns {
        atoms[atom, column] = length > 0 ? features[row, column] / length : 0
      }
    }
    return atoms
  }
}

/// A dictionary with the sparsity of its codes.
public struct SparseDictionaryModel: Sendable, Hashable {
  /// D, M × d; no row is longer than 1.
  public let atoms: Matrix<Double>
  /// λ.
  public let sparsity: Double

  /// A dictionary of given atoms.
  public init(atoms: Matrix<Double>, sparsity: Double) {
    precondition(sparsity >= 0, "The weight of a code's length is not negative.")
    self.atoms = atoms
    self.sparsity = sparsity
  }

  /// The codes of n samples: the minimum of (1) over A.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - start: codes to start from; nil are zeros.
  ///   - tolerance: the largest change of a coefficient that is left.
  /// - Returns: A, n × M.
  public func codes(
    of features: Matrix<Double>, start: Matrix<Double>? = nil, tolerance: Double = 1e-6
  ) -> Matrix<Double> {
    let count = atoms.rows
    var codes = start ?? Matrix(rows: features.rows, columns: count)
    let gram = atoms.outerGram
    var rest = features.multiplied(by: atoms, transposingOther: true)
    if start != nil { rest = rest - codes * gram }
    codes.elements.withUnsafeMutableBufferPointer { codes in
      rest.elements.withUnsafeMutableBufferPointer { rest in
        gram.elements.withUnsafeBufferPointer { gram in
          for row in 0..<features.rows {
            let range = row * count..<(row + 1) * count
            encode(
              UnsafeMutableBufferPointer(rebasing: codes[range]),
              UnsafeMutableBufferPointer(rebasing: rest[range]), gram, tolerance)
          }
        }
      }
    }
    return codes
  }

  /// (2) for one sample: `rest` is xDᵀ − aG.
  private func encode(
    _ code: UnsafeMutableBufferPointer<Double>, _ rest: UnsafeMutableBufferPointer<Double>,
    _ gram: UnsafeBufferPointer<Double>, _ tolerance: Double
  ) {
    let count = code.count
    func sweep(all: Bool) -> Double {
      var largest = 0.0
      for atom in 0..<count where all || code[atom] != 0 {
        let scale = gram[atom * count + atom]
        guard scale > 0 else { continue }
        let value = code[atom] * scale + rest[atom]
        let shrunk = value > sparsity ? value - sparsity : min(value + sparsity, 0)
        let change = shrunk / scale - code[atom]
        guard change != 0 else { continue }
        code[atom] += change  // (2)
        if shrunk == 0 { code[atom] = 0 }
        largest = max(largest, abs(change))
        for other in 0..<count { rest[other] -= change * gram[atom * count + other] }
      }
      return largest
    }
    var sweeps = 0
    while sweep(all: true) > tolerance, sweeps < 10_000 {
      sweeps += 1
      while sweep(all: false) > tolerance, sweeps < 10_000 { sweeps += 1 }
    }
  }
}
