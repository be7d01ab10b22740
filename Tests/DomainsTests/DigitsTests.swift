import Domains
import Testing

/// The embedded pair of images: a real gap that can be learnt across.
@Suite struct DigitsTests {
  /// The figures that the card states.
  @Test(arguments: [("synthetic", "scanned", 77.9), ("scanned", "synthetic", 82.5)])
  func nearestNeighbour(_ source: String, _ target: String, _ stated: Double) throws {
    let catalogue = try DataCatalogue(dataRoot: nil)
    let pair = try catalogue.load(PairID(dataset: "digits", source: source, target: target))
    let accuracy = nearestNeighbourAccuracy(pair)
    #expect((accuracy * 1000).rounded() == (10 * stated).rounded(), "\(accuracy)")
  }
}
