import Domains
import Foundation
import Testing

/// `bench data` on a card of the user's own whose files are at home in a local folder.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct DataCommandTests {
  let folder: URL
  let card: URL
  let data: URL

  /// Two domains in two files, each with two samples of either class.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    data = folder.appending(path: "data")
    let origin = folder.appending(path: "origin")
    try FileManager.default.createDirectory(at: origin, withIntermediateDirectories: true)
    var files = ""
    for (name, text) in [("a.csv", "x,y\n1,0\n2,0\n3,1\n4,1\n"), ("b.csv", "x,y\n2,0\n5,1\n")] {
      let bytes = Array(text.utf8)
      try Data(bytes).write(to: origin.appending(path: name))
      files += """
          - path: own/\(name)
            bytes: \(bytes.count)
            sha256: \(Checksum.sha256(bytes: bytes))
            url: file://\(origin.appending(path: name).path)

        """
    }
    card = folder.appending(path: "own.md")
    let text = """
      ---
      title: A set of one's own
      licence: none
      citation: none
      files:
      \(files)classes: {no: 0, yes: 1}
      read:
        format: csv
        features: [x]
        labels: y
      domains:
        a: {file: own/a.csv}
        b: {file: own/b.csv}
      pairs: [a->b]
      ---
      """
    try Data(text.utf8).write(to: card)
  }

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments + ["--card", card.path, "--data", data.path])
  }

  @Test func filesAreFetchedVerifiedAndUsed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let fetched = try run("data", "fetch", "own")
    #expect(fetched.code == 0, "\(fetched.errors)")
    #expect(fetched.output.contains(data.appending(path: "own/a.csv").path))
    #expect(fetched.errors.contains("own/b.csv"))

    let verified = try run("data", "verify", "own", "--format", "csv")
    #expect(verified.code == 0)
    #expect(
      verified.output == "dataset,state,file\r\nown,ok,own/a.csv\r\nown,ok,own/b.csv\r\n")

    let path = try run("data", "path", "own")
    #expect(
      path.output.split(separator: "\n").allSatisfy {
        FileManager.default.fileExists(atPath: String($0))
      })

    let described = try run("describe", "own:a->b")
    #expect(described.code == 0, "\(described.errors)")
    #expect(described.output.contains("own:a->b, a pair"))
  }

  @Test func aChangedFileIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run("data", "fetch", "own").code == 0)
    let changed = data.appending(path: "own/b.csv")
    try Data("x,y\n2,0\n6,1\n".utf8).write(to: changed)
    let verified = try run("data", "verify", "own")
    #expect(verified.code == 2)
    #expect(verified.errors.hasPrefix("bench: Won't use \(changed.path): its card states"))
    #expect(verified.output.contains("wrong checksum"))
  }

  @Test func aFileThatIsGoneAtItsOriginIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.removeItem(at: folder.appending(path: "origin/a.csv"))
    let fetched = try run("data", "fetch", "own")
    #expect(fetched.code == 2)
    #expect(fetched.errors.hasPrefix("bench: Can't download file://"))
    #expect(!FileManager.default.fileExists(atPath: data.appending(path: "own/a.csv").path))
  }
}
