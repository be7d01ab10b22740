import Domains
import Experiments
import Foundation
import Randomness

/// Reads damaged copies of good files: none may crash a reader, hang it or fill the memory, and what
/// refuses one must name it.
///
/// One kind of file a process, so that a crash is known by its kind; `Scripts/mutations.sh` runs all.
@main struct Mutations {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count >= 3, let reader = Reader(rawValue: arguments[1]),
      let count = Int(arguments[2])
    else {
      print("Mutations KIND COUNT FILE...   kinds: \(Reader.allCases.map(\.rawValue))")
      exit(2)
    }
    let seeds = try arguments.dropFirst(2).map { path in
      (path: path, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // What runs for so long is ended by a signal, and the kind fails.
    var report = Report()
    for seed in seeds {
      let name = URL(fileURLWithPath: seed.path).lastPathComponent
      if let error = reader.read(try reader.write(seed.bytes, named: name, in: folder)) {
        report.complain("\(name) is refused undamaged: \(error)")
      }
    }
    for place in 0..<count {
      var stream = RandomStream(RandomKey(seed: 1).child(reader.rawValue, place))
      let seed = seeds[place % seeds.count]
      let name = URL(fileURLWithPath: seed.path).lastPathComponent
      var bytes = Damage.apply(to: seed.bytes, &stream)
      // A checksum ends the reading of most damaged images: half of them get theirs put right.
      if reader == .png, place / seeds.count % 2 == 1 { Damage.repairChecksums(ofPNG: &bytes) }
      let path = try reader.write(bytes, named: name, in: folder)
      alarm(20)
      let start = ContinuousClock.now
      report.add(reader.read(path), "\(name), mutation \(place)", ContinuousClock.now - start)
      alarm(0)
    }
    report.print(reader.rawValue)
    if !report.complaints.isEmpty { exit(1) }
  }
}

/// How a file is damaged.
enum Damage {
  /// One to three changes: bits, bytes, numbers, spans that vanish, move or come twice, an early end.
  static func apply(to bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...stream.integer(below: 3) {
      guard !bytes.isEmpty else { break }
      let place = stream.integer(below: bytes.count)
      let length = min(bytes.count - place, 1 + stream.integer(below: 64))
      switch stream.integer(below: 9) {
      case 0: bytes[place] ^= 1 << UInt8(stream.integer(below: 8))
      case 1: bytes[place] = [0, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x3A][stream.integer(below: 7)]
      case 2: bytes[place] = UInt8(stream.integer(below: 256))
      case 3:
        let values: [[UInt8]] = [
          [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0x7F, 0xFF, 0xFF, 0xFF],
          [0, 0, 0, 0x80], Array("1e999".utf8), Array("-1".utf8), Array("*&a".utf8),
        ]
        let value = values[stream.integer(below: values.count)]
        bytes.replaceSubrange(place..<min(place + value.count, bytes.count), with: value)
      case 4: bytes.removeSubrange(place..<(place + length))
      case 5: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      case 6:
        bytes.insert(
          contentsOf: (0..<length).map { _ in UInt8(stream.integer(below: 256)) }, at: place)
      case 7:
        let other = stream.integer(below: bytes.count - length + 1)
        let span = Array(bytes[place..<(place + length)])
        bytes.replaceSubrange(other..<(other + length), with: span)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }
}

extension Damage {
  /// Gives every chunk of a PNG file whose length leads to another the checksum of what it holds.
  static func repairChecksums(ofPNG bytes: inout [UInt8]) {
    func number(_ place: Int) -> Int {
      bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var start = 8
    while start + 12 <= bytes.count {
      let end = start + 8 + number(start)
      guard end + 4 <= bytes.count else { return }
      let sum = checksum(bytes[start + 4..<end])
      for byte in 0..<4 {
        bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte))
      }
      start = end + 4
    }
  }

  /// CRC-32 as PNG has it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}

/// What can be read.
enum Reader: String, CaseIterable {
  case csv, mat, npy, npz, safetensors, idx, png, card, plan, store

  /// Writes a damaged file where the reader looks for it.
  func write(_ bytes: [UInt8], named name: String, in folder: URL) throws -> String {
    // An image lies in the folder of its class. What an earlier file left is none of this one's.
    let parent = folder.appending(path: "class")
    try? FileManager.default.removeItem(at: parent)
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    let file = parent.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Reads a file whole; the error that refused it.
  func read(_ path: String) -> (any Error)? {
    do {
      switch self {
      case .csv:
        _ = try CSVFile.read(path, separator: .character(","), hasHeader: true)
      case .mat:
        // The arrays of the fixtures, which have one or another of them.
        do {
          _ = try MATFile.read(path, variable: "x")
        } catch {
          do {
            _ = try MATFile.read(path, variable: "f8")
          } catch {
            _ = try MATFile.read(path, variable: "sparse")
          }
        }
      case .npy:
        do { _ = try NumPyFile.readNPY(path) } catch { _ = try NumPyFile.readStrings(path) }
      case .npz:
        for name in try NumPyFile.arrays(path) {
          do {
            _ = try NumPyFile.readNPZ(path, array: name)
          } catch {
            _ = try NumPyFile.readStrings(path, array: name)
          }
        }
      case .safetensors: _ = try SafetensorsFile.read(path)
      case .idx: _ = try IDXFile.read(path)
      case .png:
        _ = try PNGFolder.read(
          URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent().path)
      case .card: _ = try DataCard(contentsOf: path)
      case .plan:
        _ = try Plan(yaml: String(contentsOfFile: path, encoding: .isoLatin1), path: path).check()
      case .store:
        let plan = try Plan(yaml: Self.storedPlan, path: "plan.yml")
        _ = try Summary(Run(stored: plan, in: ResultStore(path: path)))
      }
      return nil
    } catch {
      return error
    }
  }

  /// The plan whose results the stores hold that are damaged.
  static let storedPlan = """
    pairs: ["moons:rotated-0->rotated-30"]
    methods: [source-only, coral]
    repetitions: 2
    resamples: 10
    """
}

/// What came of all files of a kind.
struct Report {
  private var refused = 0
  private var read = 0
  private var slowest: (Duration, String) = (.zero, "")
  /// What may not be.
  private(set) var complaints: [String] = []

  mutating func add(_ error: (any Error)?, _ name: String, _ time: Duration) {
    if time > slowest.0 { slowest = (time, name) }
    if time > .seconds(1) { complaints.append("\(name) took \(time)") }
    guard let error else {
      read += 1
      return
    }
    refused += 1
    let file = name.prefix { $0 != "," }
    if !"\(error)".contains(file) {
      complaints.append("\(name): the error names no file: \(error)")
    }
  }

  mutating func complain(_ text: String) { complaints.append(text) }

  func print(_ kind: String) {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let milliseconds = Int(slowest.0 / .milliseconds(1))
    Swift.print(
      "| \(kind) | \(refused + read) | \(refused) | \(read) | \(milliseconds) ms | "
        + "\(usage.ru_maxrss / 1024) MB | \(complaints.count) |")
    for complaint in complaints.prefix(10) { Swift.print("  \(complaint)") }
  }
}
