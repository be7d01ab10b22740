/// Texts in columns, each as wide as its widest entry.
public enum AlignedColumns {
  /// Every entry filled up with spaces to its column's width: behind it, or before it in the
  /// columns that are right-aligned.
  ///
  /// - Precondition: the rows have one length.
  public static func padded(_ rows: [[String]], rightAligned: Set<Int> = []) -> [[String]] {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, entry in
        let padding = String(repeating: " ", count: widths[column] - entry.count)
        return rightAligned.contains(column) ? padding + entry : entry + padding
      }
    }
  }

  /// One line of the entries, two spaces between them and none at the end.
  public static func line(_ entries: [String]) -> String {
    let line = entries.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
