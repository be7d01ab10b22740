import ArgumentParser
import Domains
import Experiments
import Methods
import Metrics

/// The names that the shell completes and that messages suggest.
enum CompletedNames {
  /// The ids of all methods.
  static var methods: [String] { MethodRegistry.all.map(\.card.id) }

  /// The ids of all metrics, group measures and metrics of a comparison.
  static var metrics: [String] {
    (MetricRegistry.task + MetricRegistry.classBias).map(\.id) + MetricRegistry.group.map(\.id)
      + DerivedMetric.all.map(\.id)
  }

  /// The ids of the measures of `bench diagnose`.
  static var measures: [String] { DiagnosticRegistry.all.map(\.id) }

  /// The ids of the data sets that need no card of the user's; none where they can't be read.
  static var datasets: [String] { cards.map(\.id) }

  /// The pairs of those data sets.
  static var pairs: [String] { cards.flatMap(\.pairs).map(\.description) }

  private static var cards: [DataCard] { (try? DataCatalogue(dataRoot: nil))?.cards ?? [] }
}

extension CompletionKind {
  /// Completes `--methods`: each id of a list separated by commas.
  static let methods = list { ["all"] + CompletedNames.methods }

  /// Completes `--pairs`: each pair of a list separated by commas.
  static let pairs = list { ["all", "embedded", "available"] + CompletedNames.pairs }

  /// Completes `--measures`: each id of a list separated by commas.
  static let measures = list { ["all"] + CompletedNames.measures }

  /// Completes ids of data sets.
  static let datasets = list { CompletedNames.datasets }

  /// Completes whatever can be described.
  static let describable = list {
    CompletedNames.methods + CompletedNames.datasets + CompletedNames.pairs + CompletedNames.metrics
      + CompletedNames.measures
  }

  /// Completes the last entry of a list separated by commas.
  private static func list(_ names: @escaping @Sendable () -> [String]) -> CompletionKind {
    .custom { _, _, typed in
      let done = typed.lastIndex(of: ",").map { String(typed[...$0]) } ?? ""
      return names().map { done + $0 }
    }
  }
}
