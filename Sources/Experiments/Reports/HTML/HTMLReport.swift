import Domains

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
  }
}
