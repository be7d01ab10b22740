import Foundation
import LinearAlgebra
import Randomness

/// Reads the domains of a card and makes pairs of them.
struct CardLoader {
  let card: DataCard
  /// The path of a file of the card on this machine.
  let locate: (DataFile) throws(DomainError) -> String

  /// The edition of reading and preprocessing: other numbers from the same card, other edition.
  static let edition = 1

  /// A pair of two different domains of the card.
  func pair(_ id: PairID) throws(DomainError) -> DomainPair {
    guard let sourceRule = card.rule(id.source), let targetRule = card.rule(id.target) else {
      throw .unknownPair(name: id.description, known: card.pairs.map(\.description))
    }
    let source = try read(sourceRule)
    let target = try read(targetRule)
    guard source.domain.features.columns == target.domain.features.columns else {
      throw .unusable(
        path: card.path, place: "\(id)",
        reason: "\(id.source) has \(source.domain.features.columns) columns and "
          + "\(id.target) \(target.domain.features.columns)")
    }
    var (x, y) = (source.domain.features, target.domain.features)
    for step in card.preprocessing {
      do {
        (x, y) = try step.applied(source: x, target: y)
      } catch {
        throw .unusable(path: card.path, place: "\(id)", reason: error.reason)
      }
    }
    try source.check(x)
    try target.check(y)
    return DomainPair(
      id: id, source: source.domain.with(features: x), target: target.domain.with(features: y),
      classes: card.classes, checksum: try checksum(sourceRule, targetRule))
  }

  /// The SHA-256 of what the pair is made from: files, or generators, and the way they are read.
  private func checksum(
    _ source: DomainRule, _ target: DomainRule
  ) throws(DomainError) -> String {
    var parts = ["edition \(CardLoader.edition)", card.canonical]
    for rule in [source, target] {
      parts.append("domain \(rule.name) \(rule.canonical)")
      for path in rule.files {
        parts.append(card.files.first { $0.path == path }?.sha256 ?? "")
      }
    }
    return Checksum.sha256(bytes: Array(parts.joined(separator: "\n").utf8))
  }

  /// One domain, before the pair's preprocessing.
  func read(_ rule: DomainRule) throws(DomainError) -> ReadDomain {
    let raw: RawDomain
    if let generator = rule.reading.generator {
      raw = try drawn(generator, rule.name)
    } else {
      raw = try RawDomain(rule, classes: card.classValues, locate: verified)
    }
    guard raw.features.rows > 0 else {
      throw .unusable(
        path: raw.path ?? card.path, place: "domain \(rule.name)", reason: "it has no samples")
    }
    guard raw.features.columns > 0 else {
      throw .unusable(
        path: raw.path ?? card.path, place: "domain \(rule.name)", reason: "it has no features")
    }
    let present = Set(raw.labels)
    guard present.count > 1 else {
      throw .unusable(
        path: raw.path ?? card.path, place: "domain \(rule.name)",
        reason: "all its samples are of one class, \(card.classes[raw.labels[0]])")
    }
    var features = raw.features
    for step in rule.preprocessing {
      do {
        features = try step.applied(to: features)
      } catch {
        throw .unusable(
          path: raw.path ?? card.path, place: "domain \(rule.name)", reason: error.reason)
      }
    }
    return ReadDomain(
      domain: Domain(
        name: rule.name, features: features, labels: raw.labels, groups: raw.groups),
      raw: raw, card: card.path)
  }

  private func drawn(
    _ generator: Reading.Generator, _ name: String
  ) throws(DomainError) -> RawDomain {
    let drawn = SyntheticGenerator.all.first { $0.id == generator.name }
    guard
      let domain = drawn?.domain(name, key: RandomKey(seed: generator.seed).child(generator.name))
    else { throw .unusable(path: card.path, place: "domain \(name)", reason: "it can't be drawn") }
    var labels: [Int] = []
    for label in domain.labels {
      guard let index = card.classValues.index(of: Double(label)) else {
        throw .badCard(
          path: card.path, key: "classes", expected: "a class for each label of the generator",
          found: "none for \(label)")
      }
      labels.append(index)
    }
    return RawDomain(features: domain.features, labels: labels, groups: domain.groups)
  }

  /// The path of a file whose checksum was found to be the card's.
  private func verified(_ path: String) throws(DomainError) -> String {
    guard let file = card.files.first(where: { $0.path == path }) else {
      throw .missing(path: path)
    }
    let location = try locate(file)
    let found = try file.checksum(at: location)
    guard found == file.sha256 else {
      throw .wrongChecksum(path: location, expected: file.sha256, found: found)
    }
    return location
  }
}

extension DataFile {
  /// The SHA-256 of the file, or folder of images, at a path.
  public func checksum(at path: String) throws(DomainError) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path)
    }
    guard isFolder.boolValue else { return try Checksum.sha256(file: path) }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let files = names.filter { name in
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
      let found = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
      return name.contains("/") && !isHidden && found && !isFolder.boolValue
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var lines = ""
    for file in files { lines += "\(try Checksum.sha256(file: "\(path)/\(file)"))  \(file)\n" }
    return Checksum.sha256(bytes: Array(lines.utf8))
  }
}

/// A domain with what is needed to say where a value of it comes from.
struct ReadDomain {
  let domain: Domain
  let raw: RawDomain
  let card: String

  /// Throws unless every feature after preprocessing is a finite number.
  func check(_ features: Matrix<Double>) throws(DomainError) {
    guard let index = features.elements.firstIndex(where: { !$0.isFinite }) else { return }
    let (row, column) = (index / features.columns, index % features.columns)
    let name =
      features.columns == raw.columnNames.count ? raw.columnNames[column] : "\(column + 1)"
    let value = features.elements[index]
    throw .unusable(
      path: raw.places.isEmpty ? card : raw.places[row].path,
      place: (raw.places.isEmpty ? "row \(row + 1)" : raw.places[row].row) + ", column \(name)",
      reason: value.isNaN
        ? "the value is missing or not a number, also after preprocessing"
        : "the value is infinite after preprocessing")
  }
}
