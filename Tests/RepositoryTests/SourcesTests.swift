import Testing

/// Rules that every source file keeps.
struct SourcesTests {
  static let longest = 400

  @Test func noFileIsTooLong() throws {
    for file in try Repository.files(below: "Sources", ending: ".swift") {
      #expect(file.lines.count <= Self.longest + 1, "\(file) has \(file.lines.count - 1) lines")
    }
  }

  @Test func nothingIsLeftToDo() throws {
    let marks = ["try" + "!", "TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for file in try Repository.swiftFiles() {
      for (number, line) in file.lines.enumerated() {
        for mark in marks where line.contains(mark) {
          Issue.record("\(file):\(number + 1) holds \(mark)")
        }
      }
    }
  }

  @Test func noPathOfOneMachineIsNamed() throws {
    let roots = ["/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/"]
    let documents = try Repository.documents.map(Repository.file)
    for file in try Repository.swiftFiles() + documents {
      for (number, line) in file.lines.enumerated() {
        for root in roots where line.contains(root) {
          Issue.record("\(file):\(number + 1) holds \(root)")
        }
      }
    }
  }
}

extension Repository {
  /// The documents and scripts at the top.
  static let documents = [
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "Makefile", "Scripts/setup.sh",
    ".ci/run",
  ]
}
