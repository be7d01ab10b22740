internal import CKernels
import Synchronization

/// An evaluation under many resamples at once: a lane for each resample.
///
/// What statistics are made of are sums of weights over samples. Lane by lane these are sums of
/// contiguous rows, one for each sample, which the processor adds sixteen or more at a time. Tables
/// are added up once, however many statistics ask for them.
///
/// Good within the block that lent it the counts, and for one thread.
final class LaneBlock {
  /// The number of lanes.
  let width: Int
  private let evaluation: Evaluation
  private let counts: UnsafeBufferPointer<UInt8>
  private let most: UInt8
  private let places: [Int]
  private let margins: MarginLanes
  private let key: MarginLanes.Key
  private var tables: [(cells: SampleCells, table: LaneTable<UInt16>)] = []
  private var knownClasses: ClassLanes?

  /// The most samples whose counts can't overflow a lane.
  static let mostSamples = Int(UInt16.max)

  /// An evaluation whose sample i counts as the row `places[i]` of `counts` says, lane by lane;
  /// none of the counts is above `most`.
  ///
  /// `margins` are shared by all models of the samples; the key names counts and places there.
  init(
    _ evaluation: Evaluation, counts: UnsafeBufferPointer<UInt8>, most: UInt8, width: Int,
    places: [Int], margins: MarginLanes, _ key: MarginLanes.Key
  ) {
    self.margins = margins
    self.key = key
    self.evaluation = evaluation
    self.counts = counts
    self.most = most
    self.width = width
    self.places = places
  }

  deinit {
    for entry in tables { entry.table.values.deallocate() }
    knownClasses?.values.deallocate()
  }

  /// The weight in each cell that holds samples.
  func counts(_ cells: SampleCells) -> LaneTable<UInt16> {
    if let known = tables.first(where: { $0.cells === cells }) { return known.table }
    let table = LaneTable<UInt16>(cells, width: width)
    if let finer = cells.finer {
      let parts = counts(finer.table)
      table.values.initialize(repeating: 0)
      for (cell, place) in finer.cells.enumerated() where parts.rows[cell] > 0 {
        ck_add_u16(width, parts.lanes(cell), table.lanes(place))
      }
      tables.append((cells, table))
      return table
    }
    guard let margins = cells.margins else {
      count(cells) { table.rows[$0] > 0 ? table.lanes($0) : nil }
      tables.append((cells, table))
      return table
    }
    let whole = self.margins.lanes(key, margins) {
      var lanes = [UInt16](repeating: 0, count: margins.count * width)
      lanes.withUnsafeMutableBufferPointer { lanes in
        let base = lanes.baseAddress
        count(SampleCells(margins.ofSamples, count: margins.count)) { margin in
          base.map { $0 + margin * width }
        }
      }
      return lanes
    }
    // Of each margin all cells but the greatest are counted; that is what they leave.
    count(cells) { cell in
      table.rows[cell] > 0 && margins.greatest[margins.ofCells[cell]] != cell
        ? table.lanes(cell) : nil
    }
    whole.withUnsafeBufferPointer { whole in
      for (margin, cell) in margins.greatest.enumerated() where cell >= 0 && table.rows[cell] > 0 {
        let lanes = UnsafeBufferPointer(rebasing: whole[margin * width..<(margin + 1) * width])
        _ = UnsafeMutableBufferPointer(start: table.lanes(cell), count: width)
          .update(fromContentsOf: lanes)
      }
    }
    for (cell, margin) in margins.ofCells.enumerated()
    where table.rows[cell] > 0 && margins.greatest[margin] != cell {
      ck_subtract_u16(width, table.lanes(cell), table.lanes(margins.greatest[margin]))
    }
    tables.append((cells, table))
    return table
  }

  /// Writes the weight in each cell that has lanes to be written to.
  private func count(_ cells: SampleCells, to lanes: (Int) -> UnsafeMutablePointer<UInt16>?) {
    let places = cells.samplesByCell.map { self.places[$0] }
    places.withUnsafeBufferPointer { places in
      for cell in 0..<cells.count {
        guard let lanes = lanes(cell) else { continue }
        let samples = places[cells.starts[cell]..<cells.starts[cell + 1]]
        ck_sum_counts(
          samples.count, width, most, counts.baseAddress,
          UnsafeBufferPointer(rebasing: samples).baseAddress, lanes)
      }
    }
  }

  /// Adds |Σ wᵢ vᵢ| of each of some cells to `sums`, the factors in the order of `samplesByCell`.
  func addSizes(
    of some: Range<Int>, in cells: SampleCells, times factors: [Float],
    to sums: UnsafeMutablePointer<Double>?
  ) {
    let all = cells.starts[some.lowerBound]..<cells.starts[some.upperBound]
    let places = cells.samplesByCell[all].map { self.places[$0] }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { row in
      places.withUnsafeBufferPointer { places in
        factors[all].withUnsafeBufferPointer { factors in
          for cell in some where cells.starts[cell] < cells.starts[cell + 1] {
            let samples =
              cells.starts[cell] - all.lowerBound..<cells.starts[cell + 1] - all.lowerBound
            ck_sum_scaled_counts(
              samples.count, width, counts.baseAddress,
              UnsafeBufferPointer(rebasing: places[samples]).baseAddress,
              UnsafeBufferPointer(rebasing: factors[samples]).baseAddress, row.baseAddress)
            ck_add_sizes_f32(width, row.baseAddress, sums)
          }
        }
      }
    }
  }

  /// The area under the ROC curve of samples in that order of their scores: see
  /// `Ranking.auroc(_:_:)`.
  func auroc(
    order: [Int], positive: [UInt8], ends: [UInt8], _ values: UnsafeMutableBufferPointer<Double>
  ) {
    let ordered = order.map { places[$0] }
    ck_auroc_lanes(
      ordered.count, width, counts.baseAddress, ordered, positive, ends, values.baseAddress)
  }

  /// The weights of true, predicted and right classes.
  var classes: ClassLanes {
    if let knownClasses { return knownClasses }
    let classes = ClassLanes(
      counts(evaluation.confusionCells), classCount: evaluation.classCount, width: width)
    knownClasses = classes
    return classes
  }
}

/// The weights of margins, lane by lane, counted once for all models of the same samples.
final class MarginLanes: Sendable {
  /// Some resamples of the samples of a repetition.
  struct Key: Hashable {
    /// The first of the resamples.
    let first: Int
    let repetition: Int
  }

  private struct Entry {
    let ofSamples: [Int]
    let lanes: [UInt16]
  }

  private let known = Mutex<[Key: [Entry]]>([:])
  /// So many tables of one key are kept: those of classes, and of attributes.
  private static let mostTables = 4

  /// The lanes of each margin, one margin after another.
  func lanes(_ key: Key, _ margins: SampleCells.Margins, _ count: () -> [UInt16]) -> [UInt16] {
    let found = known.withLock {
      $0[key]?.first { $0.ofSamples == margins.ofSamples }?.lanes
    }
    if let found { return found }
    let lanes = count()
    known.withLock { known in
      if known[key, default: []].count < Self.mostTables {
        known[key, default: []].append(Entry(ofSamples: margins.ofSamples, lanes: lanes))
      }
    }
    return lanes
  }
}

/// A row of lanes for each cell of a table that holds samples.
struct LaneTable<Scalar: Numeric> {
  /// The row of each cell; the first row, all zeros, for a cell without samples.
  let rows: [Int]
  /// The rows, one after another.
  let values: UnsafeMutableBufferPointer<Scalar>
  private let width: Int

  fileprivate init(_ cells: SampleCells, width: Int) {
    rows = cells.rows
    self.width = width
    values = .allocate(capacity: cells.rowCount * width)
    values[0..<width].initialize(repeating: 0)
  }

  /// The lanes of a cell.
  func lanes(_ cell: Int) -> UnsafeMutablePointer<Scalar> {
    guard let base = values.baseAddress else {
      preconditionFailure("A table of lanes has memory.")
    }
    return base + rows[cell] * width
  }
}

/// The weights of true, predicted and right classes, lane by lane.
struct ClassLanes {
  /// The number of classes, C.
  let classCount: Int
  fileprivate let values: UnsafeMutableBufferPointer<UInt16>
  private let base: UnsafeMutablePointer<UInt16>
  private let width: Int

  fileprivate init(_ confusion: LaneTable<UInt16>, classCount: Int, width: Int) {
    self.classCount = classCount
    self.width = width
    values = .allocate(capacity: (3 * classCount + 4) * width)
    values.initialize(repeating: 0)
    guard let base = values.baseAddress else {
      preconditionFailure("A table of lanes has memory.")
    }
    self.base = base
    for label in 0..<classCount {
      for guess in 0...classCount {
        let cell = label * (classCount + 1) + guess
        guard confusion.rows[cell] > 0 else { continue }
        let weights = confusion.lanes(cell)
        ck_add_u16(width, weights, truth(label))
        ck_add_u16(width, weights, predicted(guess))
        if label == guess {
          ck_add_u16(width, weights, right(label))
          ck_add_u16(width, weights, allRight)
        }
      }
      ck_add_u16(width, truth(label), total)
    }
  }

  /// The weight of all samples.
  var total: UnsafeMutablePointer<UInt16> { base }
  /// The weight of the samples predicted right.
  var allRight: UnsafeMutablePointer<UInt16> { base + width }
  /// No weight.
  var none: UnsafeMutablePointer<UInt16> { base + 2 * width }
  /// The weight of a true class.
  func truth(_ label: Int) -> UnsafeMutablePointer<UInt16> { base + (3 + label) * width }
  /// The weight of a class predicted right.
  func right(_ label: Int) -> UnsafeMutablePointer<UInt16> {
    base + (3 + classCount + label) * width
  }
  /// The weight of a predicted class, or of no class where the label is the number of classes.
  func predicted(_ label: Int) -> UnsafeMutablePointer<UInt16> {
    base + (3 + 2 * classCount + label) * width
  }
}
