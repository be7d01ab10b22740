import Domains
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// The real data sets' cards against their files, where there are any.
@Suite(.enabled(if: Fixtures.dataFolder != nil, Comment(rawValue: Fixtures.noData)))
struct RealDataTests {
  let catalogue: DataCatalogue

  init() throws { catalogue = try DataCatalogue(dataRoot: Fixtures.dataFolder?.path) }

  private func pair(_ text: String) throws -> DomainPair {
    try catalogue.load(try #require(PairID(text)))
  }

  private func classCounts(_ domain: Domain, _ classes: Int) -> [Int] {
    (0..<classes).map { label in domain.labels.count { $0 == label } }
  }

  /// Reads each domain once and compares its class counts and column number.
  private func expect(
    _ dataset: String, columns: Int, _ counts: [String: [Int]]
  ) throws {
    let names = try catalogue.card(dataset).domainNames
    #expect(names.sorted() == counts.keys.sorted())
    for index in stride(from: 0, to: names.count, by: 2) {
      let source = names[index]
      let target = index + 1 < names.count ? names[index + 1] : names[0]
      let pair = try pair("\(dataset):\(source)->\(target)")
      #expect(classCounts(pair.source, pair.classes.count) == counts[source])
      #expect(classCounts(pair.target, pair.classes.count) == counts[target])
      #expect(pair.source.features.columns == columns)
    }
  }

  @Test(arguments: [
    ("office-caltech", 800), ("office-caltech-images", 3072), ("office-caltech-mobilenet", 1024),
  ])
  func officeCaltech(_ dataset: String, _ columns: Int) throws {
    try expect(
      dataset, columns: columns,
      [
        "amazon": [92, 82, 94, 99, 100, 100, 99, 100, 94, 98],
        "caltech": [151, 110, 100, 138, 85, 128, 133, 94, 87, 97],
        "dslr": [12, 21, 12, 13, 10, 24, 22, 12, 8, 23],
        "webcam": [29, 21, 31, 27, 27, 30, 43, 30, 27, 30],
      ])
    #expect(try catalogue.card(dataset).pairs.count == 12)
  }

  @Test func uspsMNISTOfJDA() throws {
    try expect(
      "usps-mnist-jda", columns: 256,
      [
        "usps": [352, 241, 165, 166, 166, 126, 139, 172, 129, 144],
        "mnist": [196, 227, 207, 202, 196, 179, 191, 206, 195, 201],
      ])
  }

  @Test func heartDisease() throws {
    let counts = [
      "cleveland": [164, 139], "hungary": [188, 106], "switzerland": [8, 115], "va": [51, 149],
    ]
    let men = ["cleveland": 206, "hungary": 213, "switzerland": 113, "va": 194]
    let pairs = try catalogue.card("heart-disease").pairs
    #expect(pairs.count == 12)
    for id in pairs {
      let pair = try catalogue.load(id)
      for domain in [pair.source, pair.target] {
        #expect(classCounts(domain, 2) == counts[domain.name])
        let sex = try #require(domain.groups.first)
        #expect(sex.name == "sex")
        #expect(sex.members.count { sex.levels[$0] == "male" } == men[domain.name])
      }
      #expect(pair.source.features.columns > 13)
      #expect(pair.source.features.isFinite && pair.target.features.isFinite)
    }
  }

  /// Cholesterol, the fifth column, is 0 for all of Switzerland: every one is flagged.
  @Test func aCholesterolOfZeroIsMissing() throws {
    let pair = try pair("heart-disease:switzerland->cleveland")
    #expect(pair.source.features.column(4).allSatisfy { $0 == 0 })
    let flags = (13..<pair.source.features.columns).map { pair.source.features.column($0) }
    #expect(flags.contains { $0.allSatisfy { $0 == 1 } })
    #expect(flags.allSatisfy { $0.allSatisfy { $0 == 0 || $0 == 1 } })
  }

  @Test func mnistUSPS() throws {
    try expect(
      "mnist-usps", columns: 256,
      [
        "mnist": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
        "usps": [1553, 1269, 929, 824, 852, 716, 834, 792, 708, 821],
      ])
    let pair = try pair("mnist-usps:usps->mnist")
    #expect(pair.source.features.elements.allSatisfy { (0...1).contains($0) })
    #expect(pair.target.features.elements.allSatisfy { (0...1).contains($0) })
  }

  @Test func optdigitsSemeionPendigits() throws {
    try expect(
      "optdigits-semeion-pendigits", columns: 64,
      [
        "optdigits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
        "semeion": [161, 162, 159, 159, 161, 159, 161, 158, 155, 158],
        "pendigits": [780, 779, 780, 719, 780, 720, 720, 778, 719, 719],
      ])
  }

  /// The strokes drawn as the tablet's are in the data's inventory, which found 65.8 %.
  @Test func penPathsAreReadAsDigits() throws {
    let accuracy = nearestNeighbourAccuracy(
      try pair("optdigits-semeion-pendigits:pendigits->optdigits"))
    #expect((0.60...0.72).contains(accuracy), "\(accuracy)")
  }

  @Test func wineQuality() throws {
    try expect("wine-quality", columns: 11, ["red": [744, 855], "white": [1640, 3258]])
  }

  @Test(arguments: [
    ("amazon-reviews", 400), ("amazon-reviews-5000", 5000), ("amazon-reviews-standardized", 400),
  ])
  func amazonReviews(_ dataset: String, _ columns: Int) throws {
    try expect(
      dataset, columns: columns,
      [
        "books": [1000, 1000], "dvd": [1000, 1000], "electronics": [1000, 1000],
        "kitchen": [1000, 1000],
      ])
    #expect(try catalogue.card(dataset).pairs.count == 12)
  }

  /// Row NN of the table in the JDA paper: right answers of the nearest neighbour.
  @Test(arguments: [
    ("office-caltech:amazon->caltech", 292), ("office-caltech:webcam->dslr", 93),
    ("office-caltech:dslr->amazon", 273), ("usps-mnist-jda:usps->mnist", 894),
  ])
  func nearestNeighbourAsPublished(_ name: String, _ hits: Int) throws {
    #expect(nearestNeighbourHits(try pair(name)) == hits)
  }
}
