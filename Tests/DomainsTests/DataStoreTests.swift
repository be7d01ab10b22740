import Domains
import Foundation
import Glibc
import TestSupport
import Testing

struct DataStoreTests {
  private static let content = (0..<300_000).map {
    UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7)
  }
  private static let digest = Checksum.sha256(bytes: content)
  private static let count = content.count

  private func contentOfFile(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }

  @Test("verifies presence, size and checksum")
  func verify() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let store = DataStore(root: folder.path + "/")
    let path = try folder.file("a", Self.content)
    #expect(store.path(of: "a") == path)
    try store.verify("a", bytes: Self.count, sha256: Self.digest.uppercased())
    #expect(throws: DomainError.missing(path: folder.path + "/b")) {
      try store.verify("b", bytes: 1, sha256: "")
    }
    let size = malformed { () throws(DomainError) in
      try store.verify("a", bytes: 1, sha256: Self.digest)
    }
    #expect(size?.expected == "1 bytes" && size?.found == "300000 bytes")
    #expect(throws: DomainError.wrongChecksum(path: path, expected: "00", found: Self.digest)) {
      try store.verify("a", bytes: Self.count, sha256: "00")
    }
  }

  @Test("copies from file://, continues, and leaves no other file")
  func fileURL() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let origin = try folder.file("origin", Self.content)
    let store = DataStore(root: folder.path + "/data")
    var last = 0
    try store.fetch(
      from: "file://" + origin, to: "set/a.bin", bytes: Self.count, sha256: Self.digest,
      progress: { last = $0 })
    #expect(last == Self.count)
    #expect(contentOfFile(store.path(of: "set/a.bin")) == Self.content)
    try FileManager.default.removeItem(atPath: store.path(of: "set/a.bin"))
    try Data(Self.content.prefix(1000)).write(
      to: URL(fileURLWithPath: store.path(of: "set/a.bin.part")))
    var first = 0
    try store.fetch(
      from: "file://" + origin, to: "set/a.bin", bytes: Self.count, sha256: Self.digest,
      progress: { first = first == 0 ? $0 : first })
    #expect(first > 1000)
    #expect(contentOfFile(store.path(of: "set/a.bin")) == Self.content)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data/set") == ["a.bin"])
  }

  @Test("a wrong checksum leaves no file")
  func wrongChecksum() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let origin = try folder.file("origin", Self.content)
    let store = DataStore(root: folder.path + "/data")
    let wrong = String(repeating: "0", count: 64)
    #expect(
      throws: DomainError.wrongChecksum(
        path: store.path(of: "a"), expected: wrong, found: Self.digest)
    ) { try store.fetch(from: "file://" + origin, to: "a", bytes: Self.count, sha256: wrong) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.root) == [])
  }

  @Test("a beginning of another file is thrown away")
  func wrongBeginning() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let origin = try folder.file("origin", Self.content)
    let store = DataStore(root: folder.path)
    for length in [5, Self.count, Self.count + 5] {
      _ = try folder.file("a.part", [UInt8](repeating: 1, count: length))
      try store.fetch(from: "file://" + origin, to: "a", bytes: Self.count, sha256: Self.digest)
      #expect(contentOfFile(store.path(of: "a")) == Self.content)
      try FileManager.default.removeItem(atPath: store.path(of: "a"))
    }
  }

  @Test("files of another length, and none")
  func otherLengths() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let origin = try folder.file("origin", Self.content)
    let store = DataStore(root: folder.path)
    let url = "file://" + origin
    #expect(
      throws: DomainError.download(url: url, reason: "it is longer than its card states")
    ) { try store.fetch(from: url, to: "a", bytes: 10, sha256: Self.digest) }
    #expect(
      throws: DomainError.download(url: url, reason: "it ended after 300000 of 400000 bytes")
    ) { try store.fetch(from: url, to: "b", bytes: 400_000, sha256: Self.digest) }
    #expect(throws: DomainError.self) {
      try store.fetch(from: "file:///nowhere", to: "c", bytes: 1, sha256: "")
    }
    for name in ["a", "b", "c"] { #expect(contentOfFile(store.path(of: name)) == nil) }
  }

  @Test("places outside the folder, and folders that can't be made")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("file", [1])
    for name in ["../a", "a/../../b", "/etc/a", ""] {
      #expect(throws: DomainError.self) {
        try DataStore(root: folder.path).fetch(
          from: "file://" + file, to: name, bytes: 1, sha256: "")
      }
    }
    #expect(throws: DomainError.unwritable(path: file, reason: "Not a directory")) {
      try DataStore(root: file).fetch(from: "file://" + file, to: "a/b", bytes: 1, sha256: "00")
    }
  }

  @Test("one download of a file at a time")
  func locked() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let origin = try folder.file("origin", Self.content)
    let store = DataStore(root: folder.path)
    let url = "file://" + origin
    var inner: DomainError?
    try store.fetch(
      from: url, to: "a", bytes: Self.count, sha256: Self.digest,
      progress: { _ in
        do throws(DomainError) {
          try store.fetch(from: url, to: "a", bytes: Self.count, sha256: Self.digest)
        } catch {
          inner = error
        }
      })
    #expect(inner == .download(url: url, reason: "another download of the file is running"))
  }

  @Test("HTTP", .enabled(if: Python.isPresent, "no python3 to serve files"))
  func http() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let server = try FileServer(content: try folder.file("origin", Self.content))
    defer { server.stop() }
    let store = DataStore(root: folder.path + "/data")
    func fetch(_ place: String, _ file: String) throws(DomainError) {
      try store.fetch(
        from: server.url + place, to: file, bytes: Self.count, sha256: Self.digest)
    }
    try fetch("whole", "a")
    #expect(contentOfFile(store.path(of: "a")) == Self.content)
    // A file that is there and right isn't asked for again.
    try fetch("missing", "a")
    #expect(throws: DomainError.download(url: server.url + "missing", reason: "HTTP status 404")) {
      try fetch("missing", "b")
    }
    #expect(throws: DomainError.download(url: server.url + "broken", reason: "HTTP status 500")) {
      try fetch("broken", "b")
    }
    // The connection ends half way; what came is kept, and the next request continues it.
    #expect(throws: DomainError.self) { try fetch("half", "c") }
    #expect(contentOfFile(store.path(of: "c.part")) == Array(Self.content.prefix(150_000)))
    try fetch("whole", "c")
    #expect(contentOfFile(store.path(of: "c")) == Self.content)
    // A server that ignores ranges sends all again.
    #expect(throws: DomainError.self) { try fetch("half", "d") }
    try fetch("no-ranges", "d")
    #expect(contentOfFile(store.path(of: "d")) == Self.content)
    try fetch("moved", "e")
    #expect(contentOfFile(store.path(of: "e")) == Self.content)
    // A redirection to a local file isn't followed.
    #expect(throws: DomainError.self) { try fetch("moved-to-file", "f") }
    #expect(contentOfFile(store.path(of: "f")) == nil)
    #expect(server.requests.contains("GET /whole bytes=150000-"))
    #expect(server.requests.filter { $0.hasPrefix("GET /missing") }.count == 1)
  }
}

/// A small server on a free port of this machine, in Python.
private final class FileServer {
  private let process = Process()
  private let log: String
  let url: String

  init(content: String) throws {
    log = content + ".log"
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [Python.path, "-c", Self.program, content, log]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    url = "http://127.0.0.1:\(port)/"
  }

  var requests: [String] {
    (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").map(String.init)
      ?? []
  }

  func stop() {
    // The tests' signals may be blocked, and are inherited: SIGTERM might never arrive.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static let program = """
    import http.server, os, sys
    content = open(sys.argv[1], "rb").read()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            wanted = self.headers.get("Range")
            with open(sys.argv[2], "a") as log:
                log.write(f"GET {self.path} {wanted or ''}\\n")
            if self.path in ("/moved", "/moved-to-file"):
                self.send_response(302)
                self.send_header(
                    "Location", "/whole" if self.path == "/moved" else "file://" + sys.argv[1])
                self.end_headers()
                return
            if self.path in ("/missing", "/broken"):
                self.send_error(404 if self.path == "/missing" else 500)
                return
            start = 0
            if wanted and self.path != "/no-ranges":
                start = int(wanted[len("bytes="):-1])
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = len(content) // 2 if self.path == "/half" else len(content)
            self.wfile.write(content[start:end])

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
