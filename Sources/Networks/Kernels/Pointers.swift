extension Floats {
  /// The numbers from a row on, for a kernel.
  func from(_ row: Int, width: Int = 1) -> UnsafeMutablePointer<Float>? {
    baseAddress?.advanced(by: row * width)
  }
}

extension Floats {
  /// Copies the other numbers here, unless this is where they are.
  func take(_ other: Floats, _ range: Range<Int>) {
    guard let here = from(range.lowerBound), let there = other.from(range.lowerBound),
      here != there
    else { return }
    here.update(from: there, count: range.count)
  }

  /// Copies the other numbers here, unless this is where they are.
  func take(_ other: Floats) { take(other, 0..<count) }
}
