import Domains
import Methods
import Metrics
import Parameters
import Testing

@testable import Bench

struct DescribeTests {
  @Test(arguments: MethodRegistry.all.map(\.card.id))
  func methodsShowEveryParameter(id: String) throws {
    let entry = try #require(MethodRegistry.entry(id))
    let text = try #require(Describe.method(id))
    #expect(text.hasPrefix("\(id), a method\n"))
    for fact in [entry.card.title, entry.card.family.name, entry.setting.rawValue] {
      #expect(text.contains(fact))
    }
    for parameter in entry.parameters {
      #expect(text.contains("  \(parameter.name) = \(parameter.initial)\n"))
      #expect(text.contains(parameter.help))
      #expect(text.contains("values: \(parameter.range)\n"))
    }
  }

  @Test func metricsShowWhatIsBetter() throws {
    #expect(try #require(Describe.metric("accuracy")).contains("better      higher"))
    #expect(try #require(Describe.metric("log-loss")).contains("better      lower"))
    #expect(try #require(Describe.metric("accuracy-gap")).contains("between groups"))
    #expect(try #require(Describe.metric("ece-mass-15")).contains("15 bins of equal mass"))
    #expect(try #require(Describe.metric("transfer-gain")).contains("needs       reference"))
    for id in CompletedNames.metrics {
      #expect(try #require(Describe.metric(id)).contains("definition  "), "\(id)")
    }
    #expect(Describe.metric("acuracy") == nil)
    #expect(Describe.method("acuracy") == nil)
  }

  @Test func listingsHoldEveryEntryOnce() {
    #expect(List.methods.rows.map { $0[0] } == MethodRegistry.all.map(\.card.id))
    let metrics = List.metrics.rows.map { $0[0] }
    #expect(metrics == CompletedNames.metrics)
    #expect(Set(metrics).count == metrics.count)
    for listing in [List.methods, List.metrics, List.learners] {
      #expect(listing.rows.allSatisfy { $0.count == listing.columns.count })
    }
  }
}
