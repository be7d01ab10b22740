import Domains
import LinearAlgebra
import Randomness
import Testing

@Suite struct ClinicsTests {
  /// A million patients of each hospital, and the best rules applied to them.
  @Test func plantedValuesAgreeWithAMillionPatients() {
    let key = RandomKey(seed: 99)
    let city = Clinics.domain(Clinics.city, count: 1_000_000, key: key.child("city"))
    let county = Clinics.domain(Clinics.county, count: 1_000_000, key: key.child("county"))
    let planted = Clinics.planted
    let sourceOnSource = Outcome(of: Clinics.city, on: city)
    let sourceOnTarget = Outcome(of: Clinics.city, on: county)
    let targetOnTarget = Outcome(of: Clinics.county, on: county)

    // Five standard errors: at most 0.0011 for a gap of rates, 0.0018 for one of hit rates.
    func agree(_ measured: Double, _ planted: Double, _ tolerance: Double) -> Bool {
      abs(measured - planted) < tolerance
    }
    let parity = planted.demographicParity
    #expect(agree(sourceOnSource.parityGap, parity.sourceRuleOnSource, 0.0055))
    #expect(agree(sourceOnTarget.parityGap, parity.sourceRuleOnTarget, 0.0055))
    #expect(agree(targetOnTarget.parityGap, parity.targetRuleOnTarget, 0.0055))
    let opportunity = planted.equalOpportunity
    #expect(agree(sourceOnSource.opportunityGap, opportunity.sourceRuleOnSource, 0.009))
    #expect(agree(sourceOnTarget.opportunityGap, opportunity.sourceRuleOnTarget, 0.009))
    #expect(agree(targetOnTarget.opportunityGap, opportunity.targetRuleOnTarget, 0.009))
    #expect(agree(sourceOnSource.accuracy, planted.sourceRuleAccuracyOnSource, 0.0025))
    #expect(agree(sourceOnTarget.accuracy, planted.sourceRuleAccuracyOnTarget, 0.0025))
    #expect(agree(targetOnTarget.accuracy, planted.targetRuleAccuracyOnTarget, 0.0025))
    #expect(agree(sourceOnSource.prevalence, planted.sourcePrevalence, 0.0025))
    #expect(agree(targetOnTarget.prevalence, planted.targetPrevalence, 0.0025))
  }

  @Test func driftAndShiftAreDifferencesOfGaps() {
    let gaps = Clinics.planted.demographicParity
    #expect(gaps.drift == gaps.sourceRuleOnTarget - gaps.targetRuleOnTarget)
    #expect(gaps.shift == gaps.sourceRuleOnTarget - gaps.sourceRuleOnSource)
    #expect(abs(gaps.drift - 0.2793) < 1e-4)
    #expect(abs(Clinics.planted.equalOpportunity.drift - 0.2459) < 1e-4)
  }

  @Test func groupsStandBesideTheColumns() {
    let domain = Clinics.domain(Clinics.county, count: 500, key: RandomKey(seed: 1))
    #expect(domain.features.columns == 6)
    #expect(domain.groups.map(\.name) == ["group", "age-band"])
    #expect(domain.groups[0].members == domain.features.column(0).map { Int($0) })
    let bands = domain.features.column(1).map { $0 < -0.5 ? 0 : $0 <= 0.5 ? 1 : 2 }
    #expect(domain.groups[1].members == bands)
  }
}

/// What a hospital's best rule does on patients.
private struct Outcome {
  var accuracy = 0.0
  var prevalence = 0.0
  var parityGap = 0.0
  var opportunityGap = 0.0

  init(of rule: Clinics.Hospital, on domain: Domain) {
    var counts = [0.0, 0.0]
    var positives = counts
    var outcomes = counts
    var hits = counts
    let columns = domain.features.columns
    let thresholds = [rule.threshold(isB: false), rule.threshold(isB: true)]
    domain.features.elements.withUnsafeBufferPointer { x in
      for row in 0..<domain.count {
        var score = 0.0
        for index in 0..<5 {
          score += Clinics.coefficients[index] * x[row * columns + 1 + index]
        }
        let group = domain.groups[0].members[row]
        let isPositive = score > thresholds[group]
        counts[group] += 1
        if isPositive { positives[group] += 1 }
        if domain.labels[row] == 1 { outcomes[group] += 1 }
        if isPositive, domain.labels[row] == 1 { hits[group] += 1 }
        if isPositive == (domain.labels[row] == 1) { accuracy += 1 }
      }
    }
    accuracy /= Double(domain.count)
    prevalence = (outcomes[0] + outcomes[1]) / Double(domain.count)
    parityGap = abs(positives[0] / counts[0] - positives[1] / counts[1])
    opportunityGap = abs(hits[0] / outcomes[0] - hits[1] / outcomes[1])
  }
}
