import Domains
import Methods
import Parameters
import Randomness
import Testing

@testable import Experiments

struct PlanFileTests {
  private func plan(_ yaml: String) throws(PlanError) -> Plan {
    try PlanFile(yaml: yaml, path: "p").plan
  }

  @Test func allButPairsAndMethodsHasADefault() throws {
    #expect(
      try plan("pairs: moons\nmethods: [coral]\n")
        == Plan(pairs: ["moons"], methods: [Plan.MethodSetting(id: "coral")]))
  }

  @Test func everyKeyIsRead() throws {
    let text = """
      pairs: [moons, 'digits:*']
      methods:
        - family:few-shot
        - {id: coral, parameters: {ridge: 0.1, learner: 1-nn}, grid: {ridge: [0.1, 1]}}
      protocol: transductive
      holdout: 0.3
      shots: [10, 1]
      repetitions: 2
      seed: 18446744073709551615
      selection: entropy
      search: halving
      budget: 4
      folds: 2
      resamples: 50
      limits: {timeout: 1.5, memory: 2}
      """
    let read = try plan(text)
    let few = MethodRegistry.all.filter { $0.card.family.name == "few-shot" }.map(\.card.id)
    #expect(
      read
        == Plan(
          pairs: ["moons", "digits:*"],
          methods: few.map { Plan.MethodSetting(id: $0) } + [
            Plan.MethodSetting(
              id: "coral", parameters: ["ridge": "0.1", "learner": "1-nn"],
              grid: ["ridge": ["0.1", "1"]])
          ], protocolName: "transductive", holdout: 0.3, shots: ShotCounts([1, 10]),
          repetitions: 2, seed: .max, selection: "entropy", search: .halving, budget: 4, folds: 2,
          resamples: 50, limits: Plan.Limits(timeout: 1.5, memory: 2)))
    #expect(try plan(read.yaml()) == read)
  }

  @Test func patternsOfPairsAreResolved() throws {
    let file = try PlanFile(
      yaml: "pairs: ['moons:*', moons:rotated-0->rotated-30]\nmethods: coral", path: "p")
    let catalogue = try DataCatalogue(dataRoot: nil)
    let pairs = try file.plan(in: catalogue).pairs
    #expect(pairs == (try catalogue.resolve(["moons"])).map(\.description))
    let wrong = try PlanFile(yaml: "methods: coral\npairs:\n  - moons\n  - moon\n", path: "p")
    #expect {
      try wrong.plan(in: catalogue)
    } throws: { error in
      guard
        case .at(path: "p", line: 4, .data(.unknownDataset(name: "moon", known: _))) =
          error as? PlanError
      else { return false }
      return true
    }
  }

  private static let start = "pairs: moons\nmethods: coral\n"

  @Test(arguments: [
    ("pairs: moons\n", 1, PlanError.missingKey("methods")),
    ("", 1, .unexpected(key: "", expected: "a mapping", found: "nothing")),
    ("- 1\n", 1, .unexpected(key: "", expected: "a mapping", found: "a list")),
    (
      start + "repetitons: 3\n", 3,
      .unknownKey("repetitons", known: Plan.CodingKeys.allCases.map(\.rawValue))
    ),
    (
      start + "repetitions: [3]\n", 3,
      .unexpected(key: "repetitions", expected: "a whole number", found: "a list")
    ),
    (
      start + "\nshots: few\n", 4,
      .unexpected(key: "shots", expected: "a whole number", found: "'few'")
    ),
    (
      start + "seed: -1\n", 3,
      .unexpected(key: "seed", expected: "a whole number from 0", found: "'-1'")
    ),
    (start + "seed: 1\nseed: 2\n", 3, .notYAML("the key 'seed' stands there twice")),
    (start + "protocol: holdup\n", 3, .unknownProtocol("holdup")),
    (start + "# why\nselection: enthropy\n", 4, .unknownSelection("enthropy")),
    (start + "search: gird\n", 3, .unknownSearch("gird")),
    (
      start + "folds: 1\n", 3,
      .outOfRange(name: "folds", value: "1", range: "a whole number from 2 to 100")
    ),
    (
      start + "limits: {timeout: 0}\n", 3,
      .unexpected(key: "limits.timeout", expected: "a number above 0", found: "'0'")
    ),
    ("methods: coral\npairs: [moons, moons]\n", 2, .repeatedPair("moons")),
    ("methods: []\npairs: moons\n", 1, .nothingToRun("methods")),
    ("pairs: moons\nmethods:\n  - tca\n  - corall\n", 4, .unknownMethod("corall")),
    ("pairs: moons\nmethods:\n  - id: corall\n", 3, .unknownMethod("corall")),
    (
      "pairs: moons\nmethods:\n  - id: coral\n    parameters:\n      ridge: x\n", 5,
      .parameter(
        method: "coral",
        .malformed(name: "ridge", text: "x", expected: "a number from 0.0 to 1000000.0"))
    ),
    (
      "pairs: moons\nmethods:\n  - id: coral\n    grid: {ridge: [1, 2e9]}\n", 4,
      .parameter(
        method: "coral",
        .outOfRange(
          name: "ridge", value: "2000000000.0", range: "a number from 0.0 to 1000000.0"))
    ),
    ("pairs: moons\nmethods:\n  - {grid: {}}\n", 3, .missingKey("id")),
  ])
  func wrongPlansAreRefusedByLine(text: String, line: Int, fault: PlanError) {
    #expect(throws: PlanError.at(path: "p", line: line, fault)) { try plan(text) }
  }

  @Test(arguments: ["]", "pairs: [", "\t", "pairs: {a: b", "a: *b", "\u{0}", "? [a]: b\n"])
  func whatIsNoYAMLNamesItsLine(text: String) {
    #expect {
      try plan(text)
    } throws: { error in
      guard case .at("p", 1..., _) = error as? PlanError else { return false }
      return true
    }
  }

  /// Bytes of a plan changed, doubled, cut out and cut off, by a key: the text is a plan, or an error
  /// that names its line.
  @Test(arguments: 0..<8)
  func noMutationCrashes(seed: UInt64) {
    let text = """
      pairs: [moons, 'digits:*']
      methods:
        - family:few-shot
        - {id: coral, parameters: {ridge: 0.1, learner: 1-nn}, grid: {ridge: [0.1, 1]}}
      shots: [10, 1]
      seed: 18446744073709551615
      selection: entropy
      limits: {timeout: 1.5, memory: 2}
      """
    var stream = RandomStream(RandomKey(seed: seed))
    let alphabet = Array("[]{}:,-&*!|>'\"%@#? \n\t\0é9e".utf8)
    for _ in 0..<250 {
      var bytes = Array(text.utf8)
      for _ in 0...stream.integer(below: 4) {
        let place = stream.integer(below: bytes.count)
        switch stream.integer(below: 4) {
        case 0: bytes[place] = alphabet[stream.integer(below: alphabet.count)]
        case 1: bytes.insert(alphabet[stream.integer(below: alphabet.count)], at: place)
        case 2: bytes.removeSubrange(place..<min(place + 5, bytes.count - 1))
        default: bytes += bytes[place...]
        }
      }
      do throws(PlanError) {
        try plan(String(decoding: bytes, as: UTF8.self)).check()
      } catch {
        guard case .at("p", 1..., _) = error else {
          Issue.record("no line: \(error)")
          continue
        }
      }
    }
  }
}
