import CKernels

/// The squared maximum mean discrepancy of two samples, with a sum of Gaussian kernels.
///
/// A. Gretton et al. "A Kernel Two-Sample Test." JMLR 2012, equation 5; bandwidths relative to the
/// mean distance as in M. Long et al. "Learning Transferable Features with Deep Adaptation
/// Networks." ICML 2015.
///
/// ```
/// k(a, b) = Σ_u exp(−‖a − b‖² / h_u)                                      (1)
/// L = Σ_ij W_ij k(z_i, z_j),  W_ij = 1/m², 1/n² within, −1/(m n) between   (2)
/// E_ij = W_ij Σ_u exp(−‖z_i − z_j‖² / h_u) / h_u                           (3)
/// ∂L/∂z_i = 4 (Σ_j E_ij z_j − z_i Σ_j E_ij)                                (4)
/// h_u = f_u Σ_ij ‖z_i − z_j‖² / (N² − N),  N = m + n                       (5)
/// ```
///
/// z are the m source samples, then the n target samples. No gradient flows through (5).
///
/// - Complexity: O(N² d + N² U).
final class MeanDiscrepancy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let widths: KernelWidths
  private let counts: [Int]
  private let features: Int
  /// z less its mean, which keeps the digits of distances.
  private let points: Storage
  private let norms: Storage
  /// The squared distances, then E of (3).
  private let pairs: Storage
  private let inverse: Storage
  private let rowSums: Storage

  init(_ source: Variable, _ target: Variable, widths: KernelWidths) {
    operands = [source, target].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    self.widths = widths
    features = source.lastLength
    precondition(features == target.lastLength, "Both samples have the same features.")
    counts = [source, target].map { $0.node.count / $0.lastLength }
    precondition(counts.allSatisfy { $0 > 0 }, "Both samples hold something.")
    let total = counts[0] + counts[1]
    points = Storage(count: total * features)
    norms = Storage(count: total)
    pairs = Storage(count: total * total)
    inverse = Storage(count: widths.values.count)
    rowSums = Storage(count: max(total, features))
  }

  private var total: Int { counts[0] + counts[1] }

  func forward(_ team: Team) {
    centre()
    takeDistances(team)
    takeWidths()
    var sum = 0.0
    for row in 0..<total {
      let isSource = row < counts[0]
      for group in 0..<2 {
        let first = group * counts[0]
        let weight =
          (isSource == (group == 0) ? 1.0 : -1.0)
          / (Double(counts[isSource ? 0 : 1]) * Double(counts[group]))
        // (2) and (3)
        sum +=
          weight
          * ck_gaussian_slopes_f32(
            counts[group], widths.values.count, inverse.floats.baseAddress, Float(weight),
            pairs.floats.from(row * total + first))
      }
    }
    output.value[0] = Float(sum)
  }

  private func centre() {
    for (place, operand) in operands.enumerated() {
      let first = place * counts[0]
      Floats(rebasing: points.floats[(first * features)...]).take(
        operand.value, 0..<operand.value.count)
    }
    let means = rowSums.floats
    ck_column_sums_f32(total, features, points.floats.baseAddress, means.baseAddress)
    ck_scaled_f32(features, -1 / Float(total), means.baseAddress, means.baseAddress)
    ck_add_row_f32(total, features, means.baseAddress, points.floats.baseAddress)
  }

  private func takeDistances(_ team: Team) {
    let z = points.floats
    for row in 0..<total {
      let point = z.from(row, width: features)
      norms.floats[row] = Float(ck_inner_f32(features, point, point))
    }
    team.split(total, width: total * features / 8) { range in
      let rows = pairs.floats.from(range.lowerBound, width: total)
      multiply(
        z.from(range.lowerBound, width: features), stride: features, z.baseAddress, .transposed,
        stride: features, into: rows, stride: total, rows: range.count, columns: total,
        inner: features)
      ck_squared_distances_f32(
        range.count, total, norms.floats.from(range.lowerBound), norms.floats.baseAddress, rows)
      for row in range { pairs.floats[row * total + row] = 0 }
    }
  }

  private func takeWidths() {
    var scale = 1.0
    if case .relative = widths {
      // (5)
      let mean =
        ck_total_f32(total * total, pairs.floats.baseAddress)
        / (Double(total) * Double(total - 1))
      scale = mean > 0 ? mean : 1
    }
    for (place, width) in widths.values.enumerated() {
      inverse.floats[place] = Float(1 / (scale * Double(width)))
    }
  }

  func backward(_ team: Team) {
    let slope = 4 * output.gradient[0]
    for row in 0..<total {
      rowSums.floats[row] = Float(
        ck_total_f32(total, pairs.floats.from(row, width: total)))
    }
    for (place, operand) in operands.enumerated() where operand.wantsGradient {
      let first = place * counts[0]
      let count = operand.value.count / features
      team.split(count, width: total * features / 8) { range in
        let gradient = operand.gradient.from(range.lowerBound, width: features)
        // (4)
        for row in range {
          ck_scaled_f32(
            features, -slope * rowSums.floats[first + row],
            points.floats.from(first + row, width: features),
            operand.gradient.from(row, width: features))
        }
        multiply(
          pairs.floats.from(first + range.lowerBound, width: total), stride: total,
          points.floats.baseAddress, stride: features, into: gradient, stride: features,
          rows: range.count, columns: features, inner: total, factor: slope, adding: 1)
      }
    }
  }
}

/// The widths h of Gaussian kernels exp(−‖a − b‖² / h).
public enum KernelWidths: Sendable, Hashable {
  /// These: 2 σ² for a Gaussian of deviation σ.
  case fixed([Float])
  /// These factors of the mean squared distance of two different points of both samples.
  case relative([Float])

  /// Factors 1/4, 1/2, 1, 2 and 4 of the mean squared distance, as in the code of deep adaptation
  /// networks (Long et al., ICML 2015).
  public static let deepAdaptation = KernelWidths.relative([0.25, 0.5, 1, 2, 4])

  var values: [Float] {
    switch self {
    case .fixed(let values), .relative(let values): values
    }
  }
}

extension Variable {
  /// The squared maximum mean discrepancy from another sample, with a sum of Gaussian kernels.
  ///
  /// Samples are [samples, features]. The pairs of a point with itself count.
  public func meanDiscrepancy(_ target: Variable, widths: KernelWidths = .deepAdaptation)
    -> Variable
  {
    tape.record(MeanDiscrepancy(self, target, widths: widths))
  }
}
