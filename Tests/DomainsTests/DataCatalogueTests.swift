import Foundation
import LinearAlgebra
import Randomness
import Testing

@testable import Domains

@Suite struct DataCatalogueTests {
  let catalogue: DataCatalogue

  init() throws { catalogue = try DataCatalogue(dataRoot: nil) }

  @Test func embeddedPairsLoadWithoutData() throws {
    #expect(!catalogue.embeddedPairs.isEmpty)
    for id in catalogue.embeddedPairs {
      let pair = try catalogue.load(id)
      #expect(pair.id == id)
      #expect(pair.checksum.count == 64)
      #expect(pair.source.features.isFinite && pair.target.features.isFinite)
    }
  }

  @Test func loadingTwiceGivesTheSame() throws {
    for text in ["clinics:city->county", "moons:rotated-0->rotated-40"] {
      let id = try #require(PairID(text))
      let (first, second) = (try catalogue.load(id), try catalogue.load(id))
      #expect(first.source == second.source)
      #expect(first.target == second.target)
      #expect(first.checksum == second.checksum)
    }
  }

  @Test func pairsDifferInTheirChecksums() throws {
    let sums = try catalogue.embeddedPairs.map { try catalogue.load($0).checksum }
    #expect(Set(sums).count == sums.count)
  }

  @Test func moonsGetHarderWithTheAngle() throws {
    let accuracies = try [10, 50, 90].map {
      nearestNeighbourAccuracy(
        try catalogue.load(
          PairID(dataset: "moons", source: "rotated-0", target: "rotated-\($0)")))
    }
    #expect(accuracies[0] > 0.97)
    #expect((0.55..<0.9).contains(accuracies[1]))
    #expect(accuracies[2] < 0.4)
  }

  @Test func namesResolve() throws {
    #expect(try catalogue.resolve(["moons:*"]).count == 9)
    #expect(try catalogue.resolve(["moons"]) == catalogue.card("moons").pairs)
    #expect(
      try catalogue.resolve(["moons:rotated-0->rotated-1*"]).map(\.target) == ["rotated-10"])
    #expect(
      try catalogue.resolve(["shifts:null-*", "shifts:*"]).map(\.source) == [
        "null-source", "covariate-source", "label-source", "conditional-source",
        "subspace-source",
      ])
    #expect(try catalogue.resolve(["embedded"]) == catalogue.embeddedPairs)
    #expect(
      try catalogue.resolve(["moons:rotated-20->rotated-30"]).map(\.description) == [
        "moons:rotated-20->rotated-30"
      ])
  }

  @Test func unknownNamesListTheKnownOnes() throws {
    #expect(
      throws: DomainError.unknownDataset(name: "moon", known: catalogue.datasets)
    ) { try catalogue.resolve(["moon:*"]) }
    let moons = try catalogue.card("moons").pairs.map(\.description)
    for text in [
      "moons:rotated-0->rotated-95", "moons:rotated-0", "moons:rotated-0->rotated-0", "moons:x*",
    ] {
      #expect(throws: DomainError.unknownPair(name: text, known: moons)) {
        try catalogue.resolve([text])
      }
    }
    #expect(
      throws: DomainError.unknownPair(name: "moons:rotated-0->rotated-95", known: moons)
    ) {
      try catalogue.load(PairID(dataset: "moons", source: "rotated-0", target: "rotated-95"))
    }
  }

  @Test func resourcesThatAreGoneAreAnError() {
    #expect(
      throws: DomainError.missing(path: "/nowhere/transfer-bench_Domains.resources")
    ) { try Resources.found(beside: ["/nowhere"]) }
  }
}
