import Foundation
import Methods
import Parameters
import TestSupport
import Testing

/// Sources, registry and notes say the same.
@Suite struct NotesTests {
  static let papers = Set(MethodRegistry.all.map(\.card.paper)).sorted()

  /// Notes on what is no method.
  static let otherNotes = ["README.md", "diagnose.md", "validators.md"]

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Fixtures.root.appending(path: path), encoding: .utf8)
  }

  /// Every Swift file of the methods, by its path below the package.
  private func sources() throws -> [(path: String, text: String)] {
    let paths = try FileManager.default.subpathsOfDirectory(
      atPath: Fixtures.root.appending(path: "Sources/Methods").path)
    let files = paths.filter { $0.hasSuffix(".swift") }.sorted()
    #expect(files.count > MethodRegistry.all.count)
    return try files.map { ($0, try text("Sources/Methods/" + $0)) }
  }

  /// A method that is written but not registered can't be run.
  @Test func everyConformanceIsRegistered() throws {
    let registry = try text("Sources/Methods/MethodRegistry.swift")
    let declaration =
      /public struct (\w+): [\w, ]*\b(?:Transductive|Inductive|Unsupervised|Oracle)Method\b/
    var names: [String] = []
    for source in try sources() {
      for match in source.text.matches(of: declaration) {
        let name = String(match.1)
        names.append(name)
        #expect(registry.contains("MethodEntry(\(name).self)"), "\(name) is not registered")
        #expect(source.path.hasSuffix("/\(name).swift"), "\(name) lies in \(source.path)")
      }
    }
    #expect(names.count == MethodRegistry.all.count)
  }

  @Test(arguments: papers) func noteHasItsSections(_ paper: String) throws {
    let note = try text("papers/\(paper).md")
    let headings = note.split(separator: "\n").filter { $0.hasPrefix("## ") }
    #expect(
      headings == [
        "## Citation", "## Equations", "## Deviations", "## Hyperparameters", "## Figures",
      ])
    let key = try #require(note.firstMatch(of: /\ncitation: ([a-z0-9-]+)\n/)).1
    #expect(try text("papers/references.bib").contains("{\(key),"))
  }

  @Test(arguments: papers) func noteListsTheHyperparameters(_ paper: String) throws {
    let row = /\| `([a-z0-9-]+)` \| `(\w+)` \| `([^`]+)` \| .+ \|/
    let listed = try text("papers/\(paper).md").matches(of: row).map { "\($0.1).\($0.2)=\($0.3)" }
    let declared = MethodRegistry.all.filter { $0.card.paper == paper }.flatMap { method in
      method.parameters.map { "\(method.card.id).\($0.name)=\($0.initial)" }
    }
    #expect(listed == declared)
  }

  @Test func everyNoteHasAMethod() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Fixtures.root.appending(path: "papers").path)
    let notes = files.filter { $0.hasSuffix(".md") && !Self.otherNotes.contains($0) }
      .map { $0.dropLast(3) }
    #expect(notes.sorted().map(String.init) == Self.papers)
  }

  /// `// (2)` stands where (2) of the file's documentation is computed.
  @Test func equationsInCommentsAreNumberedInTheDocumentation() throws {
    var used = 0
    for source in try sources() {
      let lines = source.text.split(separator: "\n").map { $0.drop { $0 == " " } }
      let numbered = lines.filter { $0.hasPrefix("///") }
        .compactMap { $0.firstMatch(of: /\((\d+)\)$/)?.1 }
      for line in lines where !line.hasPrefix("///") {
        guard let comment = line.firstRange(of: "// (") else { continue }
        for match in line[comment.lowerBound...].matches(of: /\((\d+)\)/) {
          used += 1
          #expect(numbered.contains(match.1), "\(source.path) has no equation (\(match.1))")
        }
      }
    }
    #expect(used > 2 * MethodRegistry.all.count)
  }

  /// Each file's documentation names its note.
  @Test func sourcesNameTheirNotes() throws {
    let all = try sources()
    for method in MethodRegistry.all {
      let declaration = "id: \"\(method.card.id)\""
      let file = try #require(all.first { $0.text.contains(declaration) })
      #expect(file.text.contains("`papers/\(method.card.paper).md`"), "\(file.path)")
    }
  }
}
