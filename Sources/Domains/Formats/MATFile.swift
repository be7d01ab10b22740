import CMatio
import Glibc
import Synchronization

/// MATLAB's files, versions 5 to 7.3, through libmatio.
///
/// All numeric classes are read, and truth values, and sparse matrices (returned dense). An index
/// means what it means in MATLAB: `A(i, j)` of an n × d matrix is row i of a shape `[n, d]`, in
/// version 7.3 too, whose HDF5 data other programs show transposed.
///
/// The file's structure is checked before libmatio sees it, and libmatio runs in a child process
/// with a limit on memory and time, so that a damaged file is an error and nothing worse.
public enum MATFile {
  /// The array of that name.
  ///
  /// Throws `DomainError.missing`, or `.malformed` with the names of the file's arrays where it
  /// has none of this name.
  public static func read(
    _ path: String, variable: String
  ) throws(DomainError) -> NumericArray {
    let bytes = try FileBytes.read(path)
    try MATStructure(bytes: bytes, path: path).check()
    // What the file can justify: each byte can stand for 1032 of a deflated stream.
    let mostBytes = UInt64(bytes.count) * UInt64(Gzip.largestRatio) + 4096
    let array = try child.withLock { _ -> Result<RawArray, DomainError> in
      do throws(DomainError) {
        return .success(try RawArray(path: path, variable: variable, mostBytes: mostBytes))
      } catch {
        return .failure(error)
      }
    }.get()
    return try array.numbers(path: path, variable: variable)
  }

  /// Held while a child runs: a second child would inherit the first one's pipe.
  private static let child = Mutex(())
}

/// An array as the child process hands it over: by columns, in the file's type.
private struct RawArray {
  var shape: [Int]
  var type: ElementType
  var elements: [UInt8]
  var sparse: (rows: [UInt8], columnStarts: [UInt8])?

  private static let typeByClass: [UInt32: ElementType] = [
    MAT_C_DOUBLE.rawValue: .float64, MAT_C_SINGLE.rawValue: .float32,
    MAT_C_INT8.rawValue: .int8, MAT_C_UINT8.rawValue: .uint8,
    MAT_C_INT16.rawValue: .int16, MAT_C_UINT16.rawValue: .uint16,
    MAT_C_INT32.rawValue: .int32, MAT_C_UINT32.rawValue: .uint32,
    MAT_C_INT64.rawValue: .int64, MAT_C_UINT64.rawValue: .uint64,
  ]

  private static let typeByData: [UInt32: ElementType] = [
    MAT_T_DOUBLE.rawValue: .float64, MAT_T_SINGLE.rawValue: .float32,
    MAT_T_INT8.rawValue: .int8, MAT_T_UINT8.rawValue: .uint8,
    MAT_T_INT16.rawValue: .int16, MAT_T_UINT16.rawValue: .uint16,
    MAT_T_INT32.rawValue: .int32, MAT_T_UINT32.rawValue: .uint32,
    MAT_T_INT64.rawValue: .int64, MAT_T_UINT64.rawValue: .uint64,
  ]

  init(path: String, variable: String, mostBytes: UInt64) throws(DomainError) {
    func malformed(_ expected: String, _ found: String) -> DomainError {
      .malformed(path: path, place: "array \(variable)", expected: expected, found: found)
    }
    var output: Int32 = -1
    // Twice the array, for libmatio's conversions, and room for the libraries themselves.
    let process = mat_start_reading(
      path, variable, mostBytes, 4 * mostBytes + (1 << 28), 10 + (mostBytes >> 25), &output)
    guard process > 0 else {
      throw malformed("a process to read it in", String(cString: strerror(errno)))
    }
    let (reply, parts) = Self.reply(from: output, mostBytes: mostBytes)
    close(output)
    let signal = mat_finish_reading(process, parts == nil ? 1 : 0)
    guard let parts, signal == 0 else {
      throw malformed("an array that libmatio can read", "damaged data")
    }
    let shape = withUnsafeBytes(of: reply.dims) {
      $0.bindMemory(to: UInt64.self).prefix(Int(max(reply.rank, 0))).map { Int(clamping: $0) }
    }
    switch mat_reply_status(rawValue: UInt32(bitPattern: reply.status)) {
    case MAT_REPLY_ARRAY: break
    case MAT_REPLY_NOT_OPENED:
      throw .malformed(
        path: path, place: "header", expected: "a MATLAB file of version 5 to 7.3",
        found: "a file that libmatio can't open")
    case MAT_REPLY_NO_VARIABLE:
      let names = parts[3].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      throw malformed(
        "an array of this name",
        names.isEmpty ? "no arrays" : "the arrays " + names.joined(separator: ", "))
    case MAT_REPLY_NOT_NUMERIC:
      throw malformed(
        "a real numeric array",
        reply.is_complex != 0 ? "complex numbers" : Self.className(UInt32(reply.class_type)))
    case MAT_REPLY_TOO_LARGE:
      throw malformed(
        "at most \(mostBytes) bytes, for the file's size", "shape \(DeclaredShape.text(shape))")
    default:
      throw malformed("an array that libmatio can read", "damaged data")
    }
    self.shape = shape
    let isSparse = reply.is_sparse != 0
    guard
      let type = isSparse && !parts[2].isEmpty
        ? Self.typeByData[UInt32(bitPattern: reply.data_type)]
        : Self.typeByClass[UInt32(bitPattern: reply.class_type)] ?? .float64
    else { throw malformed("a numeric array", "elements of type \(reply.data_type)") }
    self.type = type
    self.elements = parts[2]
    self.sparse = isSparse ? (parts[0], parts[1]) : nil
  }

  /// The elements in C order.
  func numbers(path: String, variable: String) throws(DomainError) -> NumericArray {
    func malformed(_ expected: String, _ found: String) -> DomainError {
      .malformed(path: path, place: "array \(variable)", expected: expected, found: found)
    }
    guard let count = DeclaredShape.count(shape) else {
      throw malformed("fewer elements", "shape \(DeclaredShape.text(shape))")
    }
    guard let sparse else {
      guard elements.count == count * type.size else {
        throw malformed("\(count * type.size) bytes of elements", "\(elements.count)")
      }
      let values = try type.values(
        in: elements, at: 0, count: count, swapped: false, path: path, array: variable)
      return NumericArray(
        shape: shape, values: DeclaredShape.fromFortranOrder(values, shape: shape))
    }
    var values = [Double](repeating: 0, count: count)
    guard count > 0 else { return NumericArray(shape: shape, values: values) }
    guard shape.count == 2 else {
      throw malformed("a sparse matrix", "a sparse array of shape \(DeclaredShape.text(shape))")
    }
    let stored = try type.values(
      in: elements, at: 0, count: elements.count / type.size, swapped: false, path: path,
      array: variable)
    let rows = try indices(sparse.rows, path, variable)
    let starts = try indices(sparse.columnStarts, path, variable)
    guard starts.count == shape[1] + 1, starts[0] == 0 else {
      throw malformed("\(shape[1] + 1) starts of columns, from 0", "\(starts.count)")
    }
    for column in 0..<shape[1] {
      guard starts[column] <= starts[column + 1], starts[column + 1] <= stored.count,
        starts[column + 1] <= rows.count
      else {
        throw malformed(
          "at most \(min(stored.count, rows.count)) stored elements, column after column",
          "column \(column + 1) from \(starts[column]) to \(starts[column + 1])")
      }
      for index in starts[column]..<starts[column + 1] {
        guard rows[index] < shape[0] else {
          throw malformed("rows up to \(shape[0])", "row \(rows[index] + 1)")
        }
        values[rows[index] * shape[1] + column] = stored[index]
      }
    }
    return NumericArray(shape: shape, values: values)
  }

  private func indices(
    _ bytes: [UInt8], _ path: String, _ variable: String
  ) throws(DomainError) -> [Int] {
    try ElementType.uint32.values(
      in: bytes, at: 0, count: bytes.count / 4, swapped: false, path: path, array: variable
    ).map { Int($0) }
  }

  private static func className(_ raw: UInt32) -> String {
    switch matio_classes(rawValue: raw) {
    case MAT_C_CELL: "a cell array"
    case MAT_C_STRUCT: "a structure"
    case MAT_C_OBJECT, MAT_C_OPAQUE: "an object"
    case MAT_C_CHAR: "text"
    case MAT_C_FUNCTION: "a function"
    default: "an array of another class"
    }
  }

  /// What the child writes; no parts where it breaks off or promises more than it may.
  private static func reply(
    from output: Int32, mostBytes: UInt64
  ) -> (reply: mat_reply, parts: [[UInt8]]?) {
    let header = read(MemoryLayout<mat_reply>.size, from: output)
    guard header.count == MemoryLayout<mat_reply>.size else { return (mat_reply(), nil) }
    let reply = header.withUnsafeBytes { $0.loadUnaligned(as: mat_reply.self) }
    guard max(reply.row_count, reply.column_count) <= mostBytes / 4 else { return (reply, nil) }
    var parts: [[UInt8]] = []
    for count in [4 * reply.row_count, 4 * reply.column_count, reply.bytes, reply.text_bytes] {
      guard count <= mostBytes else { return (reply, nil) }
      parts.append(read(Int(count), from: output))
      guard parts.last?.count == Int(count) else { return (reply, nil) }
    }
    return (reply, parts)
  }

  private static func read(_ count: Int, from descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
        let got = Glibc.read(descriptor, rest.baseAddress, rest.count)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { break }
        filled += got
      }
    }
  }
}
