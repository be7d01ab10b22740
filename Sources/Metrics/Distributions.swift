import CGSL

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
  static func studentQuantile(tail: Double, degreesOfFreedom: Int) -> Double {
    precondition(tail > 0 && tail < 1, "A tail has a probability between 0 and 1.")
    precondition(degreesOfFreedom > 0, "A Student t variable has degrees of freedom.")
    guard abortsNoLonger else { return .nan }
    return gsl_cdf_tdist_Qinv(tail, Double(degreesOfFreedom))
  }
}
