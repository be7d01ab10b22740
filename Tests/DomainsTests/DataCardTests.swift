import Foundation
import Testing

@testable import Domains

@Suite struct DataCardTests {
  private func card(_ front: String) throws -> DataCard {
    try DataCard(text: "---\n\(front)\n---\nProse.\n", id: "mine", path: "mine.md")
  }

  private static let good = """
    title: Mine
    licence: none
    citation: nobody
    files:
      - {path: a.csv, bytes: 3, sha256: \(String(repeating: "0", count: 64)), url: "file:///a"}
    classes: {no: 0, yes: [1, 2]}
    read: {format: csv, labels: y}
    domains: {a: {file: a.csv}, b: {file: a.csv}, c: {file: a.csv}}
    """

  @Test func aGoodCard() throws {
    let card = try card(Self.good)
    #expect(card.id == "mine")
    #expect(card.title == "Mine")
    #expect(card.classes == ["no", "yes"])
    #expect(card.domainNames == ["a", "b", "c"])
    #expect(card.pairs.count == 6)
    #expect(card.pairs[0].description == "mine:a->b")
    #expect(card.files.map(\.url) == ["file:///a"])
    #expect(!card.isEmbedded)
    #expect(card.origin == nil)
    #expect(card.prose == "Prose.\n")
  }

  /// Each change to the good card, the key that the error names, and what it expects.
  @Test(
    arguments: [
      ("title: Mine", "titel: Mine", "titel", "one of the keys title, licence"),
      ("title: Mine\n", "", "title", "this key"),
      ("title: Mine", "title: [a, b]", "title", "a text"),
      ("title: Mine", "title: a: b", "front matter", "YAML"),
      ("bytes: 3", "bytes: many", "files[0].bytes", "a whole number of at least 0"),
      ("bytes: 3", "bytes: -3", "files[0].bytes", "a whole number of at least 0"),
      ("bytes: 3, ", "", "files[0].bytes", "this key"),
      ("bytes: 3", "bites: 3", "files[0].bites", "one of the keys path, bytes, sha256, url"),
      ("sha256: 00", "sha256: 0", "files[0].sha256", "64 hexadecimal digits"),
      ("path: a.csv", "path: /a.csv", "files[0].path", "a path below the data folder"),
      ("path: a.csv", "path: ../a.csv", "files[0].path", "a path below the data folder"),
      ("{no: 0, yes: [1, 2]}", "{no: 0, yes: [0, 2]}", "classes.yes[0]", "values that stand for"),
      ("{no: 0, yes: [1, 2]}", "[0]", "classes", "at least two names"),
      ("{no: 0, yes: [1, 2]}", "", "classes", "a list"),
      ("format: csv", "format: tsv", "read.format", "one of csv, mat, npz, npy, idx"),
      ("format: csv, ", "", "domains.a.format", "this key"),
      ("labels: y", "label: y", "read.label", "one of the keys of csv"),
      ("labels: y", "labels: []", "read.labels", "at least one text"),
      ("{a: {file: a.csv}", "{a: {files: []}", "domains.a.files", "at least one text"),
      ("labels: y", "labels: y, generator: x", "read.generator", "one of the keys of csv"),
      ("labels: y", "labels: y, separator: x", "read.separator", "one of comma, semicolon"),
      ("labels: y", "labels: y, header: maybe", "read.header", "one of true, false"),
      ("labels: y", "labels: y, columns: [a]", "read.columns", "no names, unless"),
      ("{a: {file: a.csv}", "{a: {file: b.csv}", "domains.a", "files that stand under “files”"),
      ("{a: {file: a.csv}", "{a: {}", "domains.a.file", "this key"),
      ("{a: {file: a.csv}", "{a: {fill: a.csv}", "domains.a.fill", "one of the keys of csv"),
      ("{a: {file: a.csv}", "{a->d: {file: a.csv}", "domains.a->d", "a name of letters"),
      (", b: {file: a.csv}, c: {file: a.csv}", "", "domains", "at least two domains"),
      ("domains:", "pairs: [a->d]\ndomains:", "pairs[0]", "source->target"),
      ("domains:", "pairs: [a->a]\ndomains:", "pairs[0]", "source->target"),
      ("domains:", "pairs: []\ndomains:", "pairs", "at least one pair"),
      ("domains:", "preprocessing: [row-l3]\ndomains:", "preprocessing[0]", "a step: row-sum"),
      (
        "domains:", "preprocessing: [scale]\ndomains:", "preprocessing[0]", "a value after “scale:”"
      ),
      (
        "domains:", "preprocessing: [{row-l2: 1}]\ndomains:", "preprocessing[0]",
        "a step: row-sum"
      ),
      (
        "domains:", "preprocessing: [{scale: x}]\ndomains:", "preprocessing[0].scale", "a number"
      ),
      (
        "domains:", "preprocessing: [{first-columns: 0}]\ndomains:",
        "preprocessing[0].first-columns", "a whole number of at least 1"
      ),
      (
        "domains:", "preprocessing: [{area-mean: {from: [2, 2], to: [3, 2]}}]\ndomains:",
        "preprocessing[0].area-mean", "a size no larger than before"
      ),
      (
        "domains:", "preprocessing: [{area-mean: {from: [2, 2], too: [1, 2]}}]\ndomains:",
        "preprocessing[0].area-mean.too", "one of the keys from, to"
      ),
      ("domains:", "preprocessing: {scale: 2}\ndomains:", "preprocessing", "a list of steps"),
      (
        "{a: {file: a.csv}", "{a: {file: a.csv, preprocessing: [standardize-source]}",
        "domains.a.preprocessing", "steps that need no source"
      ),
      (
        "{a: {file: a.csv}", "{a: {format: generated, generator: {name: x}}",
        "read.labels", "one of the keys of generated"
      ),
      ("title: Mine", "title: Mine\ntitle: Yours", "front matter", "YAML"),
      (
        "files:\n",
        "files:\n  - {path: b.csv, bytes: 3, sha256: \(String(repeating: "1", count: 64))}\n",
        "files", "files that a domain is read from"
      ),
    ])
  func aBadCard(_ text: String, _ replacement: String, _ key: String, _ expected: String) throws {
    let front = Self.good.replacing(text, with: replacement, maxReplacements: 1)
    #expect(front != Self.good)
    let error = #expect(throws: DomainError.self) { try card(front) }
    guard case .badCard(let path, let foundKey, let foundExpected, let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == "mine.md")
    #expect(foundKey == key)
    #expect(foundExpected.hasPrefix(expected), "\(foundExpected)")
    #expect(!found.isEmpty)
  }

  @Test(
    arguments: [
      ("name: moon", "read.generator.name", "one of pen-digits, clinics, moons, shifts"),
      ("version: 9", "read.generator.version", "1, the generator's present version"),
      ("seed: -1", "read.generator.seed", "a whole number of at least 0"),
      ("rotated-5", "read.generator", "a domain of the generator: rotated-0"),
      ("embedded: false", "embedded", "true, since a domain is generated"),
    ])
  func aBadGenerator(_ change: String, _ key: String, _ expected: String) throws {
    let good = """
      title: t
      licence: l
      citation: c
      embedded: true
      classes: {outer: 0, inner: 1}
      read: {format: generated, generator: {name: moons, version: 1, seed: 3}}
      domains: {rotated-0: , rotated-10: }
      """
    _ = try card(good)
    let front: String
    switch change.split(separator: " ")[0] {
    case "name:": front = good.replacing("name: moons", with: change)
    case "version:": front = good.replacing("version: 1", with: change)
    case "seed:": front = good.replacing("seed: 3", with: change)
    case "embedded:": front = good.replacing("embedded: true", with: change)
    default: front = good.replacing("rotated-10", with: change)
    }
    let error = #expect(throws: DomainError.self) { try card(front) }
    guard case .badCard(_, let foundKey, let foundExpected, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(foundKey == key)
    #expect(foundExpected.hasPrefix(expected), "\(foundExpected)")
  }

  @Test func frontMatterThatIsNotThere() {
    for text in ["", "title: x", "---\ntitle: x\n", "\n---\ntitle: x\n---\n"] {
      #expect(throws: DomainError.self) {
        try DataCard(text: text, id: "mine", path: "mine.md")
      }
    }
    #expect(throws: DomainError.self) { try DataCard(text: "---\n---\n", id: "m", path: "m.md") }
    #expect(throws: DomainError.self) { try DataCard(text: "---\n- a\n---\n", id: "m", path: "m") }
    #expect(throws: DomainError.missing(path: "/nowhere/a.md")) {
      try DataCard(contentsOf: "/nowhere/a.md")
    }
  }

  @Test func linesMayEndWithCarriageReturns() throws {
    let text = "---\n\(Self.good)\n---\nProse.\n".replacing("\n", with: "\r\n")
    #expect(try DataCard(text: text, id: "mine", path: "mine.md").domainNames == ["a", "b", "c"])
  }

  @Test func aUsersCardNeedsANameOfItsOwn() throws {
    let folder = try CardFolder()
    let path = "\(folder.path)/moons.md"
    try folder.write("moons.md", "---\n\(Self.good)\n---\n")
    #expect(
      throws: DomainError.badCard(
        path: path, key: "file name", expected: "an id that no other card has", found: "moons")
    ) { try DataCatalogue(userCards: [path], dataRoot: nil) }
  }
}

/// The cards that ship with the program.
@Suite struct BuiltInCardsTests {
  @Test func everyCardHasAllSections() throws {
    let catalogue = try DataCatalogue(dataRoot: nil)
    #expect(
      catalogue.datasets == [
        "clinics", "digits", "moons", "planar-shifts", "shifts", "amazon-reviews",
        "amazon-reviews-5000", "amazon-reviews-standardized", "heart-disease", "mnist-usps",
        "office-caltech", "office-caltech-images", "office-caltech-mobilenet",
        "optdigits-semeion-pendigits", "usps-mnist-jda", "wine-quality",
      ])
    for card in catalogue.cards {
      #expect(
        card.sections == [
          "Motivation", "Composition", "Collection", "Known biases", "Recommended use",
        ], "\(card.id)")
      #expect(card.files.isEmpty || card.isEmbedded || card.origin != nil || card.access != nil)
    }
  }

  @Test func theReadmesExampleIsACard() throws {
    let readme = try String(
      contentsOfFile: Resources.found().folder + "/data-cards/README.md", encoding: .utf8)
    let blocks = readme.components(separatedBy: "```")
    let yaml = try #require(blocks.first { $0.hasPrefix("yaml\n") })
    let card = try DataCard(text: String(yaml.dropFirst(5)), id: "example", path: "README.md")
    #expect(card.pairs.map(\.description) == ["example:GP->MS", "example:MS->GP"])
    for step in PreprocessingStep.names { #expect(readme.contains("`\(step)")) }
    for key in Reading.Format.allCases.flatMap(\.keys) { #expect(readme.contains("`\(key)`")) }
  }

  @Test func everyGeneratorHasACard() throws {
    let catalogue = try DataCatalogue(dataRoot: nil)
    let named = catalogue.cards.flatMap { $0.domains.compactMap(\.reading.generator?.name) }
    #expect(Set(named) == Set(SyntheticGenerator.all.map(\.id)))
  }
}
