import Domains
import Foundation
import Learners
import LinearAlgebra
import Methods
import Randomness
import TestSupport
import Testing

/// The table of Long et al., ICCV 2013, from the files themselves.
///
/// The published accuracies of 1-NN, PCA, TCA and JDA on the twelve pairs of Office-Caltech10
/// with SURF features and the two of USPS and MNIST, under the protocol that
/// `papers/long-2013-jda.md` describes.
@Suite(.enabled(if: Fixtures.dataFolder != nil, "no data folder: set TRANSFERBENCH_DATA"))
struct JDATableTests {
  /// Without optimisation the large pairs take long: two small ones stand for all.
  #if DEBUG
  static let pairs = [("webcam", "dslr"), ("dslr", "webcam")]
  #else
  static let pairs = [
    ("caltech", "amazon"), ("caltech", "webcam"), ("caltech", "dslr"), ("amazon", "caltech"),
    ("amazon", "webcam"), ("amazon", "dslr"), ("webcam", "caltech"), ("webcam", "amazon"),
    ("webcam", "dslr"), ("dslr", "caltech"), ("dslr", "amazon"), ("dslr", "webcam"),
    ("usps", "mnist"), ("mnist", "usps"),
  ]
  #endif

  static let methods = [
    "NN": "source-only", "PCA": "joint-pca", "TCA": "tca", "JDA": "jda",
  ]

  @Test(arguments: pairs) func givesThePublishedNumbers(_ source: String, _ target: String) throws {
    let folder = try #require(Fixtures.dataFolder)
    let isDigits = target == "usps" || target == "mnist"
    let (sourceSample, targetSample) = try (
      isDigits ? digits(source, folder) : surf(source, folder),
      isDigits ? digits(target, folder) : surf(target, folder)
    )
    let published = try publishedFigures(source, target)
    #expect(published.count == 4)
    for (method, accuracy) in published {
      var texts = ["learner": "1-nn"]
      if method != "source-only" { texts["components"] = "100" }
      if method == "tca" || method == "jda" {
        texts["form"] = isDigits ? "primal" : "kernel"
        texts["regularization"] = isDigits ? "0.1" : "1"
      }
      if method == "jda" { texts["rounds"] = "10" }
      let entry = try #require(MethodRegistry.entry(method))
      guard case .transductive(let fit) = try entry.settled(texts).fit else {
        Issue.record("\(method) is not transductive")
        continue
      }
      let model = try fit(sourceSample, targetSample.unlabelled, RandomKey(seed: 0))
      let predictions = Predictions(
        probabilities: model.probabilities(of: targetSample.features))
      let right = zip(predictions.classes, targetSample.labels).count { $0 == $1 }
      let found = String(format: "%.2f", 100 * Double(right) / Double(targetSample.count))
      #expect(found == accuracy, "\(method) on \(source)->\(target)")
    }
  }

  /// The four published accuracies of a pair, as the note prints them.
  private func publishedFigures(
    _ source: String, _ target: String
  ) throws -> [(method: String, accuracy: String)] {
    let note = try String(
      contentsOf: Fixtures.root.appending(path: "papers/long-2013-jda.md"), encoding: .utf8)
    let line = try #require(
      note.split(separator: "\n").first { $0.contains(":\(source)->\(target)\"") })
    return line.matches(of: /(NN|PCA|TCA|JDA): ([\d.]+)/).compactMap { match in
      Self.methods[String(match.1)].map { ($0, String(match.2)) }
    }
  }

  /// Word counts divided by their sum, then standardised by column with the domain's own figures.
  private func surf(_ domain: String, _ folder: URL) throws -> LabelledSample {
    let path = folder.appending(path: "office_caltech10_surf/\(domain)_SURF_L10.mat").path
    let counts = try MATFile.read(path, variable: "fts").matrix
    let shares = counts.scaled(rows: counts.rowSums.map { 1 / $0 })
    let deviations = shares.columnStandardDeviations.map { $0 > 0 ? 1 / $0 : 0 }
    return LabelledSample(
      features: shares.centred.scaled(columns: deviations),
      labels: try MATFile.read(path, variable: "labels").values.map { Int($0) - 1 }, classCount: 10)
  }

  /// Pixels, every image scaled to unit length.
  private func digits(_ domain: String, _ folder: URL) throws -> LabelledSample {
    let path = folder.appending(path: "jda_usps_mnist/MNIST_vs_USPS.mat").path
    let suffix = domain == "mnist" ? "s" : "t"
    return LabelledSample(
      features: try MATFile.read(path, variable: "X" + suffix).matrix.transposed.rowsNormalized,
      labels: try MATFile.read(path, variable: "Y" + suffix).values.map { Int($0) - 1 },
      classCount: 10)
  }
}
