import Foundation

/// JSON for people and programs: indented, keys sorted, the same bytes for the same value.
public enum JSON {
  /// A value's text, ending in a newline.
  ///
  /// - Throws: an `EncodingError` where a number is infinite or not a number.
  public static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
