import Domains
import LinearAlgebra
import TestSupport
import Testing

@Suite struct DerivedDataSetTests {
  /// What is written is read back as a data set, classes, groups and checksum included.
  @Test func cardAndArchiveAreADataSet() throws {
    let folder = try TemporaryFolder()
    let catalogue = try DataCatalogue(dataRoot: nil)
    let pair = try catalogue.load(try #require(PairID("clinics:city->county")))
    let domains = [pair.source, pair.target].map { domain in
      domain.with(features: domain.features.map { ($0 * 8).rounded() / 8 })
    }
    let derived = try DerivedDataSet(
      id: "derived", note: "it's rounded", origin: catalogue.card("clinics"), domains: domains)
    let card = try derived.write(to: "\(folder.path)/new")
    let reread = try DataCatalogue(userCards: [card], dataRoot: nil)
    let found = try reread.load(try #require(PairID("derived:city->county")))
    #expect(found.source.features == domains[0].features)
    #expect(found.target.features == domains[1].features)
    #expect(found.source.labels == pair.source.labels && found.target.labels == pair.target.labels)
    #expect(found.classes == pair.classes)
    #expect(found.source.groups.map(\.name).sorted() == pair.source.groups.map(\.name).sorted())
    for group in found.source.groups {
      let own = try #require(pair.source.groups.first { $0.name == group.name })
      #expect(group.members == own.members && group.levels == own.levels)
    }
    #expect(try reread.card("derived").title.contains("it's rounded"))
    #expect(throws: DomainError.self) {
      try DerivedDataSet(
        id: "a:b", note: "", origin: catalogue.card("clinics"), domains: domains)
    }
  }
}
