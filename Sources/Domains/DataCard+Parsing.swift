import Foundation

extension DataCard {
  /// The card in a file.
  public init(contentsOf path: String) throws(DomainError) {
    guard let text = String(validating: try FileBytes.read(path), as: UTF8.self) else {
      throw .malformed(path: path, place: "byte 0", expected: "UTF-8 text", found: "other bytes")
    }
    let id = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    try self.init(text: text, id: id, path: path)
  }

  /// The card that a text holds; `path` is for error messages and relative files.
  public init(text: String, id: String, path: String) throws(DomainError) {
    guard DataCard.isName(id) else {
      throw .badCard(
        path: path, key: "file name", expected: "letters, digits, “-”, “_” and “.”", found: id)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      throw .badCard(
        path: path, key: "front matter", expected: "YAML between two lines “---” at the start",
        found: lines.first.map(String.init) ?? "nothing")
    }
    let top = try CardNode(yaml: lines[1..<end].joined(separator: "\n") + "\n", card: path)
    let fields = try top.fields([
      "title", "licence", "citation", "origin", "access", "embedded", "files", "classes", "read",
      "domains", "pairs", "preprocessing",
    ])
    let files = try fields["files"].map(DataFile.list) ?? []
    let domains = try DomainRule.list(
      fields.required("domains"), defaults: fields["read"], files: files.map(\.path))
    self.id = id
    self.path = path
    prose = lines[(end + 1)...].joined(separator: "\n")
    title = try fields.required("title").text()
    licence = try fields.required("licence").text()
    citation = try fields.required("citation").text()
    origin = try fields["origin"]?.text()
    access = try fields["access"]?.text()
    isEmbedded = try fields["embedded"]?.flag() ?? false
    classValues = try NamedValues(fields.required("classes"))
    self.files = files
    self.domains = domains
    pairs = try PairID.list(fields["pairs"], dataset: id, domains: domains.map(\.name))
    preprocessing = try PreprocessingStep.list(fields["preprocessing"])
    // Classes keep their order: it decides the labels.
    let classes = try fields.required("classes")
    let order = classValues.names.joined(separator: ",")
    canonical =
      "classes \(order) \(classes.canonical) preprocessing "
      + (preprocessing.isEmpty ? "" : fields["preprocessing"]?.canonical ?? "")
    if !isEmbedded, domains.contains(where: { $0.reading.format == .generated }) {
      throw .badCard(
        path: path, key: "embedded", expected: "true, since a domain is generated", found: "false")
    }
    if let unread = files.first(where: { file in !domains.contains { $0.reads(file.path) } }) {
      throw .badCard(
        path: path, key: "files", expected: "files that a domain is read from",
        found: "“\(unread.path)”")
    }
  }

  /// Whether a text can name a data set or a domain: no character that pair names use.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.contains("->")
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }
}

extension DataFile {
  /// The files of a card's list.
  static func list(_ node: CardNode) throws(DomainError) -> [DataFile] {
    var files: [DataFile] = []
    for item in try node.items() {
      let fields = try item.fields(["path", "bytes", "sha256", "url"])
      let path = try fields.required("path")
      let text = try path.text()
      guard !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
        throw path.error(expected: "a path below the data folder")
      }
      guard !files.contains(where: { $0.path == text }) else {
        throw path.error(expected: "each file once")
      }
      let sha256 = try fields.required("sha256")
      guard try sha256.text().count == 64, try sha256.text().allSatisfy({ $0.isHexDigit }) else {
        throw sha256.error(expected: "64 hexadecimal digits")
      }
      files.append(
        DataFile(
          path: text, bytes: try fields.required("bytes").integer(),
          sha256: try sha256.text().lowercased(), url: try fields["url"]?.text()))
    }
    return files
  }
}

extension PairID {
  /// The pairs of a card: those listed, every ordered pair of domains, or none but by name.
  static func list(
    _ node: CardNode?, dataset: String, domains: [String]
  ) throws(DomainError) -> [PairID] {
    var pairs: [PairID] = []
    guard let node, (try? node.text()) != "all" else {
      for source in domains {
        for target in domains where target != source {
          pairs.append(PairID(dataset: dataset, source: source, target: target))
        }
      }
      return pairs
    }
    if (try? node.text()) == "none" { return [] }
    for item in try node.items() {
      guard let pair = PairID("\(dataset):\(try item.text())"), domains.contains(pair.source),
        domains.contains(pair.target), pair.source != pair.target, !pairs.contains(pair)
      else { throw item.error(expected: "source->target, two domains of the card, each pair once") }
      pairs.append(pair)
    }
    guard !pairs.isEmpty else { throw node.error(expected: "at least one pair") }
    return pairs
  }
}

extension PreprocessingStep {
  /// The steps of a card's list; none where the list is absent.
  static func list(_ node: CardNode?) throws(DomainError) -> [PreprocessingStep] {
    guard let node, !node.isNothing else { return [] }
    if node.isMapping { throw node.error(expected: "a list of steps") }
    var steps: [PreprocessingStep] = []
    for item in try node.items() { steps.append(try PreprocessingStep(item)) }
    return steps
  }
}

extension DomainRule {
  /// Whether this domain is read from that file.
  func reads(_ path: String) -> Bool { files.contains(path) }

  /// The domains of a card; the keys of `defaults` hold for each that doesn't set them.
  static func list(
    _ node: CardNode, defaults: CardNode?, files: [String]
  ) throws(DomainError) -> [DomainRule] {
    guard node.isMapping else {
      throw node.error(expected: "a mapping from names to how each domain is read")
    }
    var rules: [DomainRule] = []
    for (name, value) in try node.entries() {
      guard DataCard.isName(name) else {
        throw value.error(
          expected: "a name of letters, digits, “-”, “_” and “.”", found: "“\(name)”")
      }
      var entries: [(name: String, value: CardNode)] = []
      if let defaults { entries = try defaults.entries() }
      for entry in try value.entries() {
        entries.removeAll { $0.name == entry.name }
        // `file` and `files` say the same.
        if entry.name.hasPrefix("file") { entries.removeAll { $0.name.hasPrefix("file") } }
        entries.append(entry)
      }
      rules.append(try DomainRule(name: name, at: value, entries: entries, files: files))
    }
    guard rules.count >= 2 else { throw node.error(expected: "at least two domains") }
    return rules
  }

  private init(
    name: String, at node: CardNode, entries: [(name: String, value: CardNode)], files: [String]
  ) throws(DomainError) {
    let values = Dictionary(entries.map { ($0.name, $0.value) }) { $1 }
    let fields = CardFields(parent: node, values: values)
    let format = try fields.required("format").word(
      Reading.Format.allCases.map { ($0.rawValue, $0) })
    for (key, value) in entries where !format.keys.contains(key) {
      throw value.error(
        expected: "one of the keys of \(format.rawValue): " + format.keys.joined(separator: ", "),
        found: "“\(key)”")
    }
    self.name = name
    preprocessing = try PreprocessingStep.list(fields["preprocessing"])
    if let index = preprocessing.firstIndex(where: { $0.needsSource }) {
      throw (fields["preprocessing"] ?? node).error(
        expected: "steps that need no source, since they are for one domain",
        found: "one that does, the \(index + 1).")
    }
    reading = try Reading(fields, format: format, domain: name)
    for file in reading.allFiles where !files.contains(file) {
      throw node.error(expected: "files that stand under “files”", found: "“\(file)”")
    }
    canonical = entries.filter { !$0.name.hasPrefix("file") }
      .map { "\($0.name)=\($0.value.canonical)" }.sorted().joined(separator: ";")
  }
}

extension Reading {
  fileprivate init(_ fields: CardFields, format: Format, domain: String) throws(DomainError) {
    self.init(format: format)
    if format == .generated {
      generator = try Generator(fields.required("generator"), domain: domain)
      return
    }
    if let several = fields["files"] {
      guard fields["file"] == nil else {
        throw several.error(expected: "either “file” or “files”", found: "both")
      }
      files = try several.texts()
    } else {
      files = [try fields.required("file").text()]
    }
    separator =
      try fields["separator"]?.word(Separator.allCases.map { ($0.rawValue, $0) }) ?? .comma
    hasHeader = try fields["header"]?.flag() ?? true
    columns = try fields["columns"]?.texts() ?? []
    if hasHeader, let named = fields["columns"] {
      throw named.error(expected: "no names, unless “header: false”")
    }
    missing = try fields["missing"]?.texts() ?? []
    samplesAreColumns =
      try fields["samples"]?.word([("rows", false), ("columns", true)]) ?? false
    switch format {
    case .csv:
      features = try fields["features"]?.texts() ?? []
      labels = try fields.required("labels").texts()
    case .mat, .npz:
      features = [try fields.required("features").text()]
      labels = [try fields.required("labels").text()]
    case .npy, .idx:
      labels = [try fields.required("labels").text()]
    case .pngFolder, .generated: break
    }
    for (name, value) in try fields["groups"]?.entries() ?? [] {
      let rule = try value.fields(["from", "levels"])
      groups.append(
        GroupRule(
          name: name, place: try rule.required("from").text(),
          levels: try NamedValues(rule.required("levels"))))
    }
    for (place, value) in try fields["where"]?.entries() ?? [] {
      conditions.append(Condition(place: place, values: try value.texts()))
    }
    for (column, value) in try fields["categories"]?.entries() ?? [] {
      categories.append((column, try value.texts()))
    }
    for (column, value) in try fields["missing-in"]?.entries() ?? [] {
      missingIn.append((column, try value.texts()))
    }
  }
}

extension Reading.Generator {
  fileprivate init(_ node: CardNode, domain: String) throws(DomainError) {
    let fields = try node.fields(["name", "version", "seed"])
    let name = try fields.required("name")
    let generator = try name.word(SyntheticGenerator.all.map { ($0.id, $0) })
    let version = try fields.required("version")
    guard try version.integer() == generator.version else {
      throw version.error(expected: "\(generator.version), the generator's present version")
    }
    guard generator.domainNames.contains(domain) else {
      throw node.error(
        expected: "a domain of the generator: " + generator.domainNames.joined(separator: ", "),
        found: "“\(domain)”")
    }
    self.name = generator.id
    seed = UInt64(try fields.required("seed").integer())
  }
}
