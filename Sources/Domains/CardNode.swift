import Foundation
import Yams

/// A value in a card's front matter, with the path of keys that leads to it.
///
/// Reading is strict: each accessor demands one kind of value, and every error names the key.
struct CardNode {
  private let node: Node
  /// The path of keys, as in `domains.amazon.file` or `files[2].sha256`; empty at the top.
  let key: String
  /// The card's path.
  let card: String

  /// The front matter of a card, a mapping.
  init(yaml: String, card: String) throws(DomainError) {
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: yaml)
    } catch {
      throw .badCard(
        path: card, key: "front matter", expected: "YAML",
        found: "\(error)".split(separator: "\n").first.map(String.init) ?? "something else")
    }
    guard let composed else {
      throw .badCard(path: card, key: "front matter", expected: "a mapping", found: "nothing")
    }
    self.init(node: composed, key: "", card: card)
  }

  private init(node: Node, key: String, card: String) {
    self.node = node
    self.key = key
    self.card = card
  }

  /// The error that something else was expected here.
  func error(expected: String, found: String? = nil) -> DomainError {
    .badCard(
      path: card, key: key.isEmpty ? "front matter" : key, expected: expected,
      found: found ?? described)
  }

  /// What stands here, in a few words.
  var described: String {
    switch node {
    case .scalar(let scalar): isNothing ? "nothing" : "“\(scalar.string)”"
    case .mapping: "a mapping"
    case .sequence(let sequence): "a list of \(sequence.count)"
    case .alias: "an alias"
    }
  }

  /// Whether this is a mapping.
  var isMapping: Bool { if case .mapping = node { true } else { false } }

  /// Whether this is a single value.
  var isScalar: Bool { if case .scalar = node { true } else { false } }

  /// Whether nothing stands after the key.
  var isNothing: Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  /// The entries of a mapping, in the card's order; nothing is an empty mapping.
  func entries() throws(DomainError) -> [(name: String, value: CardNode)] {
    if isNothing { return [] }
    guard case .mapping(let mapping) = node else { throw error(expected: "a mapping") }
    var entries: [(name: String, value: CardNode)] = []
    for (name, value) in mapping {
      guard case .scalar(let scalar) = name else {
        throw error(expected: "names as keys", found: "a key that is no text")
      }
      let path = key.isEmpty ? scalar.string : "\(key).\(scalar.string)"
      entries.append((scalar.string, CardNode(node: value, key: path, card: card)))
    }
    return entries
  }

  /// The values of a mapping with these keys and no others.
  func fields(_ known: [String]) throws(DomainError) -> CardFields {
    var values: [String: CardNode] = [:]
    for (name, value) in try entries() {
      guard known.contains(name) else {
        throw value.error(
          expected: "one of the keys " + known.joined(separator: ", "), found: "“\(name)”")
      }
      values[name] = value
    }
    return CardFields(parent: self, values: values)
  }

  /// The items of a list; a single value counts as a list of one.
  func items() throws(DomainError) -> [CardNode] {
    switch node {
    case .sequence(let sequence):
      return sequence.enumerated().map { index, item in
        CardNode(node: item, key: "\(key)[\(index)]", card: card)
      }
    case .scalar where !isNothing: return [self]
    default: throw error(expected: "a list")
    }
  }

  /// A text, not empty.
  func text() throws(DomainError) -> String {
    guard case .scalar(let scalar) = node, !isNothing, !scalar.string.isEmpty else {
      throw error(expected: "a text")
    }
    return scalar.string
  }

  /// A text, or a list of at least one text.
  func texts() throws(DomainError) -> [String] {
    var texts: [String] = []
    for item in try items() { texts.append(try item.text()) }
    guard !texts.isEmpty else { throw error(expected: "at least one text") }
    return texts
  }

  /// One of the given words.
  func word<Word>(_ words: [(String, Word)]) throws(DomainError) -> Word {
    let text = try text()
    guard let word = words.first(where: { $0.0 == text }) else {
      throw error(expected: "one of " + words.map(\.0).joined(separator: ", "))
    }
    return word.1
  }

  /// A whole number of at least `minimum`.
  func integer(atLeast minimum: Int = 0) throws(DomainError) -> Int {
    guard case .scalar(let scalar) = node, let value = Int(scalar.string), value >= minimum else {
      throw error(expected: "a whole number of at least \(minimum)")
    }
    return value
  }

  /// A finite number.
  func number() throws(DomainError) -> Double {
    guard case .scalar(let scalar) = node, let value = Double(scalar.string), value.isFinite
    else { throw error(expected: "a number") }
    return value
  }

  /// `true` or `false`.
  func flag() throws(DomainError) -> Bool {
    try word([("true", true), ("false", false)])
  }

  /// The value in one fixed spelling: keys sorted, texts with their length before them.
  ///
  /// Two spellings are equal only where the values are.
  var canonical: String {
    switch node {
    case .scalar(let scalar): return "\(scalar.string.utf8.count):\(scalar.string)"
    case .alias: return "alias"
    case .sequence(let sequence):
      return "["
        + sequence.map { CardNode(node: $0, key: "", card: card).canonical }
        .joined(separator: ",") + "]"
    case .mapping(let mapping):
      let entries = mapping.map { name, value in
        CardNode(node: name, key: "", card: card).canonical + "="
          + CardNode(node: value, key: "", card: card).canonical
      }
      return "{" + entries.sorted().joined(separator: ",") + "}"
    }
  }
}

/// The checked keys of a mapping in a card.
struct CardFields {
  let parent: CardNode
  var values: [String: CardNode]

  /// The value of a key, or nil where it is absent.
  subscript(_ name: String) -> CardNode? { values[name] }

  /// The value of a key that must be there.
  func required(_ name: String) throws(DomainError) -> CardNode {
    guard let value = values[name] else {
      let key = parent.key.isEmpty ? name : "\(parent.key).\(name)"
      throw .badCard(path: parent.card, key: key, expected: "this key", found: "nothing")
    }
    return value
  }
}
