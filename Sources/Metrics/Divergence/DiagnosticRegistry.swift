import Domains
import Learners
import LinearAlgebra

/// The measures of a pair that are to be had before training, in the order of tables and files.
public enum DiagnosticRegistry {
  /// Measures of how far apart two domains are; a small one promises more.
  public static let divergences: [DiagnosticMeasure] = [
    divergence("proxy-a", "Proxy A-distance", range: "-2 to 2", "ben-david-2006-proxy-a", nil) {
      (source, target, settings) throws(LearnerError) in
      try ProxyADistance.measure(source: source, target: target, key: settings.key)
    },
    divergence("mmd", "Squared maximum mean discrepancy", range: "to 2", "gretton-2012-mmd") {
      MaximumMeanDiscrepancy.measure(
        source: $0, target: $1, permutations: $2.permutations, key: $2.key)
    },
    divergence(
      "coral-distance", "Distance of the covariances", range: "from 0", "sun-2016-deep-coral"
    ) {
      CoralDistance.measure(source: $0, target: $1, permutations: $2.permutations, key: $2.key)
    },
    divergence("energy", "Energy distance", range: "from 0", "szekely-2013-energy") {
      EnergyDistance.measure(source: $0, target: $1, permutations: $2.permutations, key: $2.key)
    },
    divergence(
      "marginal-w1", "Wasserstein-1, mean over features", range: "from 0", "villani-2009-transport",
      nil
    ) {
      source, target, _ in
      MarginalWasserstein.measure(source: source, target: target, order: .one)
    },
    divergence(
      "marginal-w2", "Wasserstein-2, over features", range: "from 0", "villani-2009-transport", nil
    ) {
      source, target, _ in
      MarginalWasserstein.measure(source: source, target: target, order: .two)
    },
    divergence("sliced-w2", "Sliced Wasserstein-2", range: "from 0", "bonneel-2015-sliced", nil) {
      SlicedWasserstein.measure(source: $0, target: $1, permutations: $2.permutations, key: $2.key)
    },
    divergence("w1", "Wasserstein-1, exact plan", range: "from 0", "villani-2009-transport") {
      (source, target, _) throws(LearnerError) in
      try Wasserstein.measure(source: source, target: target, order: .one)
    },
    divergence("w2", "Wasserstein-2, exact plan", range: "from 0", "villani-2009-transport") {
      (source, target, _) throws(LearnerError) in
      try Wasserstein.measure(source: source, target: target, order: .two)
    },
    DiagnosticMeasure(
      "label-shift", "Shift of the class shares (BBSE)", direction: .lowerIsBetter,
      range: "0 to 1", citation: "lipton-2018-target-shift",
      .sourceLabels { (source, target, settings) throws(LearnerError) in
        try LabelShift.estimate(
          source: source, target: target, learner: settings.learner,
          permutations: settings.permutations, key: settings.key)?.distance
      }),
  ]

  /// Measures of how well a source model's outputs go with the target's labels; a high one promises
  /// more.
  public static let transferabilities: [DiagnosticMeasure] = [
    score("leep", "Log expected empirical prediction", range: "to 0", "nguyen-2020-leep") {
      LEEP.score($0)
    },
    score("nce", "Negative conditional entropy", range: "to 0", "tran-2019-nce") {
      NegativeConditionalEntropy.score($0)
    },
    score("logme", "Log maximum evidence", range: "any", "you-2021-logme") {
      (target) throws(LearnerError) in try LogME.score(target)
    },
    score("h-score", "H-score", range: "from 0", "bao-2019-h-score") {
      (target) throws(LearnerError) in try HScore.score(target)
    },
    score("h-alpha", "H-score, regularised", range: "from 0", "ibrahim-2021-h-alpha") {
      (target) throws(LearnerError) in try HScore.regularized(target)
    },
    score("gbc", "Gaussian Bhattacharyya coefficient", range: "to 0", "pandy-2022-gbc") {
      GaussianBhattacharyya.score($0)
    },
    DiagnosticMeasure(
      "parc", "Pairwise annotation representation comparison", direction: .higherIsBetter,
      range: "-100 to 100", citation: "bolya-2021-parc", largestSample: largestQuadratic,
      .transferability { (target, settings) throws(LearnerError) in
        PARC.measure(target, permutations: settings.permutations, key: settings.key)
      }),
  ]

  /// All of them.
  public static let all = divergences + transferabilities

  /// The samples of a domain that a measure on all pairs of samples takes at most.
  public static let largestQuadratic = 2000

  /// The measure with that id.
  public static func measure(_ id: String) -> DiagnosticMeasure? {
    all.first { $0.id == id }
  }

  private static func divergence(
    _ id: String, _ title: String, range: String, _ citation: String,
    _ largestSample: Int? = largestQuadratic,
    _ compute:
      @escaping @Sendable (UnlabelledSample, UnlabelledSample, DiagnosticMeasure.Settings)
      throws(LearnerError) -> MeasuredValue?
  ) -> DiagnosticMeasure {
    DiagnosticMeasure(
      id, title, direction: .lowerIsBetter, range: range, citation: citation,
      largestSample: largestSample, .divergence(compute))
  }

  /// A score with a bootstrap interval.
  private static func score(
    _ id: String, _ title: String, range: String, _ citation: String,
    _ compute: @escaping @Sendable (SourceOutputs) throws(LearnerError) -> Double?
  ) -> DiagnosticMeasure {
    DiagnosticMeasure(
      id, title, direction: .higherIsBetter, range: range, citation: citation,
      .transferability { (target, settings) throws(LearnerError) in
        guard let value = try compute(target) else { return nil }
        return MeasuredValue(
          value: value,
          interval: try target.interval(
            of: value, resamples: settings.permutations, key: settings.key, compute))
      })
  }
}
