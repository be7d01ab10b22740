public import Domains

/// A run as one self-contained page, and its figures as files: drawn from the results' store alone.
///
/// The same store gives the same bytes.
public struct HTMLReport: Sendable {
  /// The page.
  public let page: String
  private let figures: [Figure]

  /// The report of a run's summary.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public init(_ summary: Summary) throws {
    let figures = ReportFigures(summary)
    page = try ReportPage(summary: summary, figures: figures).html()
    self.figures = figures.all
  }

  /// The number of figures.
  public var figureCount: Int { figures.count }

  /// Writes `report.html` and `figures/*.svg` into a folder, each file atomically.
  public func write(to folder: String) throws(DomainError) {
    try AtomicFile.makeFolder("\(folder)/figures")
    for figure in figures {
      try AtomicFile.write(figure.file, to: "\(folder)/figures/\(figure.name).svg")
    }
    try AtomicFile.write(page, to: "\(folder)/report.html")
  }
}
