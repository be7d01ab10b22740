/// Labels, groups or conditions as they stand in a file.
struct RawValues {
  let path: String
  /// What they stand in, such as "column num".
  let name: String
  let rowNames: [String]
  let entries: Entries

  enum Entries {
    case texts([String], missing: [String])
    case numbers([Double])
  }

  /// Whether the value of a row is the one that the card gives.
  func matches(_ value: String, at row: Int) -> Bool {
    switch entries {
    case .texts(let texts, _): sameValue(texts[row], value)
    case .numbers(let numbers): finiteNumber(value) == numbers[row]
    }
  }

  /// The names that the values of some rows stand for, as indices.
  func indices(
    _ rows: [Int], of names: NamedValues, what: String
  ) throws(DomainError) -> [Int] {
    var indices: [Int] = []
    indices.reserveCapacity(rows.count)
    for row in rows {
      let found: Int?
      let text: String
      var isMissing = false
      switch entries {
      case .texts(let texts, let missing):
        found = names.index(of: texts[row].trimmedOfSpaces)
        text = texts[row]
        isMissing = text.trimmedOfSpaces.isEmpty || Domains.isMissing(text, missing)
      case .numbers(let numbers):
        found = names.index(of: numbers[row])
        text =
          numbers[row] == numbers[row].rounded() && abs(numbers[row]) < 1e15
          ? "\(Int(numbers[row]))" : "\(numbers[row])"
        isMissing = numbers[row].isNaN
      }
      if let found {
        indices.append(found)
        continue
      }
      let place = "\(rowNames[row]), \(name)"
      if isMissing {
        throw .unusable(path: path, place: place, reason: "the \(what) is missing")
      }
      throw .malformed(path: path, place: place, expected: names.expected, found: "“\(text)”")
    }
    return indices
  }
}

extension NamedValues {
  /// What is expected of a value, in words.
  var expected: String {
    (values.count <= 20 ? "one of " : "one of \(values.count) values, such as ")
      + values.prefix(20).joined(separator: ", ")
  }
}

/// Whether two texts are the same, or spell the same number.
func sameValue(_ text: String, _ other: String) -> Bool {
  if text == other || text.trimmedOfSpaces == other { return true }
  guard let number = finiteNumber(text) else { return false }
  return finiteNumber(other) == number
}

/// Whether a text is one of those that stand for a missing value.
func isMissing(_ text: String, _ missing: [String]) -> Bool {
  !missing.isEmpty && missing.contains(text.trimmedOfSpaces)
}
