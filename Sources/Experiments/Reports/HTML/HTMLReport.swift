import Domains
import Foundation

/// A run as one self-contained page, and its figures as files: drawn from the results' store, and
/// from fits done again where the domains are to be looked at.
///
/// The same store gives the same bytes.
public struct HTMLReport: Sendable {
  /// The page.
  public let page: String
  private let figures: [Figure]

  /// The report of a run's summary, with the domains of some cells.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public init(_ summary: Summary, scatters: [DomainScatter] = []) throws {
    let figures = ReportFigures(summary, scatters: scatters)
    page = try ReportPage(summary: summary, figures: figures).html()
    self.figures = figures.all
  }

  /// The number of figures.
  public var figureCount: Int { figures.count }

  /// Writes `report.html` and each figure as SVG, PDF and PNG in `figures/`, each file atomically.
  ///
  /// Figures of an earlier report that this one has not are removed: by name, so that no other file
  /// is touched.
  ///
  /// - Throws: a `DomainError` where a file can't be written, a `DrawingError` where a figure can't
  ///   be drawn.
  public func write(to folder: String) throws {
    try AtomicFile.makeFolder("\(folder)/figures")
    for figure in figures {
      for format in FigureFormat.allCases {
        try AtomicFile.write(
          figure.bytes(as: format), to: "\(folder)/figures/\(figure.name).\(format.rawValue)")
      }
    }
    try AtomicFile.write(page, to: "\(folder)/report.html")
    removeStale(in: "\(folder)/figures")
  }

  /// The names of figures; of those that there may be several of, without their numbers.
  static let figureNames = [
    "ablation", "bias-drift", "cost", "curves", "domains", "heat-map", "ranks", "scores",
    "validators",
  ]

  /// Whether a report writes a figure of that name.
  static func isFigure(_ name: String) -> Bool {
    let last = name.lastIndex(of: "-")
    let isNumbered = last.map { Int(name[name.index(after: $0)...]) != nil } ?? false
    return figureNames.contains(isNumbered ? String(name[..<(last ?? name.endIndex)]) : name)
  }

  private func removeStale(in folder: String) {
    let known = Set(figures.map(\.name))
    for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let parts = file.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, FigureFormat(rawValue: parts[1]) != nil, Self.isFigure(parts[0]),
        !known.contains(parts[0])
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
    }
  }
}
