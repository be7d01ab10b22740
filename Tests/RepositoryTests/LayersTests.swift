import Testing

/// Imports point down only.
struct LayersTests {
  /// What each layer may import, besides Foundation and the standard library.
  static let allowed: [String: Set<String>] = [
    "LinearAlgebra": ["COpenBLAS", "CLAPACKE", "CKernels"],
    "Randomness": ["CKernels"],
    "Parameters": [],
    "Domains": [
      "LinearAlgebra", "Randomness", "Parameters", "Yams", "CPNG", "CMatio", "CZip", "CZlib",
      "CCrypto", "CCurl",
    ],
    "Networks": ["LinearAlgebra", "Randomness", "CKernels", "CDNNL"],
    "Learners": ["Networks", "LinearAlgebra", "Randomness", "CSVM", "CTransport"],
    "Metrics": ["Learners", "Domains", "LinearAlgebra", "Randomness", "CKernels", "CGSL"],
    "Methods": [
      "Learners", "Networks", "Domains", "Parameters", "Randomness", "LinearAlgebra",
    ],
    "Experiments": [
      "Methods", "Metrics", "Learners", "Domains", "Parameters", "Randomness", "LinearAlgebra",
      "CRSVG", "Yams", "GRDB",
    ],
    "Bench": [
      "Experiments", "Methods", "Metrics", "Learners", "Domains", "Parameters", "LinearAlgebra",
      "Randomness", "ArgumentParser", "Logging",
    ],
  ]
  static let everywhere: Set<String> = ["Foundation", "Synchronization", "Glibc", "Dispatch"]

  /// One `import` line.
  struct Import {
    let module: String
    let file: Repository.File
  }

  /// The imports of a file: `public import struct Module.Name` names `Module`.
  static func imports(of file: Repository.File) -> [Import] {
    file.lines.compactMap { line in
      guard line.contains("import "),
        let match = line.firstMatch(
          of:
            /^\s*(?:@\w+ )*(?:\w+ )?import (?:(?:struct|class|enum|protocol|func|let|var|typealias) )?(\w+)/
        )
      else { return nil }
      return Import(module: String(match.1), file: file)
    }
  }

  static func imports() throws -> [Import] {
    try Repository.files(below: "Sources", ending: ".swift").flatMap(imports)
  }

  @Test func everyImportIsAllowed() throws {
    let imports = try Self.imports()
    #expect(imports.count > 100)
    for found in imports {
      let layer = String(found.file.path.split(separator: "/")[1])
      let allowed = try #require(Self.allowed[layer], "\(layer) is no layer")
      #expect(
        allowed.union(Self.everywhere).contains(found.module),
        "\(found.file) must not import \(found.module)")
    }
  }

  @Test func eachSystemLibraryHasOneImporter() throws {
    let imports = try Self.imports()
    let libraries = Set(imports.map(\.module).filter { $0.firstMatch(of: /^C[A-Z]/) != nil })
    #expect(libraries.count >= 5)
    for library in libraries.subtracting(["CKernels"]).sorted() {
      let files = imports.filter { $0.module == library }.map(\.file)
      let folders = Set(files.map(\.folder))
      let isOneFile = files.count == 1
      let isOneFolder = folders.count == 1 && (folders.first ?? "").split(separator: "/").count > 2
      #expect(isOneFile || isOneFolder, "\(library) is imported by \(files.map(\.path))")
    }
  }

  @Test func onlyBenchImportsArgumentParser() throws {
    let importers = try Self.imports().filter { $0.module == "ArgumentParser" }
    #expect(importers.allSatisfy { $0.file.path.hasPrefix("Sources/Bench/") })
    #expect(!importers.isEmpty)
  }

  @Test func wordsOfImportsAreRead() {
    let file = Repository.File(
      path: "a.swift",
      lines: ["import A", "public import struct B.C", "@testable import D", "let important = 1"])
    #expect(Self.imports(of: file).map(\.module) == ["A", "B", "D"])
  }
}
