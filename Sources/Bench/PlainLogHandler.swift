import Logging

/// Writes log messages as plain lines to standard error, as they are: for people beside a run, who
/// want neither label nor level nor time.
struct PlainLogHandler: LogHandler {
  var logLevel = Logger.Level.info
  /// Nothing is attached to messages here.
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    StandardError.write("\(event.message)\n")
  }
}

extension Logger {
  /// A logger of plain lines from that level on.
  ///
  /// What becomes of cells is a warning where they fail and else for debugging; what is left to do
  /// after a run is an error.
  static func plain(_ level: Logger.Level = .info) -> Logger {
    var logger = Logger(label: "bench", factory: { _ in PlainLogHandler() })
    logger.logLevel = level
    return logger
  }
}
