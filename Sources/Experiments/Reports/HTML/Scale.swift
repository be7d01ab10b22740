import Foundation

/// Where values lie on an axis.
struct Scale: Sendable {
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  /// The axis of these values from one pixel to another; `least` is the shortest range shown.
  init(_ values: [Double], from start: Double, to end: Double, least: Double = 0.02) {
    let finite = values.filter(\.isFinite)
    let (first, last) = (finite.min() ?? 0, finite.max() ?? 1)
    let margin = max((last - first) * 0.03, (least - (last - first)) / 2)
    (low, high) = (first - margin, last + margin)
    (self.start, self.end) = (start, end)
  }

  /// The pixel of a value.
  func callAsFunction(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }

  /// Round values on the axis, at least a distance of so many pixels apart.
  func ticks(every pixels: Double = 60) -> [Double] {
    let most = max(1, abs(end - start) / pixels)
    let rough = (high - low) / most
    guard rough > 0, rough.isFinite else { return [] }
    let power = pow(10, (log10(rough) + 1e-9).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? 10 * power
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// A tick's text in points of 100.
  static func points(_ value: Double, signed: Bool = false) -> String {
    let text = Shown.points(value, signed: signed)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
