/// Numbers as horizontal bars, for terminals.
enum Bars {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar of each value: the least is one column wide and the greatest `width`; equal values are
  /// all `width`, and nothing stands for nil.
  static func texts(_ values: [Double?], width: Int = 12) -> [String] {
    let present = values.compactMap(\.self)
    guard let low = present.min(), let high = present.max() else { return values.map { _ in "" } }
    return values.map { value in
      guard let value else { return "" }
      let share = high > low ? (value - low) / (high - low) : 1
      let length = 8 + Int((share * Double(8 * (width - 1))).rounded())
      return String(repeating: "█", count: length / 8) + eighths[length % 8]
    }
  }
}
