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
  /// A finer table of the same samples, and the cell here of each of its cells that holds some.
  let finer: (table: SampleCells, cells: [Int])?

  init(_ cells: [Int], count: Int, finer: SampleCells? = nil) {
    self.cells = cells
    self.count = count
    self.finer = finer.flatMap { finer in
      var places = [Int](repeating: 0, count: finer.count)
      for (cell, fine) in zip(cells, finer.cells) { places[fine] = cell }
      return zip(cells, finer.cells).allSatisfy { places[$1] == $0 } ? (finer, places) : nil
    }
    var starts = [Int](repeating: 0, count: count + 1)
    for cell in cells { starts[cell + 1] += 1 }
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
