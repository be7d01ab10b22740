import CGSL
import Foundation

/// The library of distributions.
public enum StatisticsLibrary {
  /// The version found.
  public static var version: String { String(cString: gsl_version_found()) }
}

/// The distributions of the tests and intervals: the only file that imports GSL.
enum Distributions {
  /// GSL's default is to abort the process on an argument it doesn't like.
  private static let abortsNoLonger: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

  /// P(X ≤ k) of a binomial variable of `trials` fair trials.
  static func fairBinomialCumulative(_ k: Int, of trials: Int) -> Double {
    precondition(k >= 0 && trials >= k, "A binomial count lies between 0 and the trials.")
    guard abortsNoLonger, k < trials else { return 1 }
    return gsl_cdf_binomial_P(UInt32(clamping: k), 0.5, UInt32(clamping: trials))
  }

  /// The value that a Student t variable exceeds with probability `tail`.
  static func studentQuantile(tail: Double, degreesOfFreedom: Double) -> Double {
    precondition(tail > 0 && tail < 1, "A tail has a probability between 0 and 1.")
    precondition(degreesOfFreedom > 0, "A Student t variable has degrees of freedom.")
    guard abortsNoLonger else { return .nan }
    // Of five repetitions there is a closed form, exact but for rounding where t isn't near 0: W. T.
    // Shaw, "Sampling Student's T distribution", Journal of Computational Finance 9(4), 2006.
    let share = 4 * tail * (1 - tail)
    if degreesOfFreedom == 4, share < 0.99 {
      let root = share.squareRoot()
      let size = 2 * (cos(acos(root) / 3) / root - 1).squareRoot()
      return tail < 0.5 ? size : -size
    }
    return gsl_cdf_tdist_Qinv(tail, degreesOfFreedom)
  }

  /// P(T > t) of a Student t variable.
  static func studentTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "A Student t variable has degrees of freedom.")
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_tdist_Q(t, degreesOfFreedom)
  }

  /// The value that a normal variable exceeds with probability `tail`.
  static func normalQuantile(tail: Double) -> Double {
    precondition(tail > 0 && tail < 1, "A tail has a probability between 0 and 1.")
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_ugaussian_Qinv(tail)
  }

  /// P(Z > z) of a normal variable.
  static func normalTail(_ z: Double) -> Double {
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_ugaussian_Q(z)
  }

  /// P(X > x) of a χ² variable.
  static func chiSquaredTail(_ x: Double, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0, "A χ² variable has degrees of freedom.")
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_chisq_Q(max(x, 0), Double(degreesOfFreedom))
  }

  /// P(F > f) of a Fisher–Snedecor variable.
  static func fisherTail(_ f: Double, _ numerator: Int, _ denominator: Int) -> Double {
    precondition(numerator > 0 && denominator > 0, "An F variable has degrees of freedom.")
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_fdist_Q(max(f, 0), Double(numerator), Double(denominator))
  }

  /// ∫ f(x) dx from `low` to `high` by the Gauss–Legendre rule with 512 nodes: exact to rounding
  /// for the smooth integrands of few bends that distributions are.
  static func integral(
    from low: Double, to high: Double, of integrand: (Double) -> Double
  ) -> Double {
    guard abortsNoLonger, let table = gsl_integration_glfixed_table_alloc(512) else { return .nan }
    defer { gsl_integration_glfixed_table_free(table) }
    var sum = 0.0
    for index in 0..<512 {
      var (node, weight) = (0.0, 0.0)
      gsl_integration_glfixed_point(low, high, index, &node, &weight, table)
      sum += weight * integrand(node)
    }
    return sum
  }
}
