extension Floats {
  /// The numbers from a row on, for a kernel.
  func from(_ row: Int, width: Int = 1) -> UnsafeMutablePointer<Float>? {
    baseAddress?.advanced(by: row * width)
  }
}
