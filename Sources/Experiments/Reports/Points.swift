import Foundation

/// Numbers as tables show them, in points of 100.
enum Points {
  /// One digit after the point, with a sign if asked for; empty of nothing, and never "-0.0".
  static func text(_ value: Double?, signed: Bool = false) -> String {
    guard let value else { return "" }
    let text = String(format: signed ? "%+.1f" : "%.1f", 100 * value)
    return ["-0.0", "+0.0"].contains(text) ? "0.0" : text
  }

  /// An interval's two ends; empty where there is none.
  static func interval(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "" }
    return "[\(text(low, signed: true)), \(text(high, signed: true))]"
  }
}
