/// The cell of a table that each sample of an evaluation is counted in.
///
/// An object, because several statistics count the same samples into the same table and are told
/// so by its identity.
final class SampleCells: Sendable {
  /// The cell of each sample, in 0 ..< `count`.
  let cells: [Int]
  /// The number of cells.
  let count: Int
  /// The samples of the first cell, then those of the second, and so on, each in their order.
  let samplesByCell: [Int]
  /// Where the samples of each cell begin among these, and where the last one's end.
  let starts: [Int]
  /// The row of each cell in a table of those that hold samples, from 1; 0 for a cell without.
  let rows: [Int]
  /// The number of rows, the one of the cells without samples among them.
  let rowCount: Int
  /// A finer table of the same samples, and the cell here of each of its cells that holds some.
  let finer: (table: SampleCells, cells: [Int])?
  /// The margin that each cell is a part of; nil of a table without margins, or with a finer one.
  let margins: Margins?

  /// A coarser table that is the same for all models of the samples, such as their true classes.
  struct Margins: Sendable {
    /// The margin of each cell.
    let ofCells: [Int]
    /// The margin of each sample.
    let ofSamples: [Int]
    /// The number of margins.
    let count: Int
    /// The cell of each margin that holds most of its samples: what is left of the margin by the
    /// others, so that these alone need be counted.
    let greatest: [Int]
  }

  init(
    _ cells: [Int], count: Int, finer: SampleCells? = nil, margins ofCells: [Int] = []
  ) {
    precondition(ofCells.isEmpty || ofCells.count == count, "Every cell has a margin, or none has.")
    self.cells = cells
    self.count = count
    self.finer = finer.flatMap { finer in
      var places = [Int](repeating: 0, count: finer.count)
      for (cell, fine) in zip(cells, finer.cells) { places[fine] = cell }
      return zip(cells, finer.cells).allSatisfy { places[$1] == $0 } ? (finer, places) : nil
    }
    var starts = [Int](repeating: 0, count: count + 1)
    for cell in cells { starts[cell + 1] += 1 }
    margins =
      self.finer != nil
      ? nil
      : ofCells.max().map { last in
        var greatest = [Int](repeating: -1, count: last + 1)
        for (cell, margin) in ofCells.enumerated()
        where greatest[margin] < 0 || starts[cell + 1] > starts[greatest[margin] + 1] {
          greatest[margin] = cell
        }
        return Margins(
          ofCells: ofCells, ofSamples: cells.map { ofCells[$0] }, count: last + 1,
          greatest: greatest)
      }
    var rows = [Int](repeating: 0, count: count)
    var rowCount = 1
    for cell in 0..<count where starts[cell + 1] > 0 {
      rows[cell] = rowCount
      rowCount += 1
    }
    self.rows = rows
    self.rowCount = rowCount
    for cell in 0..<count { starts[cell + 1] += starts[cell] }
    self.starts = starts
    var samples = [Int](repeating: 0, count: cells.count)
    for (sample, cell) in cells.enumerated() {
      samples[starts[cell]] = sample
      starts[cell] += 1
    }
    samplesByCell = samples
  }
}

/// The weights of an evaluation's samples, with the sums that several statistics share.
///
/// One object serves all resamples of a bootstrap: `replace` sets new weights and keeps the
/// tables' memory.
public final class SampleWeights {
  /// The weight of each sample.
  public private(set) var values: [Double]
  private var knownTotal: Double?
  private var tables: [Table] = []

  private struct Table {
    let cells: SampleCells
    var sums: [Double]
    var isCurrent: Bool
  }

  /// Weights, one for each sample.
  public init(_ values: [Double]) {
    self.values = values
  }

  /// Sets new weights: one lane of the counts, rows of `width`, at these places.
  func replace(
    counts: UnsafeBufferPointer<UInt8>, width: Int, lane: Int, at places: [Int]
  ) {
    values.removeAll(keepingCapacity: true)
    for place in places { values.append(Double(counts[place * width + lane])) }
    knownTotal = nil
    for index in tables.indices { tables[index].isCurrent = false }
  }

  /// Σ wᵢ.
  var total: Double {
    if let knownTotal { return knownTotal }
    var sum = 0.0
    for weight in values { sum += weight }
    knownTotal = sum
    return sum
  }

  /// The sum of the weights in each cell, added up once however often it is asked for.
  func sums(_ cells: SampleCells) -> [Double] {
    var place = tables.firstIndex { $0.cells === cells }
    if let place, tables[place].isCurrent { return tables[place].sums }
    if place == nil {
      place = tables.count
      tables.append(
        Table(cells: cells, sums: Array(repeating: 0, count: cells.count), isCurrent: false))
    }
    guard let place else { return [] }
    for cell in 0..<cells.count { tables[place].sums[cell] = 0 }
    add(into: &tables[place].sums, cells.cells)
    tables[place].isCurrent = true
    return tables[place].sums
  }

  /// Σ wᵢ vᵢ in each cell.
  func sums(_ cells: SampleCells, times factors: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: cells.count)
    for index in cells.cells.indices { sums[cells.cells[index]] += values[index] * factors[index] }
    return sums
  }

  /// Σ wᵢ vᵢ / Σ wᵢ; nil where the weights sum to 0.
  func mean(of factors: [Double]) -> Double? {
    guard total > 0 else { return nil }
    var sum = 0.0
    for index in factors.indices { sum += values[index] * factors[index] }
    return sum / total
  }

  private func add(into sums: inout [Double], _ cells: [Int]) {
    for index in cells.indices { sums[cells[index]] += values[index] }
  }
}
