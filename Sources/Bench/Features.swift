import ArgumentParser
import Domains
import Experiments
import Foundation
import Learners
import LinearAlgebra
import Logging
import Methods

/// `bench features`: what a network computes of a data set, as a data set of its own.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a network's features of a data set, for every method to run on.",
    discussion: """
      The network is trained on one domain, --source, or its weights come from a file. Its features \
      of all domains are written to --out as NAME.npz, beside the card NAME.md that reads them: with \
      --card every command takes them as a data set. Samples become the network's input by the \
      source's means and deviations.

      EXAMPLES
        bench features office-caltech-images --backbone resnet-20 --weights resnet20.npz
        bench features mnist-usps --backbone lenet --source mnist --layer conv2 --out features
        bench compare --methods coral,tca --card features/mnist-usps-lenet.md --pairs mnist-usps-lenet
      """)

  @Argument(help: "The data set.", completion: .datasets)
  var dataset: String

  @OptionGroup var backbone: BackboneOptions

  @Option(
    help: ArgumentHelp("The domain that trains or scales; the card's first.", valueName: "domain"))
  var source: String?

  @Option(
    help: ArgumentHelp(
      "The layer whose outputs are taken, averaged over an image; last for those before the head.",
      valueName: "name"))
  var layer = "last"

  @Option(
    help: ArgumentHelp("The new data set's name; DATASET-BACKBONE without it.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp("The folder for both files.", valueName: "dir"), completion: .directory)
  var out = "features"

  @Flag(help: "No progress on standard error.")
  var quiet = false

  @OptionGroup var data: DataOptions

  func validate() throws {
    guard backbone.backbone != nil else {
      throw ValidationError("--backbone says which network's features to write.")
    }
  }

  func run() throws {
    let catalogue = try data.catalogue()
    let card = try catalogue.card(dataset)
    guard let network = try backbone.network() else { return }
    let names = card.domainNames
    let first = source ?? names[0]
    guard names.contains(first) else {
      throw RequestError.unknown(.domain, name: first, known: names)
    }
    let log = Logger.plain(quiet ? .error : .info)
    let trainer = try domain(first, of: card, catalogue)
    let sample = LabelledSample(
      features: trainer.features, labels: trainer.labels, classCount: card.classes.count)
    if let weights = backbone.weights { try sample.begin(network, withFile: weights) }
    var domains: [Domain] = []
    for name in names {
      let domain = try domain(name, of: card, catalogue)
      let features = try sample.networkFeatures(of: domain.features, network, layer: layer)
      domains.append(domain.with(features: features))
      log.info("\(name): \(domain.count) samples, \(features.columns) features")
    }
    let origin =
      backbone.weights.map { "the weights of \(URL(fileURLWithPath: $0).lastPathComponent)" }
      ?? "trained on \(first)"
    let derived = try DerivedDataSet(
      id: name ?? "\(dataset)-\(network.rawValue)",
      note: "features of \(network.rawValue), \(origin), layer \(layer)", origin: card,
      domains: domains)
    print(try derived.write(to: out))
  }

  /// A domain as it is read as the source of a pair.
  private func domain(
    _ name: String, of card: DataCard, _ catalogue: DataCatalogue
  ) throws(DomainError) -> Domain {
    let other = card.domainNames.first { $0 != name } ?? name
    return try catalogue.load(PairID(dataset: card.id, source: name, target: other)).source
  }
}
