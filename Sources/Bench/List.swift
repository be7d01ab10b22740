import ArgumentParser
import Domains
import Experiments
import Learners
import Methods
import Metrics

/// `bench list`: what there is of one kind.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List methods, pairs, metrics, measures, validators, learners or data sets.",
    discussion: """
      Pairs and data sets say whether their files were found; 'embedded' ones need none.

      EXAMPLES
        bench list methods
        bench list pairs --data ~/data
        bench list metrics --format json
        bench list measures
        bench list datasets --card my-card.md
      """)

  /// What can be listed.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case methods, pairs, metrics, measures, validators, learners, datasets
  }

  @Argument(
    help: "What to list: methods, pairs, metrics, measures, validators, learners or datasets.")
  var kind: Kind

  @Option(help: "How to write it: table, csv or json.")
  var format = Listing.Format.table

  @OptionGroup var options: DataOptions

  func run() throws {
    let listing =
      switch kind {
      case .methods: Self.methods
      case .pairs: Self.pairs(try options.catalogue())
      case .metrics: Self.metrics
      case .measures: Self.measures
      case .validators: Self.validators
      case .learners: Self.learners
      case .datasets: Self.datasets(try options.catalogue())
      }
    print(try listing.text(format), terminator: "")
  }

  static var methods: Listing {
    Listing(
      columns: ["method", "family", "setting", "title"],
      rows: MethodRegistry.all.map { entry in
        [entry.card.id, entry.card.family.name, entry.setting.rawValue, entry.card.title]
      })
  }

  static func pairs(_ catalogue: DataCatalogue) -> Listing {
    Listing(
      columns: ["pair", "data", "classes", "title"],
      rows: catalogue.cards.flatMap { card in
        card.pairs.map {
          [$0.description, catalogue.state(of: card), String(card.classes.count), card.title]
        }
      })
  }

  static func datasets(_ catalogue: DataCatalogue) -> Listing {
    Listing(
      columns: ["dataset", "data", "domains", "pairs", "classes", "licence", "title"],
      rows: catalogue.cards.map { card in
        [
          card.id, catalogue.state(of: card), String(card.domainNames.count),
          String(card.pairs.count), String(card.classes.count), card.licence, card.title,
        ]
      })
  }

  static var metrics: Listing {
    let scores = (MetricRegistry.task + MetricRegistry.classBias)
      .map { [$0.id, $0.direction.words, "", $0.interval, $0.title] }
    let measures = MetricRegistry.group.map {
      [$0.id, $0.direction.words, "groups", $0.interval, $0.title]
    }
    let derived = DerivedMetric.all.map { [$0.id, $0.direction.words, $0.needs, "", $0.title] }
    return Listing(
      columns: ["metric", "better", "needs", "interval", "title"], rows: scores + measures + derived
    )
  }

  static var measures: Listing {
    Listing(
      columns: ["measure", "promises more", "labels", "values", "title"],
      rows: DiagnosticRegistry.all.map {
        [$0.id, $0.direction.words, $0.labels.rawValue, $0.range, $0.title]
      })
  }

  static var validators: Listing {
    Listing(
      columns: ["validator", "fits", "title"],
      rows: ValidatorRegistry.all.map { [$0.id, $0.needsReverseFit ? "2" : "1", $0.title] })
  }

  static var learners: Listing {
    Listing(
      columns: ["learner", "weighs samples"],
      rows: LearnerChoice.allCases.map { [$0.rawValue, $0.usesWeights ? "yes" : "no"] })
  }
}

extension Metric.Direction {
  /// Which values are better, in a word.
  var words: String {
    switch self {
    case .higherIsBetter: "higher"
    case .lowerIsBetter: "lower"
    case .neutral: "neither"
    }
  }
}

extension Metric {
  /// The interval that a comparison gives, in a word.
  var interval: String { isResampled ? "bootstrap" : "Student t" }
}

extension GroupMetric {
  /// The interval that a comparison gives, in a word.
  var interval: String { isResampled ? "bootstrap" : "Student t" }
}
