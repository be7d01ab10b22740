public import Domains
public import Networks

/// Why a file's weights can't be taken over.
public enum WeightFileError: Error, Hashable {
  /// The file can't be read.
  case file(DomainError)
  /// It holds other weights than the network has.
  case weights(WeightError)
}

extension WeightSnapshot {
  /// The arrays of a `.safetensors` or `.npz` file.
  ///
  /// Throws `DomainError.missing`, or `.malformed` where the file isn't what its name's ending
  /// says.
  public init(contentsOf path: String) throws(DomainError) {
    self.init(
      try WeightFile.read(path).map { ($0.name, Tensor($0.array.shape, $0.array.values)) })
  }

  /// Writes the arrays to a `.safetensors` or `.npz` file, whole or not at all.
  ///
  /// Throws `DomainError.unwritable`.
  public func write(to path: String) throws(DomainError) {
    try WeightFile.write(
      zip(names, tensors).map { name, tensor in
        NamedArray(name: name, array: FloatArray(shape: tensor.shape, values: tensor.values))
      }, to: path)
  }
}

extension Weights {
  /// Takes over the arrays of a file, under torchvision's and Hugging Face's names.
  ///
  /// Names and shapes are compared before any numbers are read. Arrays that no weight is named
  /// after are left; their names are returned.
  @discardableResult
  public func load(contentsOf path: String) throws(WeightFileError) -> [String] {
    let shapes: [(name: String, shape: [Int])]
    do { shapes = try WeightFile.shapes(path) } catch { throw .file(error) }
    do { try check(shapes) } catch { throw .weights(error) }
    let arrays: WeightSnapshot
    do { arrays = try WeightSnapshot(contentsOf: path) } catch { throw .file(error) }
    do { return try load(arrays) } catch { throw .weights(error) }
  }
}
