import Domains
import Foundation
import Metrics
import Testing

@testable import Experiments

@Suite struct DiagnosisReportTests {
  private func report() throws -> DiagnosisReport {
    let mmd = try #require(DiagnosticRegistry.measure("mmd"))
    let leep = try #require(DiagnosticRegistry.measure("leep"))
    func diagnosis(_ source: String, _ values: [MeasuredValue?]) -> Diagnosis {
      Diagnosis(
        pair: PairID(dataset: "d_1", source: source, target: "t"),
        entries: zip([mmd, leep], values).map {
          Diagnosis.Entry(measure: $0, value: $1, failure: nil)
        })
    }
    return DiagnosisReport([
      diagnosis(
        "a",
        [
          MeasuredValue(value: 0.012345, pValue: 0.005),
          MeasuredValue(value: -1.5, interval: -1.75...(-1.25)),
        ]),
      diagnosis("b", [MeasuredValue(value: 0, pValue: 1), nil]),
    ])
  }

  @Test func csvHasARowAPairAndMeasure() throws {
    #expect(
      try report().csv.split(separator: "\r\n").map(String.init) == [
        "dataset,source,target,measure,value,p_value,ci_low,ci_high,needs_labels",
        "d_1,a,t,mmd,0.012345,0.005,,,none",
        "d_1,a,t,leep,-1.5,,-1.75,-1.25,target",
        "d_1,b,t,mmd,0,1,,,none",
        "d_1,b,t,leep,,,,,target",
      ])
  }

  @Test func tableShowsSourcesSideBySide() throws {
    #expect(
      try report().text(.table) == """
        d_1, target t
        measure       labels       a        p or 95%  b  p or 95%  prefers
        ──────────────────────────────────────────────────────────────────
        mmd           none    0.0123          p=.005  0       p=1  b
        leep          target   -1.50  [-1.75, -1.25]
        preferred by               0                  1            b

        """)
  }

  @Test func otherFormatsHoldTheSame() throws {
    let markdown = try report().text(.markdown)
    #expect(markdown.hasPrefix("**d_1, target t**\n\n| measure | labels | a | p or 95% |"))
    #expect(markdown.contains("| mmd | none | 0.0123 | p=.005 | 0 | p=1 | b |\n"))
    let latex = try report().text(.latex)
    #expect(latex.hasPrefix("% d_1, target t\n\\begin{tabular}{llrrrrl}\n\\toprule\n"))
    #expect(latex.contains("p or 95\\%"))
    let json = try report().text(.json)
    let read = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [[String: Any]]])
    #expect(read["diagnosis"]?.count == 4)
    #expect(read["forecast"] == nil)
  }
}
