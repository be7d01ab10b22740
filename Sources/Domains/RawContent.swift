import LinearAlgebra

/// The content of a file before it is decided what is what in it.
struct RawContent {
  let path: String
  /// Where each row stands, in words.
  let rowNames: [String]
  private let storage: Storage
  private let locate: (String) throws(DomainError) -> String

  private enum Storage {
    case table(CSVTable, names: [String], missing: [String])
    case arrays(features: Matrix<Double>, named: ((String) throws(DomainError) -> NumericArray)?)
  }

  init(
    _ reading: Reading, path: String, locate: @escaping (String) throws(DomainError) -> String
  ) throws(DomainError) {
    self.path = path
    self.locate = locate
    if reading.format == .csv {
      let table = try CSVFile.read(
        path, separator: reading.separator.csv, hasHeader: reading.hasHeader)
      let width = table.rows.first?.count ?? table.header.count
      guard reading.columns.isEmpty || reading.columns.count == width else {
        throw .malformed(
          path: path, place: "line \(table.lines.first ?? 1)",
          expected: "\(reading.columns.count) columns, as the card names", found: "\(width)")
      }
      let names = reading.hasHeader ? table.header : reading.columns
      storage = .table(
        table, names: names.isEmpty ? (0..<width).map { "\($0 + 1)" } : names,
        missing: reading.missing)
      rowNames = table.lines.map { "line \($0)" }
      return
    }
    let array: NumericArray
    var named: ((String) throws(DomainError) -> NumericArray)?
    switch reading.format {
    case .mat:
      named = { (name) throws(DomainError) in try MATFile.read(path, variable: name) }
      array = try MATFile.read(path, variable: reading.features[0])
    case .npz:
      named = { (name) throws(DomainError) in try NumPyFile.readNPZ(path, array: name) }
      array = try NumPyFile.readNPZ(path, array: reading.features[0])
    case .npy: array = try NumPyFile.readNPY(path)
    default: array = try IDXFile.read(path)
    }
    let features = reading.samplesAreColumns ? array.transposedMatrix : array.matrix
    storage = .arrays(features: features, named: named)
    rowNames = (0..<features.rows).map { "row \($0 + 1)" }
  }

  /// The label of each row, as it stands.
  func labels(_ reading: Reading) throws(DomainError) -> RawValues {
    guard case .table(let table, _, _) = storage else { return try values(reading.labels[0]) }
    var columns: [Int] = []
    for place in reading.labels { columns += try self.columns(place) }
    guard columns.count > 1 else { return try values(reading.labels[0]) }
    var codes: [Double] = []
    for (row, fields) in table.rows.enumerated() {
      let entries = columns.map { finiteNumber(fields[$0]) }
      guard entries.count(where: { $0 == 1 }) == 1,
        entries.count(where: { $0 == 0 }) == columns.count - 1,
        let code = entries.firstIndex(of: 1)
      else {
        throw .malformed(
          path: path, place: "\(rowNames[row]), columns \(reading.labels.joined(separator: ", "))",
          expected: "a single 1 among zeros",
          found: columns.map { fields[$0] }.joined(separator: " "))
      }
      codes.append(Double(code))
    }
    return RawValues(
      path: path, name: "columns \(reading.labels.joined(separator: ", "))",
      rowNames: rowNames, entries: .numbers(codes))
  }

  /// The values in a column of a table, in a named array, or in a file of their own.
  func values(_ place: String) throws(DomainError) -> RawValues {
    switch storage {
    case .table(let table, let names, let missing):
      let columns = try columns(place)
      guard columns.count == 1 else {
        throw .malformed(
          path: path, place: "columns \(place)", expected: "one column", found: "\(columns.count)")
      }
      return RawValues(
        path: path, name: "column \(names[columns[0]])", rowNames: rowNames,
        entries: .texts(table.rows.map { $0[columns[0]] }, missing: missing))
    case .arrays(_, let named?):
      return try vector(named(place), path: path, name: "array \(place)")
    case .arrays:
      let file = try locate(place)
      let isIDX = !place.hasSuffix(".npy")
      return try vector(
        isIDX ? IDXFile.read(file) : NumPyFile.readNPY(file), path: file, name: "values")
    }
  }

  private func vector(
    _ array: NumericArray, path: String, name: String
  ) throws(DomainError) -> RawValues {
    guard array.values.count == rowNames.count else {
      throw .unusable(
        path: path, place: name,
        reason: "\(rowNames.count) samples have \(array.values.count) labels or groups")
    }
    return RawValues(
      path: path, name: name, rowNames: (1...max(1, rowNames.count)).map { "entry \($0)" },
      entries: .numbers(array.values))
  }

  /// The features of some rows, and the names of their columns.
  func features(
    _ reading: Reading, _ rows: [Int]
  ) throws(DomainError) -> (Matrix<Double>, [String]) {
    guard case .table(let table, let names, let missing) = storage else {
      guard case .arrays(let features, _) = storage else {
        return (Matrix(rows: 0, columns: 0), [])
      }
      return (rows.count == features.rows ? features : features.selecting(rows: rows), [])
    }
    let chosen = try featureColumns(reading, names)
    var levels: [Int: [String]] = [:]
    for category in reading.categories {
      for column in try columns(category.column) { levels[column] = category.levels }
    }
    var missingIn: [Int: [String]] = [:]
    for rule in reading.missingIn {
      for column in try columns(rule.column) { missingIn[column, default: []] += rule.values }
    }
    var elements: [Double] = []
    elements.reserveCapacity(rows.count * chosen.count)
    for row in rows {
      let fields = table.rows[row]
      for column in chosen {
        let text = fields[column]
        if let levels = levels[column] {
          if let level = levels.firstIndex(where: { sameValue($0, text) }) {
            elements += levels.indices.map { $0 == level ? 1 : 0 }
            continue
          }
          if isMissing(text, missing) {
            elements += levels.map { _ in .nan }
            continue
          }
          throw .malformed(
            path: path, place: "\(rowNames[row]), column \(names[column])",
            expected: "one of " + levels.joined(separator: ", "), found: "“\(text)”")
        }
        if let number = finiteNumber(text),
          !(missingIn[column]?.contains { sameValue($0, text) } ?? false)
        {
          elements.append(number)
        } else if isMissing(text, missing) || missingIn[column] != nil && finiteNumber(text) != nil
        {
          elements.append(.nan)
        } else {
          throw .malformed(
            path: path, place: "\(rowNames[row]), column \(names[column])",
            expected: "a number", found: text.isEmpty ? "nothing" : "“\(text)”")
        }
      }
    }
    let columnNames = chosen.flatMap { column in
      levels[column].map { $0.map { "\(names[column])=\($0)" } } ?? [names[column]]
    }
    return (
      Matrix(rows: rows.count, columns: columnNames.count, elements: elements), columnNames
    )
  }

  /// The columns that the card calls features, or all that it gives no other use.
  private func featureColumns(
    _ reading: Reading, _ names: [String]
  ) throws(DomainError) -> [Int] {
    var chosen: [Int] = []
    for place in reading.features { chosen += try columns(place) }
    guard chosen.isEmpty else { return chosen }
    var taken: [Int] = []
    for place in reading.labels { taken += try columns(place) }
    for rule in reading.groups { taken += try columns(rule.place) }
    for condition in reading.conditions { taken += try columns(condition.place) }
    return names.indices.filter { !taken.contains($0) }
  }

  /// The columns that a card's text names: by name, by number from 1, or by a range of numbers.
  private func columns(_ place: String) throws(DomainError) -> [Int] {
    guard case .table(_, let names, _) = storage else { return [] }
    if let index = names.firstIndex(of: place) { return [index] }
    let bounds = place.split(separator: "-").map { Int($0) }
    if let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2,
      first >= 1,
      first <= last, last <= names.count
    {
      return Array(first - 1..<last)
    }
    throw .malformed(
      path: path, place: "columns", expected: "a column “\(place)”",
      found: names.prefix(40).joined(separator: ", "))
  }
}

extension Reading.Separator {
  fileprivate var csv: CSVSeparator {
    switch self {
    case .comma: .character(",")
    case .semicolon: .character(";")
    case .tab: .character("\t")
    case .space: .whitespace
    }
  }
}

extension NumericArray {
  /// The array as a matrix with rows along the last axis, all other axes flattened to columns.
  fileprivate var transposedMatrix: Matrix<Double> {
    let columns = shape.last ?? 1
    return Matrix(
      rows: shape.dropLast().reduce(1, *), columns: columns, elements: values
    ).transposed
  }
}
