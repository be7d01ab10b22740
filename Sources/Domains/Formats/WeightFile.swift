/// Files of a network's weights: `.safetensors`, and `.npz`.
///
/// The arrays have the names and the layout that the file's author gave them; nothing is renamed
/// or transposed.
public enum WeightFile {
  private enum Format {
    case safetensors
    case npz

    init?(path: String) {
      let name = path.lowercased()
      if name.hasSuffix(".safetensors") {
        self = .safetensors
      } else if name.hasSuffix(".npz") {
        self = .npz
      } else {
        return nil
      }
    }
  }

  /// The arrays in single precision, in the file's order.
  ///
  /// Throws `DomainError.missing`, or `.malformed` where the file isn't what its name's ending
  /// says.
  public static func read(_ path: String) throws(DomainError) -> [NamedArray] {
    switch try format(path) {
    case .safetensors: try SafetensorsFile.read(path)
    case .npz: try NumPyFile.readFloats(path)
    }
  }

  /// The arrays' names and shapes, in the file's order.
  ///
  /// The elements aren't read, so that a file that doesn't fit a network costs no memory.
  public static func shapes(
    _ path: String
  ) throws(DomainError) -> [(name: String, shape: [Int])] {
    switch try format(path) {
    case .safetensors: try SafetensorsFile.shapes(path)
    case .npz: try NumPyFile.shapes(path)
    }
  }

  /// Writes arrays as 32-bit floating-point numbers, in this order, whole or not at all.
  ///
  /// The same arrays are the same bytes. Throws `DomainError.unwritable`, also where two arrays
  /// have one name or the path ends in neither `.safetensors` nor `.npz`.
  public static func write(_ arrays: [NamedArray], to path: String) throws(DomainError) {
    switch Format(path: path) {
    case .safetensors: try SafetensorsFile.write(arrays, to: path)
    case .npz:
      var names: Set<String> = []
      for array in arrays {
        // A name in an archive ends at its first NUL.
        guard !array.name.utf8.contains(0) else {
          throw .unwritable(path: path, reason: "an array whose name holds a NUL")
        }
        guard names.insert(array.name).inserted else {
          throw .unwritable(
            path: path, reason: "two arrays named \(SafetensorsFile.shortened(array.name))")
        }
      }
      // Trained weights hardly become smaller.
      try NPZWriter.write(
        arrays.map { ($0.name, .floats($0.array)) }, to: path, deflated: false)
    case nil:
      throw .unwritable(path: path, reason: "its name ends in neither .safetensors nor .npz")
    }
  }

  private static func format(_ path: String) throws(DomainError) -> Format {
    guard let format = Format(path: path) else {
      _ = try FileBytes.size(of: path)
      throw .malformed(
        path: path, place: "path", expected: "a name that ends in .safetensors or .npz",
        found: "another name")
    }
    return format
  }
}
