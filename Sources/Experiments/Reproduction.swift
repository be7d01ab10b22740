import Domains
public import Foundation
import Metrics
import Yams

/// An experiment that a paper note states, with the figures that the paper published.
///
/// It is the `reproduce` part of the note's YAML front matter:
///
/// ```
/// reproduce:
///   id: jda-2013
///   protocol: transductive
///   decimals: 2
///   meanWithin: 1      # optional: judge each method's mean, by that many points
///   experiments:
///     - methods:
///         JDA: {id: jda, parameters: {learner: 1-nn}}
///       published:
///         - {pair: "office-caltech:caltech->amazon", JDA: 44.78}
/// ```
public struct Reproduction: Sendable {
  /// The name on the command line.
  public let id: String
  /// The note it stands in.
  public let note: String
  /// `holdout` or `transductive`.
  public let protocolName: String
  /// The digits after the point that the paper prints.
  public let decimals: Int
  /// How far from the published mean a method's mean over all pairs may lie, in points of 100; nil
  /// where each figure is judged by itself.
  public let meanWithin: Double?
  /// The experiments, each with its own settings of the methods.
  public let experiments: [Experiment]

  /// Methods at given settings on some pairs.
  public struct Experiment: Sendable {
    /// The paper's names of the methods with our settings, in the paper's order.
    public let methods: [(name: String, setting: Plan.MethodSetting)]
    /// The published accuracies in points of 100, by pair, in the order of `methods`.
    public let published: [(pair: String, figures: [Double])]
  }

  /// One figure of a paper beside ours.
  public struct Figure: Sendable {
    /// The pair.
    public let pair: String
    /// The paper's name of the method.
    public let method: String
    /// What the paper says, in points of 100.
    public let published: Double
    /// What was measured, in points of 100; nil where the cell failed.
    public let measured: Double?
    /// Whether the two are the same number as printed.
    public let agrees: Bool
  }

  /// A method's mean over the pairs beside the published figures' mean.
  public struct Mean: Sendable, Hashable {
    /// The paper's name of the method.
    public let method: String
    /// The mean of the published figures, in points of 100.
    public let published: Double
    /// The mean of the measured ones; nil where a cell failed.
    public let measured: Double?
    /// Whether the two are as close as the note asks; nil where it asks for figures.
    public let agrees: Bool?
  }

  /// The experiments of all notes in a folder, sorted by id.
  ///
  /// - Throws: a `CocoaError` where the folder or a note can't be read, or a `DomainError` that
  ///   names the key where a note is wrong.
  public static func all(in folder: URL) throws -> [Reproduction] {
    let notes = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try notes.filter { $0.pathExtension == "md" }.compactMap(Reproduction.init(note:))
      .sorted { $0.id < $1.id }
  }

  /// The experiment of a note; nil where it states none.
  init?(note url: URL) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    guard text.hasPrefix("---\n"), let end = text.range(of: "\n---\n") else { return nil }
    let front = text[text.index(text.startIndex, offsetBy: 4)..<end.lowerBound]
    func malformed(_ key: String, _ expected: String) -> DomainError {
      .badCard(path: url.path, key: key, expected: expected, found: "something else")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: String(front))
    } catch {
      throw malformed("front matter", "YAML")
    }
    guard let root = node?["reproduce"] else { return nil }
    guard let id = root["id"]?.string else { throw malformed("reproduce.id", "a name") }
    guard let protocolName = root["protocol"]?.string else {
      throw malformed("reproduce.protocol", "holdout or transductive")
    }
    guard let decimals = root["decimals"]?.int, (0...6).contains(decimals) else {
      throw malformed("reproduce.decimals", "a whole number from 0 to 6")
    }
    let meanWithin = root["meanWithin"]
    guard meanWithin == nil || meanWithin?.float.map({ $0 > 0 && $0 <= 100 }) == true else {
      throw malformed("reproduce.meanWithin", "a number of points above 0")
    }
    guard let experiments = root["experiments"]?.sequence else {
      throw malformed("reproduce.experiments", "a list")
    }
    self.id = id
    note = url.lastPathComponent
    self.protocolName = protocolName
    self.decimals = decimals
    self.meanWithin = meanWithin?.float
    self.experiments = try experiments.map { node in
      guard let methods = node["methods"]?.mapping else {
        throw malformed("reproduce.experiments.methods", "a mapping from names to settings")
      }
      let settings = try methods.map { name, setting in
        guard let name = name.string, let id = setting["id"]?.string else {
          throw malformed("reproduce.experiments.methods", "an id for each method")
        }
        var parameters: [String: String] = [:]
        for (key, value) in setting["parameters"]?.mapping ?? [:] {
          if let key = key.string { parameters[key] = value.scalar?.string }
        }
        return (name: name, setting: Plan.MethodSetting(id: id, parameters: parameters))
      }
      guard let rows = node["published"]?.sequence else {
        throw malformed("reproduce.experiments.published", "a list")
      }
      let published = try rows.map { row in
        let figures = settings.compactMap { row[$0.name]?.float }
        guard let pair = row["pair"]?.string, figures.count == settings.count else {
          throw malformed("reproduce.experiments.published", "a pair and a figure for each method")
        }
        return (pair: pair, figures: figures)
      }
      return Experiment(methods: settings, published: published)
    }
  }

  /// The plan of one experiment.
  public func plan(_ experiment: Experiment) -> Plan {
    Plan(
      pairs: experiment.published.map(\.pair), methods: experiment.methods.map(\.setting),
      protocolName: protocolName, repetitions: 1)
  }

  /// The published figures of an experiment beside those of its run.
  ///
  /// - Throws: a `StoreError` where the run's results can't be read, or a `PlanError` where the
  ///   note names a method or setting that doesn't exist.
  public func figures(_ experiment: Experiment, _ run: Run) throws -> [Figure] {
    let accuracies = try run.accuracies()
    let tolerance = 0.5 * pow(10, -Double(decimals)) + 1e-9
    return try experiment.published.flatMap { pair, figures in
      try zip(experiment.methods, figures).map { method, published in
        let planned = try PlannedMethod(method.setting)
        let measured = accuracies.first {
          $0.cell.pair == pair && $0.cell.method == planned.id
            && $0.cell.parameters == planned.parameters
        }.map { 100 * $0.accuracy }
        return Figure(
          pair: pair, method: method.name, published: published, measured: measured,
          agrees: measured.map { abs($0 - published) <= tolerance } ?? false)
      }
    }
  }
}

extension Reproduction {
  /// The means of figures over their pairs, a method each, in the figures' order.
  ///
  /// A method that stands in several experiments has one mean over the pairs of all.
  public func means(of figures: [Figure]) -> [Mean] {
    var methods: [String] = []
    for figure in figures where !methods.contains(figure.method) { methods.append(figure.method) }
    return methods.map { method in
      let own = figures.filter { $0.method == method }
      let count = Double(own.count)
      let published = own.reduce(0) { $0 + $1.published } / count
      let found = own.compactMap(\.measured)
      let measured = found.count == own.count ? found.reduce(0, +) / count : nil
      return Mean(
        method: method, published: published, measured: measured,
        agrees: meanWithin.map { most in
          measured.map { abs($0 - published) <= most } ?? false
        })
    }
  }
}

extension Run {
  /// The accuracy of every cell that completed.
  func accuracies() throws(StoreError) -> [(cell: Cell, accuracy: Double)] {
    var accuracies: [(cell: Cell, accuracy: Double)] = []
    for cell in cells {
      guard let predictions = try report(of: cell)?.predictions,
        let truth = truths[cell.pair]
      else { continue }
      let scored = ScoredCell(cell: cell, predictions: predictions, truth: truth)
      if let accuracy = Metric.accuracy.value(scored.evaluation) {
        accuracies.append((cell, accuracy))
      }
    }
    return accuracies
  }
}
