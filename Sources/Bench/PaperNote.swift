import Foundation

/// A note on a method's paper, `papers/NAME.md`.
struct PaperNote {
  /// The paper's reference: the first paragraph after the note's title.
  let citation: String?

  /// Reads a note's text.
  init(text: String) {
    let paragraphs = text.split(separator: "\n\n")
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    citation = paragraphs.first { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("---") }?
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ")
  }

  /// The note of that name, in a folder papers/ here or above, or above the program itself.
  static func find(_ name: String) -> PaperNote? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for start in [here, program] {
      var folder = start
      while folder.path != "/" {
        let file = folder.appending(path: "papers/\(name).md")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
          return PaperNote(text: text)
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }
}
