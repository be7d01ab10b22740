import Foundation
import LinearAlgebra
import Testing

@testable import Domains

/// Each format read by a card, without code.
@Suite struct CardFormatTests {
  let folder: CardFolder

  init() throws { folder = try CardFolder() }

  @Test func csvWithEverything() throws {
    try folder.write(
      "a.csv",
      """
      site;sex;size;kind;who;outcome
      x;f;1.5;red;g;ill
      x;m;?;blue;h;well
      y;m;3;red;g;ill
      y;f;4;blue;h;well
      y;f;-1;none;g;well

      """)
    try folder.writeCard(
      files: ["a.csv"],
      """
      classes: {good: well, bad: ill}
      read:
        format: csv
        file: a.csv
        separator: semicolon
        labels: outcome
        features: [size, kind]
        categories: {kind: [red, blue]}
        missing: ["?", none]
        missing-in: {size: -1}
        groups:
          sex: {from: sex, levels: {female: f, male: [m, M]}}
      domains:
        one: {where: {site: x}}
        two: {where: {site: [y], who: [g, h]}}
      preprocessing: [impute-source-mean]
      """)
    let pair = try folder.load("one", "two")
    #expect(pair.classes == ["good", "bad"])
    #expect(pair.source.labels == [1, 0])
    #expect(pair.target.labels == [1, 0, 0])
    #expect(
      pair.source.groups == [.init(name: "sex", levels: ["female", "male"], members: [0, 1])])
    #expect(pair.target.groups[0].members == [1, 0, 0])
    // size, red, blue, and the flags of all three, for each has a gap somewhere.
    #expect(
      pair.source.features
        == Matrix([[1.5, 1, 0, 0, 0, 0], [1.5, 0, 1, 1, 0, 0]]))
    #expect(
      pair.target.features
        == Matrix([[3, 1, 0, 0, 0, 0], [4, 0, 1, 0, 0, 0], [1.5, 0.5, 0.5, 1, 1, 1]]))
  }

  @Test func csvWithoutHeader() throws {
    try folder.write("a.data", " 1  2.5  0 1 \n 3  4  1 0\n 5 6 1 0\n")
    try folder.write("b.data", "7 8 1 0\n9 1e1 0 1\n")
    try folder.writeCard(
      files: ["a.data", "b.data"],
      """
      classes: [0, 1]
      read: {format: csv, header: false, separator: space, labels: [3-4]}
      domains: {a: {file: a.data}, both: {files: [a.data, b.data]}}
      """)
    let pair = try folder.load("a", "both")
    #expect(pair.source.features == Matrix([[1, 2.5], [3, 4], [5, 6]]))
    #expect(pair.source.labels == [1, 0, 0])
    #expect(pair.target.features.column(1) == [2.5, 4, 6, 8, 10])
    #expect(pair.target.labels == [1, 0, 0, 0, 1])
  }

  @Test func idx() throws {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 9, 8, 7, 6]
    try folder.write("images", Data(images))
    try folder.write("labels", Data([0, 0, 8, 1, 0, 0, 0, 2, 5, 4] as [UInt8]))
    try folder.writeCard(
      files: ["images", "labels"],
      """
      classes: [4, 5]
      read: {format: idx, file: images, labels: labels}
      domains: {a: , b: {preprocessing: [{scale: 2}]}}
      """)
    let pair = try folder.load("a", "b")
    #expect(pair.source.features == Matrix([[9, 8], [7, 6]]))
    #expect(pair.target.features == Matrix([[18, 16], [14, 12]]))
    #expect(pair.source.labels == [1, 0])
  }

  @Test func npy() throws {
    try folder.write("x.npy", npy("(2, 3)", [1, 2, 3, 4, 5, 6]))
    try folder.write("y.npy", npy("(3,)", [0, 1, 1]))
    try folder.writeCard(
      files: ["x.npy", "y.npy"],
      """
      classes: [0, 1]
      read: {format: npy, file: x.npy, labels: y.npy, samples: columns}
      domains: {a: , b: }
      """)
    let pair = try folder.load("a", "b")
    #expect(pair.source.features == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(pair.source.labels == [0, 1, 1])
  }

  /// One byte an element, as a program writes it that knows nothing of others.
  private func npy(_ shape: String, _ values: [UInt8]) -> Data {
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + values)
  }

  /// Written by SciPy 1.17.1: `savemat` of x = arange(8).reshape(4, 2), y = [[1, 2, 1, 2]]ᵀ and
  /// z = [[1, 2, 1, 2, 1]], compressed.
  private static let mat =
    """
    TUFUTEFCIDUuMCBNQVQtZmlsZSwgd3JpdHRlbiBieSBTY2lQeSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC\
    AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAAAAAAAAABSU0PAAAAOgAA\
    AHic42NgYCgAYjYg5oDSIMAK5bMAMRMQMwJhBZDmBGIHBgwAFRKA0hJQ+oM9hOaA8kWgtIwDAMwtBHgPAAAALgAAAH\
    ic42NgYAgAYjYg5gBiPgYIYIXyWYCYEYwZGSqBNA8QK0DFQIAJSqPzAUfGAToPAAAALAAAAHic42NgYIgAYjYg5oDS\
    IMAK5TNC2YxAWAWkOYFYgwEGPthDGQ64+ACaNwVI
    """

  @Test func mat() throws {
    try folder.write("a.mat", base64: Self.mat)
    try folder.writeCard(
      files: ["a.mat"],
      """
      classes: {first: 1, second: 2}
      read: {format: mat, file: a.mat, features: x, labels: y}
      domains: {a: , b: , short: {labels: z}}
      """)
    let pair = try folder.load("a", "b")
    #expect(pair.source.features == Matrix([[0, 1], [2, 3], [4, 5], [6, 7]]))
    #expect(pair.source.labels == [0, 1, 0, 1])
    #expect(
      throws: DomainError.unusable(
        path: "\(folder.path)/a.mat", place: "array z",
        reason: "4 samples have 5 labels or groups")
    ) { try folder.load("a", "short") }
  }

  @Test func pngFolder() throws {
    // 2 × 2 pixels: 0 255 10 20, and 200 5 7 9.
    try folder.write(
      "images/cat/1.png",
      base64:
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNg+M/AJQIABCoBHkBzFPQAAAAASUVORK5CYII="
    )
    try folder.write(
      "images/dog/1.png",
      base64:
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGM4wcrAzgkABBkA3pNNbj4AAAAASUVORK5CYII="
    )
    try folder.writeCard(
      files: ["images"],
      """
      classes: [dog, cat]
      read: {format: png-folder, file: images}
      domains: {a: , b: }
      """)
    let pair = try folder.load("a", "b")
    #expect(pair.source.features == Matrix([[0, 255, 10, 20], [200, 5, 7, 9]]))
    #expect(pair.source.labels == [1, 0])
    let before = pair.checksum
    #expect(try folder.load("a", "b").checksum == before)
    try folder.write(
      "images/dog/2.png", Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/images/dog/1.png")))
    #expect(throws: DomainError.self) { try folder.load("a", "b") }
  }
}

/// What a domain must be, and how it is said where it isn't.
@Suite struct UnusableDataTests {
  let folder: CardFolder

  init() throws { folder = try CardFolder() }

  private func load(
    _ csv: String, _ extra: String = "", header: Bool = true
  ) throws -> DomainPair {
    try folder.write("good.csv", header ? "x,y,label\n1,2,0\n3,4,1\n" : "1,2,0\n3,4,1\n")
    try folder.write("a.csv", csv)
    try folder.writeCard(
      files: ["good.csv", "a.csv"],
      """
      classes: [0, 1]
      read: {format: csv, labels: \(header ? "label" : "3"), missing: ["?"], header: \(header)}
      domains: {good: {file: good.csv}, bad: {file: a.csv}}
      \(extra)
      """)
    return try folder.load("good", "bad")
  }

  private func unusable(_ place: String, _ reason: String) -> DomainError {
    .unusable(path: "\(folder.path)/a.csv", place: place, reason: reason)
  }

  private func malformed(_ place: String, _ expected: String, _ found: String) -> DomainError {
    .malformed(
      path: "\(folder.path)/a.csv", place: place, expected: expected, found: found)
  }

  @Test func noSamples() {
    #expect(throws: unusable("domain bad", "it has no samples")) { try load("x,y,label\n") }
  }

  @Test func oneClass() {
    #expect(throws: unusable("domain bad", "all its samples are of one class, 1")) {
      try load("x,y,label\n1,2,1\n3,4,1\n")
    }
  }

  @Test func missingLabel() {
    for label in ["", "?"] {
      #expect(throws: unusable("line 3, column label", "the label is missing")) {
        try load("x,y,label\n1,2,1\n3,4,\(label)\n")
      }
    }
  }

  @Test func unknownLabel() {
    #expect(throws: malformed("line 2, column label", "one of 0, 1", "“2”")) {
      try load("x,y,label\n1,2,2\n3,4,1\n")
    }
  }

  @Test func labelColumnThatIsNotThere() {
    #expect(throws: malformed("columns", "a column “label”", "x, y, class")) {
      try load("x,y,class\n1,2,1\n")
    }
    #expect(throws: malformed("columns", "a column “3”", "1, 2")) {
      try load("1,2\n3,4\n", header: false)
    }
  }

  @Test func missingFeature() {
    let reason = "the value is missing or not a number, also after preprocessing"
    #expect(throws: unusable("line 3, column y", reason)) {
      try load("x,y,label\n1,2,1\n3,?,0\n")
    }
  }

  @Test func featureThatIsNoNumber() {
    for text in ["nan", "inf", "0x10", "abc", "1e999"] {
      #expect(throws: malformed("line 2, column x", "a number", "“\(text)”")) {
        try load("x,y,label\n\(text),2,1\n3,1,0\n")
      }
    }
    #expect(throws: malformed("line 2, column x", "a number", "nothing")) {
      try load("x,y,label\n,2,1\n3,1,0\n")
    }
  }

  @Test func infiniteAfterPreprocessing() {
    #expect(
      throws: unusable("line 2, column x", "the value is infinite after preprocessing")
    ) { try load("x,y,label\n1e300,2,1\n3,1,0\n", "preprocessing: [{scale: 1e300}]") }
  }

  @Test func domainsOfOtherWidth() throws {
    #expect(
      throws: DomainError.unusable(
        path: "\(folder.path)/mine.md", place: "mine:good->bad",
        reason: "good has 2 columns and bad 3")
    ) { try load("x,y,z,label\n1,2,3,1\n3,1,2,0\n") }
  }

  @Test func stepThatDoesNotFit() throws {
    #expect(
      throws: DomainError.unusable(
        path: "\(folder.path)/mine.md", place: "mine:good->bad",
        reason: "first-columns: 3, but there are 2")
    ) { try load("x,y,label\n1,2,1\n3,1,0\n", "preprocessing: [{first-columns: 3}]") }
  }

  @Test func wrongChecksum() throws {
    _ = try load("x,y,label\n1,2,1\n3,1,0\n")
    let expected = Checksum.sha256(bytes: Array("x,y,label\n1,2,1\n3,1,0\n".utf8))
    let other = "x,y,label\n1,2,1\n3,9,0\n"
    try folder.write("a.csv", other)
    #expect(
      throws: DomainError.wrongChecksum(
        path: "\(folder.path)/a.csv", expected: expected,
        found: Checksum.sha256(bytes: Array(other.utf8)))
    ) { try folder.load("good", "bad") }
  }

  @Test func missingFile() throws {
    _ = try load("x,y,label\n1,2,1\n3,1,0\n")
    try FileManager.default.removeItem(atPath: "\(folder.path)/a.csv")
    #expect(throws: DomainError.missing(path: "\(folder.path)/a.csv")) {
      try folder.load("good", "bad")
    }
  }

  @Test func checksumFollowsReadingAndOrderButNotLayout() throws {
    let csv = "x,y,label\n1,2,1\n3,1,0\n"
    let plain = try load(csv).checksum
    #expect(try load(csv, "# a comment\npreprocessing: []").checksum == load(csv).checksum)
    #expect(try load(csv, "preprocessing: [row-l2]").checksum != plain)
    #expect(
      try load(csv, "preprocessing: [row-l2, row-sum]").checksum
        != load(csv, "preprocessing: [row-sum, row-l2]").checksum)
    #expect(try load("x,y,label\n1,2,1\n3,1.5,0\n").checksum != plain)
  }
}
