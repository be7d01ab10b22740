internal import CKernels

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
  private var tables: [(cells: SampleCells, table: LaneTable<UInt16>)] = []
  private var knownClasses: ClassLanes?

  /// The most samples whose counts can't overflow a lane.
  static let mostSamples = Int(UInt16.max)

  /// An evaluation whose sample i counts as the row `places[i]` of `counts` says, lane by lane;
  /// none of the counts is above `most`.
  init(
    _ evaluation: Evaluation, counts: UnsafeBufferPointer<UInt8>, most: UInt8, width: Int,
    places: [Int]
  ) {
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
      table.values.update(repeating: 0)
      for (cell, place) in finer.cells.enumerated() where parts.rows[cell] > 0 {
        ck_add_u16(width, parts.lanes(cell), table.lanes(place))
      }
      tables.append((cells, table))
      return table
    }
    let places = cells.samplesByCell.map { self.places[$0] }
    places.withUnsafeBufferPointer { places in
      for cell in 0..<cells.count where table.rows[cell] > 0 {
        let samples = places[cells.starts[cell]..<cells.starts[cell + 1]]
        ck_sum_counts(
          samples.count, width, most, counts.baseAddress,
          UnsafeBufferPointer(rebasing: samples).baseAddress, table.lanes(cell))
      }
    }
    tables.append((cells, table))
    return table
  }

  /// Σ wᵢ vᵢ in each cell that holds samples, the factors in the order of `samplesByCell`; the
  /// caller frees it.
  func sums(_ cells: SampleCells, times factors: [Float]) -> LaneTable<Float> {
    let table = LaneTable<Float>(cells, width: width)
    let places = cells.samplesByCell.map { self.places[$0] }
    places.withUnsafeBufferPointer { places in
      factors.withUnsafeBufferPointer { factors in
        for cell in 0..<cells.count where table.rows[cell] > 0 {
          let samples = cells.starts[cell]..<cells.starts[cell + 1]
          ck_sum_scaled_counts(
            samples.count, width, counts.baseAddress,
            UnsafeBufferPointer(rebasing: places[samples]).baseAddress,
            UnsafeBufferPointer(rebasing: factors[samples]).baseAddress, table.lanes(cell))
        }
      }
    }
    return table
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

/// A row of lanes for each cell of a table that holds samples.
struct LaneTable<Scalar: Numeric> {
  /// The row of each cell; the first row, all zeros, for a cell without samples.
  let rows: [Int]
  /// The rows, one after another.
  let values: UnsafeMutableBufferPointer<Scalar>
  private let width: Int

  fileprivate init(_ cells: SampleCells, width: Int) {
    var rows = [Int](repeating: 0, count: cells.count)
    var count = 1
    for cell in 0..<cells.count where cells.starts[cell] < cells.starts[cell + 1] {
      rows[cell] = count
      count += 1
    }
    self.rows = rows
    self.width = width
    values = .allocate(capacity: count * width)
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
