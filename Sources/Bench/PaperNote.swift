import Foundation

/// A note on a method's paper, `papers/NAME.md`.
struct PaperNote {
  /// The paper's reference: the first paragraph under the heading "Citation".
  let citation: String?

  /// Reads a note's text.
  init(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let paragraph = lines.drop { $0 != "## Citation" }.dropFirst().drop { $0.isEmpty }
      .prefix { !$0.isEmpty && !$0.hasPrefix("#") }
    citation = paragraph.isEmpty ? nil : paragraph.joined(separator: " ")
  }

  /// The note of that name.
  static func find(_ name: String) -> PaperNote? {
    guard let file = folder?.appending(path: "\(name).md"),
      let text = try? String(contentsOf: file, encoding: .utf8)
    else { return nil }
    return PaperNote(text: text)
  }

  /// The folder of the notes: papers/ here or above, or above the program itself.
  static var folder: URL? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for start in [here, program] {
      var folder = start
      while folder.path != "/" {
        let papers = folder.appending(path: "papers")
        if FileManager.default.fileExists(atPath: papers.appending(path: "references.bib").path) {
          return papers
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }
}
