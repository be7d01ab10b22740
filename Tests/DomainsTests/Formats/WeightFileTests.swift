import Domains
import Foundation
import TestSupport
import Testing

struct WeightFileTests {
  private static let noWeights = "no trained weights in the data folder: set TRANSFERBENCH_DATA"

  /// A file of trained weights; those that say so are read where they lie.
  private static func trained(_ file: String) -> String? {
    let path = Fixtures.dataFolder?.appending(path: "weights/\(file)").path
    return path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }

  @Test("either format is read to the bit", arguments: ["small.safetensors", "small.npz"])
  func golden(name: String) throws {
    let path = Fixtures.format("weights/\(name)")
    let small = SafetensorsFileTests.small
    #expect(
      SafetensorsFileTests.bits(try WeightFile.read(path)) == SafetensorsFileTests.bits(small))
    let shapes = try WeightFile.shapes(path)
    #expect(shapes.map(\.name) == small.map(\.name))
    #expect(shapes.map(\.shape) == small.map(\.array.shape))
  }

  @Test("what is written is read back", arguments: ["a.safetensors", "a.npz", "A.NPZ"])
  func roundTrip(name: String) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/" + name
    let arrays = Array(SafetensorsFileTests.small.reversed())
    try WeightFile.write(arrays, to: path)
    #expect(
      SafetensorsFileTests.bits(try WeightFile.read(path)) == SafetensorsFileTests.bits(arrays))
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    try WeightFile.write(arrays, to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
  }

  @Test("an archive of the arrays in any type of numbers")
  func archives() throws {
    let path = Fixtures.format("numpy/deflated.npz")
    // Its third array is of texts.
    let error = malformed { () throws(DomainError) in _ = try WeightFile.read(path) }
    #expect(error?.place == "array names, byte 10")
    let shapes = try WeightFile.shapes(path)
    #expect(shapes.map(\.name) == ["x", "y", "names"])
    #expect(shapes.map(\.shape) == [[3, 4], [3], [2]])
  }

  @Test("a name in an archive twice")
  func twice() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.npz"
    let array = FloatArray(shape: [1], values: [1])
    // One with the ending that NumPy adds, and one without.
    try NPZWriter.write([("ab", .floats(array)), ("cd", .floats(array))], to: path)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    for index in bytes.indices.dropLast() where bytes[index...(index + 1)].elementsEqual("cd".utf8)
    {
      bytes.replaceSubrange(index...(index + 1), with: Array("ab".utf8))
    }
    let changed = try folder.file("b.npz", bytes)
    #expect(malformed { () throws(DomainError) in _ = try WeightFile.read(changed) } != nil)
    #expect(
      throws: DomainError.unwritable(path: path, reason: "two arrays named a")
    ) {
      let one = NamedArray(name: "a", array: array)
      try WeightFile.write([one, one], to: path)
    }
    #expect(
      throws: DomainError.unwritable(path: path, reason: "an array whose name holds a NUL")
    ) { try WeightFile.write([NamedArray(name: "a\0b", array: array)], to: path) }
  }

  @Test("names that end in neither")
  func endings() throws {
    let path = Fixtures.format("numpy/text.npy")
    #expect(
      throws: DomainError.malformed(
        path: path, place: "path", expected: "a name that ends in .safetensors or .npz",
        found: "another name")
    ) { try WeightFile.read(path) }
    #expect(throws: DomainError.missing(path: "/nowhere/a.bin")) {
      try WeightFile.shapes("/nowhere/a.bin")
    }
    #expect(
      throws: DomainError.unwritable(
        path: "/tmp/a.bin", reason: "its name ends in neither .safetensors nor .npz")
    ) { try WeightFile.write([], to: "/tmp/a.bin") }
  }

  @Test("archives truncated at every length and with changed bytes")
  func damaged() throws {
    let bytes = try Fixtures.bytes("weights/small.npz")
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/damaged.npz"
    for length in 0..<bytes.count {
      try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: path))
      let error = malformed { () throws(DomainError) in _ = try WeightFile.read(path) }
      #expect(error?.place.isEmpty == false, "the first \(length) bytes")
    }
    try Damage(bytes).expectNoCrash(equal: true) { (path) throws(DomainError) in
      try NumPyFile.readFloats(path).map { "\($0.array.shape) \($0.array.values)" }
    }
  }

  @Test(
    "trained residual networks have their inventory's number of parameters",
    .enabled(if: trained("resnet_cifar10/resnet20.npz") != nil, Comment(rawValue: noWeights)),
    arguments: [(20, 269_722), (32, 464_154), (56, 853_018)])
  func residual(layers: Int, parameters: Int) throws {
    let path = try #require(Self.trained("resnet_cifar10/resnet\(layers).npz"))
    let arrays = try WeightFile.read(path)
    // Every convolution but the classifier has a normalization of four arrays.
    #expect(arrays.count == 5 * (layers - 1) + 2)
    #expect(arrays.first?.name == "conv1.weight" && arrays.last?.name == "linear.bias")
    let trainable = arrays.filter { !$0.name.contains("running_") }
    #expect(trainable.reduce(0) { $0 + $1.array.values.count } == parameters)
    #expect(arrays.allSatisfy { $0.array.values.allSatisfy(\.isFinite) })
    let shapes = try WeightFile.shapes(path)
    #expect(shapes.map(\.name) == arrays.map(\.name))
    #expect(shapes.map(\.shape) == arrays.map(\.array.shape))
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try WeightFile.write(arrays, to: folder.path + "/a.safetensors")
    #expect(try WeightFile.read(folder.path + "/a.safetensors") == arrays)
  }

  @Test(
    "trained weights in half precision",
    .enabled(
      if: trained("mobilenet_v1/mobilenet_v1_1.0_224_partial_f16.npz") != nil,
      Comment(rawValue: noWeights)))
  func mobile() throws {
    let path = try #require(Self.trained("mobilenet_v1/mobilenet_v1_1.0_224_partial_f16.npz"))
    let arrays = try WeightFile.read(path)
    #expect(arrays.count == 136)
    #expect(arrays.first?.array.shape == [3, 3, 3, 32])
    #expect(arrays.reduce(0) { $0 + $1.array.values.count } == 3_205_288)
    #expect(arrays.allSatisfy { $0.array.values.allSatisfy(\.isFinite) })
  }
}

extension Python {
  /// Whether there is one with the package safetensors.
  static let hasSafetensors = (try? run("import safetensors, numpy; print(1)", [])) == "1\n"
}
