internal import CKernels

extension Matrix<Double> {
  /// The columns of one row that may be among the lowest.
  ///
  /// A column's value is `offsets[column]` less twice the entry. The columns returned, ascending,
  /// are those of value at most `slack` above the `count`-th lowest. The values' minima over
  /// `blockWidth` columns each come first; only blocks with a low minimum are looked into.
  ///
  /// - Returns: all columns where that limit is not finite.
  public func nearColumns(
    ofRow row: Int, offsets: [Double], count: Int, slack: Double
  ) -> [Int] {
    let width = columns
    precondition(offsets.count == width, "There is one offset for each column.")
    return elements.withUnsafeBufferPointer { elements in
      offsets.withUnsafeBufferPointer { offsets in
        let entries = UnsafeBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
        let blockWidth = Int(CK_BLOCK_WIDTH)
        let blockCount = (width + blockWidth - 1) / blockWidth
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: blockCount + count) {
          scratch in
          scratch.initialize(repeating: .infinity)
          let minima = UnsafeMutableBufferPointer(rebasing: scratch[..<blockCount])
          let lowest = UnsafeMutableBufferPointer(rebasing: scratch[blockCount...])
          ck_block_minima_f64(
            width, offsets.baseAddress, entries.baseAddress, minima.baseAddress)
          func columns(of block: Int) -> Range<Int> {
            block * blockWidth..<Swift.min((block + 1) * blockWidth, width)
          }
          for block in 0..<blockCount where minima[block] < lowest[count - 1] {
            for column in columns(of: block) {
              let value = offsets[column] - 2 * entries[column]
              guard value < lowest[count - 1] else { continue }
              var place = count - 1
              while place > 0, value < lowest[place - 1] {
                lowest[place] = lowest[place - 1]
                place -= 1
              }
              lowest[place] = value
            }
          }
          let limit = lowest[count - 1] + slack
          guard limit.isFinite else { return Array(0..<width) }
          var near: [Int] = []
          for block in 0..<blockCount where minima[block] <= limit {
            for column in columns(of: block)
            where offsets[column] - 2 * entries[column] <= limit { near.append(column) }
          }
          return near
        }
      }
    }
  }
}
