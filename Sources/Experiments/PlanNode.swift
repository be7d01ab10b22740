import Yams

/// A value in a plan file, with the line on which it stands.
///
/// Reading is strict: each accessor demands one kind of value, and every error names line and key.
struct PlanNode {
  private let node: Node
  /// The path of keys, as in `methods[2].grid`; empty at the top.
  let key: String
  private let path: String
  private let ownLine: Int?

  /// The mapping that a plan file's text holds.
  init(yaml: String, path: String) throws(PlanError) {
    func notYAML(_ problem: String, line: Int) -> PlanError {
      .at(path: path, line: line, .notYAML(problem))
    }
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: yaml)
    } catch let YamlError.scanner(_, problem, mark, _) {
      throw notYAML(problem, line: mark.line)
    } catch let YamlError.parser(_, problem, mark, _) {
      throw notYAML(problem, line: mark.line)
    } catch let YamlError.composer(_, problem, mark, _) {
      throw notYAML(problem, line: mark.line)
    } catch let YamlError.duplicatedKeysInMapping(keys, context) {
      throw notYAML(
        "the key '\(keys.first ?? "")' stands there twice", line: context.mark.line)
    } catch {
      throw notYAML("the text can't be read", line: 1)
    }
    guard let composed else {
      throw .at(path: path, line: 1, .unexpected(key: "", expected: "a mapping", found: "nothing"))
    }
    self.init(node: composed, key: "", path: path, line: nil)
  }

  private init(node: Node, key: String, path: String, line: Int?) {
    self.node = node
    self.key = key
    self.path = path
    ownLine = line
  }

  /// The line, counted from 1: of the key that leads here, where one does.
  var line: Int { ownLine ?? node.mark?.line ?? 1 }

  /// An error of the plan, at this place.
  func error(_ fault: PlanError) -> PlanError { .at(path: path, line: line, fault) }

  /// The error that something else was expected here.
  func error(expected: String) -> PlanError {
    error(.unexpected(key: key, expected: expected, found: described))
  }

  private var described: String {
    switch node {
    case .scalar(let scalar): isNothing ? "nothing" : "'\(scalar.string)'"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  private var isNothing: Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  /// Whether this is a single value.
  var isScalar: Bool { if case .scalar = node { true } else { false } }

  /// The entries of a mapping, in the file's order.
  func entries() throws(PlanError) -> [(name: String, value: PlanNode)] {
    if isNothing, !key.isEmpty { return [] }
    guard case .mapping(let mapping) = node else { throw error(expected: "a mapping") }
    var entries: [(name: String, value: PlanNode)] = []
    for (name, value) in mapping {
      guard case .scalar(let scalar) = name else { throw error(expected: "names as keys") }
      let full = key.isEmpty ? scalar.string : "\(key).\(scalar.string)"
      entries.append(
        (scalar.string, PlanNode(node: value, key: full, path: path, line: name.mark?.line)))
    }
    return entries
  }

  /// The values of a mapping with these keys and no others.
  func fields(_ known: [String]) throws(PlanError) -> [String: PlanNode] {
    var fields: [String: PlanNode] = [:]
    for (name, value) in try entries() {
      guard known.contains(name) else { throw value.error(.unknownKey(name, known: known)) }
      fields[name] = value
    }
    return fields
  }

  /// The items of a list; a single value counts as a list of one.
  func items() throws(PlanError) -> [PlanNode] {
    switch node {
    case .sequence(let sequence):
      return sequence.enumerated().map { index, item in
        PlanNode(node: item, key: "\(key)[\(index)]", path: path, line: nil)
      }
    case .scalar where !isNothing: return [self]
    default: throw error(expected: "a list")
    }
  }

  /// A text, not empty; numbers and switches count as what is written.
  func text() throws(PlanError) -> String {
    guard case .scalar(let scalar) = node, !isNothing, !scalar.string.isEmpty else {
      throw error(expected: "a text")
    }
    return scalar.string
  }

  /// The texts of a list.
  func texts() throws(PlanError) -> [String] {
    var texts: [String] = []
    for item in try items() { texts.append(try item.text()) }
    return texts
  }

  /// A value that a text spells, such as an `Int`.
  func value<Value: LosslessStringConvertible>(_ expected: String) throws(PlanError) -> Value {
    guard case .scalar(let scalar) = node, let value = Value(scalar.string) else {
      throw error(expected: expected)
    }
    return value
  }
}
