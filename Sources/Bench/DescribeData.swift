import Domains
import LinearAlgebra

extension DataCatalogue {
  /// The description of a data set: what its card says and what was found of its files.
  func describe(_ card: DataCard) -> String {
    var facts = [
      ("title", card.title), ("data", state(of: card)), ("licence", card.licence),
      ("citation", card.citation),
    ]
    if let origin = card.origin { facts.append(("origin", origin)) }
    if let access = card.access { facts.append(("access", access)) }
    facts.append(("classes", card.classes.joined(separator: ", ")))
    facts.append(("domains", card.domainNames.joined(separator: ", ")))
    facts.append(("card", card.path))
    var text = "\(card.id), a data set\n" + Describe.lines(facts)
    if !card.files.isEmpty {
      let files = Listing(
        columns: ["file", "bytes", "state"],
        rows: card.files.map { file in
          [file.path, String(file.bytes), isFound(file, in: card) ? "found" : "missing"]
        })
      text += "\n" + files.table
    }
    return text + "\nPairs\n" + card.pairs.map { "  \($0)\n" }.joined()
  }

  /// The description of a pair: its samples by class and by group, where its data are found.
  func describe(_ id: PairID) throws(DomainError) -> String {
    let card = try card(id.dataset)
    let pair = try load(id)
    let facts = [
      ("data set", card.title), ("licence", card.licence),
      ("columns", String(pair.source.features.columns)), ("checksum", pair.checksum),
    ]
    let domains = [("source", pair.source), ("target", pair.target)]
    var rows = domains.map { role, domain in
      [role, "samples", domain.name, String(domain.count)]
    }
    for (role, domain) in domains {
      for (index, name) in pair.classes.enumerated() {
        rows.append([role, "class", name, String(domain.labels.count { $0 == index })])
      }
    }
    for (role, domain) in domains {
      for group in domain.groups {
        for (index, level) in group.levels.enumerated() {
          let count = group.members.count { $0 == index }
          rows.append([role, group.name, level, String(count)])
        }
      }
    }
    let table = Listing(columns: ["domain", "of", "name", "samples"], rows: rows).table
    return "\(id), a pair\n" + Describe.lines(facts) + "\n" + table
  }
}
