/// Names, such as those of classes, each with the values that stand for it in files.
struct NamedValues: Sendable, Hashable {
  let names: [String]
  /// Every value, in the card's order.
  let values: [String]
  private let texts: [String: Int]
  private let numbers: [Double: Int]

  /// The names and values of a mapping from name to values, or of a list of names that stand for
  /// themselves.
  init(_ node: CardNode) throws(DomainError) {
    var names: [String] = []
    var values: [String] = []
    var texts: [String: Int] = [:]
    var numbers: [Double: Int] = [:]
    func add(_ value: String, _ at: CardNode) throws(DomainError) {
      values.append(value)
      let index = names.count - 1
      if let number = finiteNumber(value) {
        guard numbers[number] == nil else {
          throw at.error(expected: "values that stand for one name", found: "“\(value)” twice")
        }
        numbers[number] = index
      } else {
        guard texts[value] == nil else {
          throw at.error(expected: "values that stand for one name", found: "“\(value)” twice")
        }
        texts[value] = index
      }
    }
    if node.isMapping {
      for (name, value) in try node.entries() {
        names.append(name)
        for item in try value.items() { try add(item.text(), item) }
      }
    } else {
      for item in try node.items() {
        names.append(try item.text())
        try add(item.text(), item)
      }
    }
    guard names.count >= 2 else { throw node.error(expected: "at least two names") }
    guard Set(names).count == names.count else {
      throw node.error(expected: "names that differ", found: "one name twice")
    }
    self.names = names
    self.values = values
    self.texts = texts
    self.numbers = numbers
  }

  /// The name that a text stands for, as an index: equal numbers match however they are written.
  func index(of text: String) -> Int? {
    finiteNumber(text).map { numbers[$0] } ?? texts[text]
  }

  /// The name that a number stands for, as an index.
  func index(of number: Double) -> Int? { numbers[number] }
}

/// The number that a text spells in decimal digits, if it does and is finite.
///
/// Spaces around it don't count; words such as `nan`, `inf` and hexadecimal numbers are no
/// numbers.
func finiteNumber(_ text: String) -> Double? {
  let trimmed = text.trimmedOfSpaces
  for byte in trimmed.utf8 {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue  // digits + - . E e
    default: return nil
    }
  }
  guard let number = Double(trimmed), number.isFinite else { return nil }
  return number
}

extension String {
  /// The text without spaces and tabs at its ends.
  var trimmedOfSpaces: String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let first = utf8.first, let last = utf8.last, isSpace(first) || isSpace(last) else {
      return self
    }
    guard let start = utf8.firstIndex(where: { !isSpace($0) }),
      let end = utf8.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[start...end])
  }
}
