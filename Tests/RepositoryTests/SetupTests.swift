import Testing

/// What a new user runs agrees with the manifest.
struct SetupTests {
  @Test func setupInstallsEveryPackageOfTheManifest() throws {
    let manifest = try Repository.file("Package.swift")
    let named = manifest.lines.flatMap { line in
      line.matches(of: /\.apt\(\["([^"]+)"\]\)/).map { String($0.1) }
    }
    #expect(named.count >= 10)
    let script = try Repository.file("Scripts/setup.sh")
    let installed = Set(
      script.lines.compactMap { $0.firstMatch(of: /^ {2}([a-z0-9+.-]+)( +#|$)/) }
        .map { String($0.1) })
    for package in named {
      #expect(installed.contains(package), "Scripts/setup.sh doesn't install \(package)")
    }
    #expect(installed.isSuperset(of: ["libsqlite3-dev", "pkg-config"]))
  }

  @Test func theFolderMapNamesWhatExists() throws {
    let readme = try Repository.file("README.md")
    let paths = readme.lines.compactMap {
      $0.firstMatch(of: /^([A-Za-z.-]+(?:\/[A-Za-z-]+)*\/) {2,}\S/)
    }
    .map { String($0.1) }
    #expect(paths.count >= 10)
    for path in paths {
      #expect(Repository.exists(path), "README.md names \(path), which doesn't exist")
    }
  }

  @Test func everyLibraryTargetIsOnTheFolderMap() throws {
    let readme = try Repository.file("README.md").lines.joined(separator: "\n")
    for layer in LayersTests.allowed.keys.sorted() {
      #expect(readme.contains("Sources/\(layer)/"), "README.md's folder map lacks \(layer)")
    }
  }

  @Test func versionsAgree() throws {
    let version = try Repository.file("Sources/Experiments/Version.swift").lines
      .compactMap { $0.firstMatch(of: /version = "([^"]+)"/) }.map { String($0.1) }
    let cited = try Repository.file("CITATION.cff").lines
      .compactMap { $0.firstMatch(of: /^version: "?([^"]+)"?$/) }.map { String($0.1) }
    #expect(version.count == 1)
    #expect(version == cited)
  }
}
