import Domains
import Foundation
import TestSupport
import Testing

struct CSVFileTests {
  private func read(
    _ text: String, separator: CSVSeparator = .character(","), hasHeader: Bool = false,
    skippedLines: Int = 0, quoted: Bool = true
  ) throws -> CSVTable {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try CSVFile.read(
      try folder.file("table.csv", Array(text.utf8)), separator: separator, hasHeader: hasHeader,
      skippedLines: skippedLines, quoted: quoted)
  }

  private func error(
    _ text: String, separator: CSVSeparator = .character(","), hasHeader: Bool = false
  ) throws -> (place: String, expected: String, found: String)? {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.file("table.csv", Array(text.utf8))
    return malformed { () throws(DomainError) in
      _ = try CSVFile.read(path, separator: separator, hasHeader: hasHeader)
    }
  }

  @Test("plain rows, with either line end and with none at the end")
  func plain() throws {
    for text in ["a,b\n1,\n", "a,b\r\n1,\r\n", "a,b\n1,", "\u{FEFF}a,b\n1,\n\n\r\n"] {
      let table = try read(text, hasHeader: true)
      #expect(table == CSVTable(header: ["a", "b"], rows: [["1", ""]], lines: [2]), "\(text)")
    }
  }

  @Test("quoted fields hold separators, quotes and line ends; line numbers go on counting")
  func quotes() throws {
    let table = try read("\"a,b\",\"say \"\"x\"\"\"\n\"two\r\nlines\",\"\"\nlast,é\n")
    #expect(table.rows == [["a,b", "say \"x\""], ["two\r\nlines", ""], ["last", "é"]])
    #expect(table.lines == [1, 2, 4])
  }

  @Test("quotes that are characters like any other")
  func unquoted() throws {
    let table = try read("it's \"so\"\t1\n\"x\t0\n", separator: .character("\t"), quoted: false)
    #expect(table.rows == [["it's \"so\"", "1"], ["\"x", "0"]])
  }

  @Test("runs of white space")
  func whitespace() throws {
    let table = try read("  1 \t2 \n3   4\n \n", separator: .whitespace)
    #expect(table.rows == [["1", "2"], ["3", "4"]])
    let semicolons = try read("1;\"2;3\"\n", separator: .character(";"))
    #expect(semicolons.rows == [["1", "2;3"]])
    let arrows = try read("1→2→\n", separator: .character("→"))
    #expect(arrows.rows == [["1", "2", ""]])
  }

  @Test("skipped lines count")
  func skipped() throws {
    let table = try read("| about\na,b\n1,2\n", hasHeader: true, skippedLines: 1)
    #expect(table == CSVTable(header: ["a", "b"], rows: [["1", "2"]], lines: [3]))
  }

  @Test("a compressed table")
  func compressed() throws {
    let path = Fixtures.root.appending(path: "Sources/Domains/Resources/data/optdigits-test.csv.gz")
    let table = try CSVFile.read(path.path, separator: .character(","), hasHeader: false)
    #expect(table.rows.count == 1797)
    #expect(table.rows.allSatisfy { $0.count == 65 })
  }

  @Test("errors name line, column and expectation")
  func errors() throws {
    let ragged = try error("a,b\n1,2\n3\n", hasHeader: true)
    #expect(ragged?.place == "line 3")
    #expect(ragged?.expected == "2 fields, as in line 1")
    #expect(ragged?.found == "1")
    #expect(try error("1,2\n\n3,4\n")?.place == "line 2")
    #expect(try error("1,a\"b\n")?.place == "line 1, column 4")
    #expect(try error("1,2\n3,\"x\ny")?.place == "line 2, column 3")
    #expect(try error("1,2\n3,\"x\ny")?.expected == "a closing quote")
    #expect(try error("\"x\"y,1\n")?.place == "line 1, column 4")
    #expect(try error("1\r2\n")?.place == "line 1, column 2")
    #expect(try error("")?.found == "an empty file")
    #expect(try error("\n\n", hasHeader: true)?.found == "an empty file")
  }

  @Test("bytes that are no text")
  func invalidText() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.file("table.csv", [0x31, 0x2C, 0x32, 0x0A, 0x31, 0x2C, 0xFF])
    let error = malformed { () throws(DomainError) in
      _ = try CSVFile.read(path, separator: .character(","), hasHeader: false)
    }
    #expect(error?.place == "line 2, column 3")
  }

  @Test("truncated at every length: fewer rows or an error, never other values")
  func truncated() throws {
    let bytes = Array("a,b,c\n\"x\ny\",2,3\r\né,5,\"6\"\n".utf8)
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let whole = try CSVFile.read(
      try folder.file("t.csv", bytes), separator: .character(","), hasHeader: true)
    var accepted: [Int] = []
    for length in 0..<bytes.count {
      let path = try folder.file("t.csv", Array(bytes.prefix(length)))
      do throws(DomainError) {
        let table = try CSVFile.read(path, separator: .character(","), hasHeader: true)
        accepted.append(length)
        // A last field that lost its end can't be told from a shorter one.
        #expect(table.header.count < 3 || whole.rows.starts(with: table.rows.dropLast()))
      } catch {
        guard case .malformed(let found, _, _, _) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(found == path)
      }
    }
    // Within the quoted field, and within the two bytes of é, every cut is an error.
    #expect(accepted.allSatisfy { !(7...11).contains($0) && $0 != 19 })
    #expect(accepted.contains(6))
  }

  @Test("changed bytes")
  func changed() throws {
    let bytes = Array("a,b,c\n\"x\ny\",2,3\r\né,5,\"6\"\n".utf8)
    try Damage(bytes).expectNoCrash { (path) throws(DomainError) in
      try CSVFile.read(path, separator: .character(","), hasHeader: true)
    }
    try Damage(bytes).expectNoCrash { (path) throws(DomainError) in
      try CSVFile.read(path, separator: .whitespace, hasHeader: false, quoted: false).rows.count > 0
    }
  }
}
