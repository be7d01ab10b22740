import Domains
import Foundation
import LinearAlgebra
import TestSupport
import Testing

struct NPZWriterTests {
  private static let arrays: [(String, NPZArray)] = [
    ("x", .matrix(Matrix([[1, -0.5, .infinity], [0.1, 1e-300, 3]]))),
    ("cube", .numbers(NumericArray(shape: [2, 1, 2], values: [1, 2, 3, 4]))),
    ("y", .integers([1, -2, .max, .min])),
    ("names", .strings(["a", "grün", "", "日本"])),
    ("none", .strings([])),
    ("empty", .matrix(Matrix(rows: 0, columns: 3))),
  ]

  @Test("what is written is read back", arguments: [true, false])
  func roundTrip(deflated: Bool) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.npz"
    try NPZWriter.write(Self.arrays, to: path, deflated: deflated)
    #expect(try NumPyFile.arrays(path) == Self.arrays.map(\.0))
    #expect(
      try NumPyFile.readNPZ(path, array: "x")
        == NumericArray(shape: [2, 3], values: [1, -0.5, .infinity, 0.1, 1e-300, 3]))
    #expect(
      try NumPyFile.readNPZ(path, array: "cube")
        == NumericArray(shape: [2, 1, 2], values: [1, 2, 3, 4]))
    let names = try NumPyFile.readStrings(path, array: "names")
    #expect(names.values == ["a", "grün", "", "日本"])
    #expect(try NumPyFile.readStrings(path, array: "none").values == [])
    #expect(try NumPyFile.readNPZ(path, array: "empty").shape == [0, 3])
  }

  @Test("the same arrays are the same bytes, on any day")
  func deterministic() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try NPZWriter.write(Self.arrays, to: folder.path + "/a.npz")
    let first = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.npz"))
    // The date of a zip archive counts in steps of two seconds.
    try await Task.sleep(for: .milliseconds(2100))
    try NPZWriter.write(Self.arrays, to: folder.path + "/b.npz")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/b.npz")) == first)
  }

  @Test("NumPy reads it", .enabled(if: Python.hasNumPy, "no python3 with numpy"))
  func numpy() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.npz"
    try NPZWriter.write(Self.arrays, to: path)
    let output = try Python.run(
      """
      import numpy, sys
      a = numpy.load(sys.argv[1])
      for name in a.files:
          print(name, a[name].dtype.str, a[name].tolist())
      """, [path])
    #expect(
      output == """
        x <f8 [[1.0, -0.5, inf], [0.1, 1e-300, 3.0]]
        cube <f8 [[[1.0, 2.0]], [[3.0, 4.0]]]
        y <i8 [1, -2, 9223372036854775807, -9223372036854775808]
        names <U4 ['a', 'grün', '', '日本']
        none <U1 []
        empty <f8 []

        """)
  }

  @Test("a folder that isn't there")
  func unwritable() {
    #expect(
      throws: DomainError.unwritable(path: "/nowhere/a.npz", reason: "No such file or directory")
    ) { try NPZWriter.write(Self.arrays, to: "/nowhere/a.npz") }
  }
}

/// The Python interpreter, for tests that compare with it.
enum Python {
  /// Whether there is one.
  static let isPresent = (try? run("print(1)", [])) == "1\n"
  /// Whether there is one with NumPy.
  static let hasNumPy = (try? run("import numpy; print(1)", [])) == "1\n"

  /// Its path: from the environment variable PYTHON, else `python3`.
  static let path = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"

  /// Runs a program and returns what it prints.
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path, "-X", "utf8", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
