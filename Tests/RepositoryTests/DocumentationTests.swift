import Testing

/// The documentation catalogues name what exists.
struct DocumentationTests {
  @Test(
    arguments: LayersTests.allowed.keys.filter { $0 != "Bench" && $0 != "Experiments" }.sorted())
  func topicsAreDeclared(layer: String) throws {
    let catalogue = try Repository.file("Sources/\(layer)/Documentation.docc/\(layer).md")
    let topics = catalogue.lines.compactMap { $0.firstMatch(of: /^- ``(\w+)``$/) }
      .map { String($0.1) }
    #expect(!topics.isEmpty)
    let declared = try Set(
      Repository.files(below: "Sources/\(layer)", ending: ".swift").flatMap { file in
        file.lines.compactMap { line in
          line.hasPrefix("public ")
            ? line.firstMatch(of: /^public (?:final )?(?:struct|enum|protocol|class) (\w+)/)
              .map { String($0.1) } : nil
        }
      })
    for topic in topics {
      #expect(declared.contains(topic), "\(catalogue) names \(topic), which isn't declared")
    }
  }
}
