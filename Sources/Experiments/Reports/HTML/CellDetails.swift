import Domains
import Foundation
import Metrics

/// What the report's script draws of single cells: confusion matrices and reliability curves.
struct CellDetails: Encodable {
  /// One method on one pair, over all repetitions.
  struct Entry: Encodable {
    /// The true class, the predicted one, and a count, for every count that isn't 0; the predicted
    /// class of a cluster that is matched to none is the number of classes.
    var c: [Int] = []
    /// Confidence, accuracy and the number of samples of every bin of equal width with samples.
    var r: [Double] = []
  }

  let pairs: [String]
  let methods: [String]
  /// The names of the classes, by pair.
  let classes: [[String]]
  /// Pair after pair, method after method; nil where nothing completed.
  let cells: [Entry?]

  init(_ pooled: PooledScores, pairs: [PairID], methods: [PlannedMethod]) {
    var classes = Array(repeating: [String](), count: pairs.count)
    var places: [[Int]: Entry] = [:]
    let pairPlaces = Dictionary(
      pairs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let methodPlaces = Dictionary(
      methods.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for row in pooled.classes {
      guard let pair = pairPlaces[row.pair], !classes[pair].contains(row.name) else { continue }
      classes[pair].append(row.name)
    }
    for row in pooled.confusion {
      guard let pair = pairPlaces[row.pair], let method = methodPlaces[row.method],
        let label = classes[pair].firstIndex(of: row.label)
      else { continue }
      let predicted =
        row.predicted.isEmpty
        ? classes[pair].count : classes[pair].firstIndex(of: row.predicted) ?? 0
      places[[pair, method], default: Entry()].c += [label, predicted, row.count]
    }
    for row in pooled.reliability where row.binning == .equalWidth {
      guard let pair = pairPlaces[row.pair], let method = methodPlaces[row.method],
        let confidence = row.values.confidence, let accuracy = row.values.accuracy
      else { continue }
      places[[pair, method], default: Entry()].r += [
        Self.rounded(confidence), Self.rounded(accuracy), row.values.count,
      ]
    }
    self.pairs = pairs.map(\.description)
    self.methods = methods.map(ResultTable.name)
    self.classes = classes
    cells = pairs.indices.flatMap { pair in
      methods.indices.map { places[[pair, $0]] }
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

  /// The JSON, the same bytes for the same cells.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
