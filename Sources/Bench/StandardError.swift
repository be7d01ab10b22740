import Foundation

/// The standard error, for messages and progress: the output holds results alone.
enum StandardError {
  /// Whether a person is likely to be watching.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a text as it is; where nobody reads any more, nothing.
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
