import Foundation
import TestSupport
import Testing

/// The report in a browser: headless Chromium, where it is installed.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct BrowserTests {
  private static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    .first(where: FileManager.default.isExecutableFile)

  /// The page after its scripts ran, and what the browser logged.
  private func load(_ page: String, in folder: String) throws -> (dom: String, log: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.chromium))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder)/profile", "--enable-logging=stderr", "--v=0",
      "--virtual-time-budget=20000", "--dump-dom", "file://\(page)",
    ]
    let (dom, log) = ("\(folder)/dom.html", "\(folder)/log.txt")
    for path in [dom, log] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: dom)
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    process.waitUntilExit()
    return (
      try String(contentsOfFile: dom, encoding: .utf8),
      try String(contentsOfFile: log, encoding: .utf8)
    )
  }

  /// The gains of the table's rows in the page's order, without those that have none.
  private func gains(_ dom: String) throws -> [Double] {
    let table = try #require(dom.firstRange(of: "<table class=\"sortable\" id=\"summary-table\""))
    let body = dom[table.upperBound...]
    let end = try #require(body.firstRange(of: "</table>"))
    // A row's cells are its name, family, setting, score, the score's interval, and the gain.
    return body[..<end.lowerBound].components(separatedBy: "<tr data-family").dropFirst()
      .compactMap { row in
        let cells = row.components(separatedBy: "<td").dropFirst()
        return cells.dropFirst(4).first?.firstMatch(of: /data-value="([^"]+)"/)
          .flatMap { Double($0.1) }
      }
  }

  @Test(.enabled(if: chromium != nil, "no Chromium"))
  func theReportLoadsWithoutAWordAndItsTableSorts() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Program.run([
      "compare", "--pairs", "clinics,shifts", "--methods", "coral,tca,ot-sinkhorn,jda",
      "--repetitions", "2", "--resamples", "50", "--quiet", "--out", folder,
    ])
    #expect(run.code == 0, "\(run.errors)")
    #expect(try Program.run(["report", folder]).code == 0)
    let plain = try load("\(folder)/report.html", in: folder)
    let before = try gains(plain.dom)
    #expect(before.count == 4)
    #expect(!plain.log.contains("CONSOLE"), "\(plain.log)")
    // What a reader would do, by a script of the test's own at the end of the page.
    let page = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
    for (presses, order) in [(1, before.sorted(by: >)), (2, before.sorted())] {
      let click = """
        <script>for (const button of document.querySelectorAll("#summary-table th button"))
        if (button.textContent.trim() === "gain") for (let i = 0; i !== \(presses); i += 1)
        button.click();</script></body>
        """
      let pressed = "\(folder)/pressed.html"
      try Data(page.replacing("</body>", with: click).utf8).write(
        to: URL(fileURLWithPath: pressed))
      let sorted = try load(pressed, in: folder)
      #expect(!sorted.log.contains("CONSOLE"), "\(sorted.log)")
      #expect(try gains(sorted.dom) == order)
    }
  }
}
