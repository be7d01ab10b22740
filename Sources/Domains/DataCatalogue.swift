import Foundation

/// The data sets that can be had: those that ship with the program and the user's own.
public struct DataCatalogue: Sendable {
  /// The cards: embedded data sets first, each part sorted by id, the user's own last.
  public let cards: [DataCard]
  /// The folder below which data files lie, if there is one.
  public let dataRoot: String?

  private let resources: Resources
  private let userCards: Set<String>

  /// The built-in cards and those at the user's paths.
  ///
  /// The user's own files are looked for below `dataRoot`, then beside their card.
  public init(userCards paths: [String] = [], dataRoot: String?) throws(DomainError) {
    let resources = try Resources.found()
    try self.init(
      builtIn: resources.cardPaths(), userCards: paths, dataRoot: dataRoot, resources: resources)
  }

  init(
    builtIn: [String], userCards paths: [String], dataRoot: String?, resources: Resources
  ) throws(DomainError) {
    var cards: [DataCard] = []
    for path in builtIn { cards.append(try DataCard(contentsOf: path)) }
    cards.sort { ($0.isEmbedded ? 0 : 1, $0.id) < ($1.isEmbedded ? 0 : 1, $1.id) }
    for path in paths {
      let card = try DataCard(contentsOf: path)
      guard !cards.contains(where: { $0.id == card.id }) else {
        throw .badCard(
          path: path, key: "file name", expected: "an id that no other card has", found: card.id)
      }
      cards.append(card)
    }
    self.cards = cards
    self.dataRoot = dataRoot
    self.resources = resources
    userCards = Set(paths)
  }

  /// The ids of all data sets.
  public var datasets: [String] { cards.map(\.id) }

  /// The card of a data set.
  public func card(_ id: String) throws(DomainError) -> DataCard {
    guard let card = cards.first(where: { $0.id == id }) else {
      throw .unknownDataset(name: id, known: datasets)
    }
    return card
  }

  /// The pairs that need no files of the user's.
  public var embeddedPairs: [PairID] {
    cards.filter(\.isEmbedded).flatMap(\.pairs)
  }

  /// The pairs whose files all lie where they are looked for; checksums are not computed.
  public var availablePairs: [PairID] {
    cards.filter { isAvailable($0) }.flatMap(\.pairs)
  }

  /// Whether all files of a card lie where they are looked for.
  public func isAvailable(_ card: DataCard) -> Bool {
    card.files.allSatisfy { isFound($0, in: card) }
  }

  /// Whether a file of a card lies where it is looked for.
  public func isFound(_ file: DataFile, in card: DataCard) -> Bool {
    location(of: file, in: card).map(FileManager.default.fileExists) ?? false
  }

  /// Where a file of a card lies, or would lie once fetched; nil where there is no data folder.
  public func location(of file: DataFile, in card: DataCard) -> String? {
    if card.isEmbedded, !userCards.contains(card.path) { return resources.dataPath(file.path) }
    let below = dataRoot.map { URL(fileURLWithPath: $0).appending(path: file.path).path }
    if userCards.contains(card.path) {
      let beside = URL(fileURLWithPath: card.path).deletingLastPathComponent()
        .appending(path: file.path).path
      let isBelow = below.map(FileManager.default.fileExists) ?? false
      if !isBelow, below == nil || FileManager.default.fileExists(atPath: beside) { return beside }
    }
    return below
  }

  /// Reads a pair: any two different domains of a data set, listed or not.
  public func load(_ pair: PairID) throws(DomainError) -> DomainPair {
    let card = try card(pair.dataset)
    guard pair.source != pair.target, card.rule(pair.source) != nil, card.rule(pair.target) != nil
    else { throw .unknownPair(name: pair.description, known: card.pairs.map(\.description)) }
    let loader = CardLoader(card: card) { (file) throws(DomainError) in
      guard let path = location(of: file, in: card) else { throw .missing(path: file.path) }
      return path
    }
    return try loader.pair(pair)
  }

  /// The pairs that names stand for, in the names' order, each once.
  ///
  /// A name is a pair, `dataset:source->target`, in which each part may hold `*` for any
  /// text; a data set, or `dataset:*`, for all its pairs; `embedded`, `available` or `all`.
  /// `*` and `all` stand for listed pairs; without `*` any two domains of a data set will do.
  public func resolve(_ names: [String]) throws(DomainError) -> [PairID] {
    var resolved: [PairID] = []
    for name in names {
      for pair in try resolve(name) where !resolved.contains(pair) { resolved.append(pair) }
    }
    return resolved
  }

  private func resolve(_ name: String) throws(DomainError) -> [PairID] {
    switch name {
    case "all": return cards.flatMap(\.pairs)
    case "available": return availablePairs
    case "embedded": return embeddedPairs
    default: break
    }
    let dataset = String(name.prefix { $0 != ":" })
    let rest = name.contains(":") ? String(name.dropFirst(dataset.count + 1)) : "*"
    let matching = cards.filter { matches($0.id, pattern: dataset) }
    guard !matching.isEmpty else { throw .unknownDataset(name: dataset, known: datasets) }
    let listed = matching.flatMap(\.pairs)
    if !name.contains("*"), name.contains(":") {
      guard let pair = PairID(name), let card = matching.first, pair.source != pair.target,
        card.rule(pair.source) != nil, card.rule(pair.target) != nil
      else { throw .unknownPair(name: name, known: listed.map(\.description)) }
      return [pair]
    }
    let chosen = listed.filter { matches("\($0.source)->\($0.target)", pattern: rest) }
    guard !chosen.isEmpty else {
      throw .unknownPair(name: name, known: listed.map(\.description))
    }
    return chosen
  }
}

/// Whether a text matches a pattern in which `*` stands for any text.
private func matches(_ text: String, pattern: String) -> Bool {
  let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
  guard parts.count > 1, let first = parts.first, let last = parts.last else {
    return text == pattern
  }
  guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else {
    return false
  }
  var rest = text.dropFirst(first.count).dropLast(last.count)
  for part in parts.dropFirst().dropLast() where !part.isEmpty {
    guard let range = rest.firstRange(of: part) else { return false }
    rest = rest[range.upperBound...]
  }
  return true
}
