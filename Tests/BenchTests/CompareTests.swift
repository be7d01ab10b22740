import Domains
import Experiments
import Foundation
import Methods
import TestSupport
import Testing

/// `bench compare` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct CompareTests {
  private static let quick = [
    "--pairs", "moons:rotated-0->rotated-30", "--repetitions", "2", "--resamples", "20", "--quiet",
  ]

  /// The methods that see no target label.
  private static let blind = MethodRegistry.all.filter {
    $0.setting == .transductive || $0.setting == .unsupervised
  }

  private func compare(_ arguments: [String], out: TemporaryFolder) throws -> Program.Result {
    try Program.run(["compare", "--out", "\(out.path)/out"] + arguments)
  }

  @Test func unknownKernelsAreRefused() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/out"
    let result = try Program.run([
      "compare", "--methods", "coral", "--pairs", "clinics", "--blas-core", "Hasswell", "--out",
      out,
    ])
    #expect(result.code == 2)
    #expect(
      result.errors.hasPrefix("bench: Unknown BLAS core 'Hasswell': did you mean 'Haswell'"),
      "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func resultsAreTheSameBytesOnOneWorkerAndOnTwo() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let arguments = Self.quick + ["--methods", "family:alignment,family:few-shot,seeded-kmeans"]
    #expect(try compare(arguments + ["--jobs", "1"], out: one).code == 0)
    #expect(try compare(arguments + ["--jobs", "2"], out: two).code == 0)
    for name in ["results.csv", "summary.csv", "plan.yml"] {
      #expect(try one.bytes("out/\(name)") == two.bytes("out/\(name)"))
    }
    let header = try #require(try one.text("out/results.csv").split(separator: "\r\n").first)
    #expect(
      header
        == "cell,dataset,source,target,method,family,setting,protocol,shots,repetition,seed,selection,parameters,metric,group,value"
    )
  }

  /// Weights of a file take the place of those that the source trains, and cells know the file.
  @Test func methodsBeginWithAFilesWeights() throws {
    let folder = try TemporaryFolder()
    let arguments = Self.quick + ["--methods", "fine-tune,linear-probe", "--backbone", "mlp"]
    #expect(try compare(arguments, out: folder).code == 0)
    let trained = try folder.text("out/results.csv")
    let networks = try FileManager.default.contentsOfDirectory(
      atPath: "\(folder.path)/out/networks")
    // One for each repetition's source.
    #expect(networks.count == 2)
    let file = "\(folder.path)/out/networks/\(networks.sorted()[0])"
    #expect(try compare(arguments + ["--weights", file], out: folder).code == 0)
    let begun = try folder.text("out/results.csv")
    #expect(begun != trained)
    #expect(try folder.text("out/plan.yml").contains("weights: "))
    // The plan that was written says the same again.
    let again = try Program.run([
      "run", "\(folder.path)/out/plan.yml", "--out", "\(folder.path)/again", "--quiet",
    ])
    #expect(again.code == 0, "\(again.errors)")
    #expect(try folder.text("again/results.csv") == begun)
    let other = try compare(arguments + ["--weights", "nowhere.npz"], out: folder)
    #expect(other.code == 2 && other.errors == "bench: There is no file or folder nowhere.npz.\n")
    let alone = try compare(Self.quick + ["--weights", file], out: folder)
    #expect(
      alone.code == 2
        && alone.errors == "bench: --weights needs --backbone, which says whose weights they are.\n"
    )
    let unknown = try compare(arguments + ["--backbone", "resnet-21"], out: folder)
    #expect(
      unknown.errors.hasPrefix("bench: Unknown network 'resnet-21': did you mean 'resnet-20'"))
  }

  @Test func severalNumbersOfShotsDrawLearningCurves() throws {
    let folder = try TemporaryFolder()
    let result = try compare(
      Self.quick + ["--methods", "biased-logistic", "--shots", "1,2,5"], out: folder)
    #expect(result.code == 0)
    #expect(result.output.contains("biased-logistic@2 "))
    #expect(result.output.contains("Learning curves, means over pairs"))
    let curves = try folder.text("out/curves.csv").split(separator: "\r\n")
    // Three points of each of the two curves, and four figures of the method's.
    #expect(curves.count == 1 + 2 * 3 + 4)
    #expect(curves.contains { $0.contains(",jump-start,") })
    for name in ["classes.csv", "confusion.csv", "reliability.csv"] {
      #expect(try folder.text("out/\(name)").contains("biased-logistic"))
    }
    let wrong = try compare(Self.quick + ["--shots", "1,x"], out: folder)
    #expect(wrong.code == 2)
  }

  @Test func settledCellsAreNotRunAgain() throws {
    let folder = try TemporaryFolder()
    let arguments = Self.quick.filter { $0 != "--quiet" }
    #expect(try compare(arguments + ["--methods", "coral"], out: folder).code == 0)
    let first = try folder.text("out/results.csv")
    let second = try compare(arguments + ["--methods", "coral,joint-pca"], out: folder)
    #expect(second.code == 0)
    // Source-only, the oracle and CORAL are there, twice each; two cells of joint PCA are missing.
    #expect(second.errors.hasPrefix("6 cells are in the store already; 2 to run."))
    #expect(try folder.text("out/results.csv").count > first.count)
    let third = try Program.run(["compare", "--resume", "--out", "\(folder.path)/out", "--quiet"])
    #expect(third.code == 0)
  }

  @Test func permutingTheTargetsLabelsChangesNoPrediction() throws {
    let folder = try TemporaryFolder()
    var outputs: [TemporaryFolder] = []
    for labels in [(0..<40).map { $0 % 2 }, (0..<40).map { ($0 / 3) % 2 }] {
      try Self.writeCard(in: folder, targetLabels: labels)
      let output = try TemporaryFolder()
      let result = try compare(
        [
          "--card", "\(folder.path)/blobs.md", "--pairs", "blobs:a->b", "--repetitions", "1",
          "--methods", Self.blind.map(\.card.id).joined(separator: ","), "--predictions",
          "--resamples",
          "5", "--quiet",
        ], out: output)
      #expect(result.code == 0, "\(result.errors)")
      outputs.append(output)
    }
    let names = try FileManager.default.contentsOfDirectory(
      atPath: "\(outputs[0].path)/out/predictions"
    ).filter { !$0.contains("target-oracle") }
    #expect(names.count >= Self.blind.count)
    for name in names {
      let predictions = try outputs.map { try $0.bytes("out/predictions/\(name)") }
      #expect(predictions[0] == predictions[1], "\(name)")
    }
    let results = try outputs.map { try $0.bytes("out/results.csv") }
    #expect(results[0] != results[1])
  }

  /// Source and target are the same samples: whatever a method does to bring them together, there
  /// is nothing to gain, and nothing may be called harm.
  @Test func identicalDomainsAreNeverCalledHarmed() throws {
    let folder = try TemporaryFolder()
    try Self.writeCard(in: folder, targetLabels: (0..<120).map { $0 % 2 }, areIdentical: true)
    let result = try compare(
      [
        "--card", "\(folder.path)/blobs.md", "--pairs", "blobs:a->b", "--protocol",
        "transductive", "--repetitions", "2", "--resamples", "200", "--quiet", "--methods",
        Self.blind.map(\.card.id).joined(separator: ","),
      ], out: folder)
    #expect(result.code == 0, "\(result.errors)")
    let rows = try folder.text("out/summary.csv").split(separator: "\r\n").map {
      $0.split(separator: ",", maxSplits: 19, omittingEmptySubsequences: false)
    }
    let scores = rows.filter { $0[6] == "accuracy" && !$0[14].isEmpty }
    #expect(scores.count >= Self.blind.count - 2)
    for row in scores {
      let (low, high) = try (#require(Double(row[15])), #require(Double(row[16])))
      #expect(low <= 0 && high >= 0, "\(row[3]): [\(low), \(high)]")
      #expect(row[18] != "negative")
    }
  }

  /// On two draws of one distribution there is nothing to gain.
  ///
  /// A method pays only for what its weights or maps make of chance. Four do pay and are left out:
  /// KMM about two points, with the variance of its weights; JGSA three, in three repetitions and
  /// not in five; and two clusterings that are another algorithm in the plane once they have a source.
  @Test func twoDrawsOfOneDistributionAreNotCalledHarmed() throws {
    let folder = try TemporaryFolder()
    let costly = ["kmm", "jgsa", "dictionary-kmeans", "transfer-spectral"]
    let ids = MethodRegistry.all.filter {
      ["alignment", "clustering"].contains($0.card.family.name) && !costly.contains($0.card.id)
    }.map(\.card.id)
    let result = try compare(
      [
        "--pairs", "shifts:null-source->null-target", "--repetitions", "3", "--resamples", "200",
        "--methods", ids.joined(separator: ","), "--quiet",
      ], out: folder)
    #expect(result.code == 0, "\(result.errors)")
    let rows = try folder.text("out/summary.csv").split(separator: "\r\n").map {
      $0.split(separator: ",", maxSplits: 19, omittingEmptySubsequences: false)
    }
    let scores = rows.filter { $0[6] == "accuracy" && !$0[14].isEmpty }
    #expect(scores.count >= ids.count)
    for row in scores { #expect(row[18] != "negative", "\(row[3]): [\(row[15]), \(row[16])]") }
  }

  @Test func aSlowCellCostsItselfAlone() throws {
    let folder = try TemporaryFolder()
    let result = try compare(
      Self.quick + ["--methods", "source-only", "--timeout", "0.000001"], out: folder)
    #expect(result.code == 1)
    #expect(try folder.text("out/runs.csv").contains(",timedOut,The cell ran longer than"))
  }

  @Test func anEndlessTimeoutIsNoLimit() throws {
    let folder = try TemporaryFolder()
    let result = try compare(
      Self.quick + ["--methods", "source-only", "--timeout", "inf"], out: folder)
    #expect(result.code == 0)
  }

  @Test func whatIsInterruptedOrKilledIsFinishedByTheNextRun() throws {
    let arguments = [
      "--pairs", "moons:*", "--methods", "family:clustering,jda", "--repetitions", "4",
      "--resamples", "5", "--quiet",
    ]
    let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try compare(arguments, out: whole).code == 0)
    for signal in [SIGINT, SIGKILL] {
      let process = Process()
      process.executableURL = Program.path
      process.arguments = ["compare", "--out", "\(broken.path)/out"] + arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: 1)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
    }
    let last = try Program.run(["compare", "--resume", "--out", "\(broken.path)/out", "--quiet"])
    #expect(last.code == 0, "\(last.errors)")
    for name in ["results.csv", "summary.csv"] {
      #expect(try whole.bytes("out/\(name)") == broken.bytes("out/\(name)"))
    }
  }

  @Test func nobodyReadingTheProgressCostsNothing() throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = Program.path
    process.arguments =
      ["compare", "--out", "\(folder.path)/out", "--methods", "coral", "--verbose"]
      + Self.quick.filter { $0 != "--quiet" }
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try folder.text("out/results.csv").contains(",coral,"))
  }

  @Test func twoRunsDoNotWriteToOneFolder() throws {
    let folder = try TemporaryFolder()
    let first = Process()
    first.executableURL = Program.path
    first.arguments = ["compare", "--out", "\(folder.path)/out", "--methods", "all", "--quiet"]
    first.standardOutput = FileHandle.nullDevice
    first.standardError = FileHandle.nullDevice
    try first.run()
    defer {
      first.terminate()
      first.waitUntilExit()
    }
    let plan = "\(folder.path)/out/plan.yml"
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: plan) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    try #require(FileManager.default.fileExists(atPath: plan), "the first run did not begin")
    let second = try compare(Self.quick, out: folder)
    #expect(second.code == 2)
    #expect(second.errors.hasSuffix("another bench is writing there.\n"), "\(second.errors)")
  }

  @Test func aRefusedRequestLeavesAnEarlierPlanAlone() throws {
    let folder = try TemporaryFolder()
    #expect(try compare(Self.quick + ["--methods", "coral"], out: folder).code == 0)
    let plan = try folder.bytes("out/plan.yml")
    let refused = try compare(
      ["--methods", "tca", "--pairs", "office-caltech:amazon->caltech", "--data", folder.path],
      out: folder)
    #expect(refused.code == 2)
    #expect(try folder.bytes("out/plan.yml") == plan)
  }

  @Test func tooFewSamplesForTheShotsFailTheirCells() throws {
    let folder = try TemporaryFolder()
    let result = try compare(
      Self.quick + ["--methods", "joint,coral", "--shots", "5000"], out: folder)
    #expect(result.code == 1)
    let runs = try folder.text("out/runs.csv")
    #expect(runs.contains("fewer than the 5000 shots asked for"))
    let row = result.output.split(separator: "\n").first { $0.hasPrefix("joint ") }
    #expect(row?.contains("2 failed") == true)
    #expect(result.errors.hasPrefix("Failed: target-only on moons:rotated-0->rotated-30, joint on"))
    #expect(try folder.text("out/results.csv").contains(",coral,"))
  }

  @Test(arguments: [
    (["--methods", "corall"], "bench: Unknown method 'corall': did you mean 'coral'"),
    (["--methods", "family:few-shots"], "bench: Unknown family 'few-shots': did you mean"),
    (["--pairs", "moon:a->b"], "bench: Unknown data set 'moon': did you mean 'moons'"),
    (["--pairs", "moons:rotated-0->rotated-3"], "bench: Unknown pair"),
    (["--methods", "coral", "--set", "coral.rigde=1"], "bench: Unknown parameter of 'coral'"),
    (["--methods", "coral", "--set", "coral.ridge=-1"], "bench: coral.ridge takes a number from"),
    (["--methods", "coral", "--set", "coral.ridge=x"], "bench: coral.ridge takes a number from"),
    (["--methods", "coral", "--set", "ridge"], "bench: --set takes method.parameter=value"),
    (["--methods", "coral", "--set", "="], "bench: --set takes method.parameter=value"),
    (["--methods", "coral", "--set", ""], "bench: --set takes method.parameter=value"),
    (["--methods", "coral", "--set", ".=1"], "bench: --set takes method.parameter=value"),
    (["--methods", "coral", "--learner", "2-nn"], "bench: Unknown learner '2-nn': did you mean"),
    (["--resamples", "100000000"], "bench: --resamples takes a whole number from 1 to 100000"),
    (["--repetitions", "1000000000000"], "bench: --repetitions takes a whole number from 1 to"),
    (["--methods", "coral", "--set", "tca.mu=1"], "bench: --set takes a parameter of a method"),
    (["--protocol", "holdup"], "bench: Unknown protocol 'holdup': did you mean 'holdout'"),
    (["--holdout", "1.5"], "bench: --holdout takes a number between 0 and 1"),
    (["--shots", "0"], "bench: --shots takes a whole number from 1"),
    (
      ["--resamples", "9223372036854775807"],
      "bench: --resamples takes a whole number from 1 to 100000, so 9223372036854775807 is out"
    ),
    (["--repetitions", "9223372036854775807"], "bench: --repetitions takes a whole number from 1"),
    (["--select", "enthropy"], "bench: Unknown selection 'enthropy'"),
    (["--out", "/proc/none"], "bench: Can't write /proc/none: No such file or directory."),
    (["--resume", "--out", "/nowhere"], "bench: There is no file or folder /nowhere/plan.yml."),
  ])
  func wrongRequestsAreOneSentence(arguments: [String], start: String) throws {
    let folder = try TemporaryFolder()
    let result =
      arguments.contains("--out")
      ? try Program.run(["compare"] + arguments) : try compare(arguments, out: folder)
    #expect(result.code == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix(start), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test(arguments: [
    ("0,nan,0\n1,2,1\n", "nan"), ("0,1,0\n", "class"), ("", "empty"), ("0,1\n", "column"),
    ("0,1,2\n", "one of 0, 1"), ("0,1,\n1,2,0\n", "label is missing"),
  ])
  func unusableFilesAreRefused(content: String, word: String) throws {
    let folder = try TemporaryFolder()
    try Self.writeCard(in: folder, targetLabels: [0, 1], target: content)
    let result = try compare(
      ["--card", "\(folder.path)/blobs.md", "--pairs", "blobs:a->b"], out: folder)
    #expect(result.code == 2, "\(word): \(result.errors)")
    #expect(result.errors.contains("b.csv") && result.errors.contains(word), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test(.enabled(if: CompareTests.canMount, "no right to mount a small file system"))
  func aFullDiskEndsInASentenceAndKeepsWhatIsThere() throws {
    let folder = try TemporaryFolder()
    let disk = "\(folder.path)/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    #expect(Self.shell("mount -t tmpfs -o size=256k tmpfs '\(disk)'") == 0)
    defer { _ = Self.shell("umount '\(disk)'") }
    let result = try Program.run([
      "compare", "--out", "\(disk)/out", "--methods", "family:alignment", "--pairs", "clinics",
      "--resamples", "5", "--quiet",
    ])
    #expect(result.code == 2)
    #expect(result.errors.contains("\(disk)/out"), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
    #expect(FileManager.default.fileExists(atPath: "\(disk)/out/plan.yml"))
  }

  /// Whether this process may mount a file system of a given size.
  private static let canMount: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    defer { _ = shell("umount '\(folder.path)'") }
    return shell("mount -t tmpfs -o size=64k tmpfs '\(folder.path)'") == 0
  }()

  private static func shell(_ command: String) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Two domains of 40 samples in two columns, as CSV files with a card beside them.
  private static func writeCard(
    in folder: TemporaryFolder, targetLabels: [Int], target: String? = nil,
    areIdentical: Bool = false
  ) throws {
    func rows(_ shift: Double, _ labels: [Int]) -> String {
      labels.enumerated().map { row, label in
        let angle = Double(row) * 2.399
        let x = cos(angle) * Double(row % 7) / 4 + shift + 3 * Double(row % 2)
        let y = sin(angle) * Double(row % 5) / 3 - shift
        return "\(x),\(y),\(label)\n"
      }.joined()
    }
    // Around the origin, so that the direction of a sample tells its class too: that is all that
    // JDA reads of it.
    let source =
      areIdentical ? rows(-1.5, targetLabels) : rows(0, (0..<40).map { $0 % 2 })
    let files = [
      ("a.csv", source), ("b.csv", areIdentical ? source : target ?? rows(0.7, targetLabels)),
    ]
    var list = ""
    for (name, content) in files {
      let bytes = Array(content.utf8)
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
      list += """
          - {path: \(name), bytes: \(bytes.count), sha256: \(Checksum.sha256(bytes: bytes))}

        """
    }
    let card = """
      ---
      title: Blobs
      licence: none
      citation: none
      files:
      \(list)classes: {zero: 0, one: 1}
      read: {format: csv, header: false, labels: 3}
      domains:
        a: {file: a.csv}
        b: {file: b.csv}
      ---

      # Blobs
      """
    try Data(card.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/blobs.md"))
  }
}
