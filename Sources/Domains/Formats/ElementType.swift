import LinearAlgebra

/// A number's type in a binary file.
enum ElementType: String, Sendable {
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, bfloat16, float32,
    float64

  /// Bytes for one element.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Elements read one after another, in the precision asked for.
  ///
  /// There are at least `offset + count * size` bytes. `swapped` says that each element's bytes
  /// lie in the other order than the processor's; `array` is the array's name within the file,
  /// for messages. Fractions are rounded to the nearest number. Throws `DomainError.malformed` at
  /// the first integer that might be rounded, at the first finite number beyond the precision's
  /// range, and at the first truth value that is neither 0 nor 1.
  func values<Scalar: MatrixScalar>(
    in bytes: [UInt8], at offset: Int, count: Int, swapped: Bool, path: String,
    array: String? = nil, as scalar: Scalar.Type = Double.self
  ) throws(DomainError) -> [Scalar] {
    precondition(offset + count * size <= bytes.count, "The elements lie within the bytes.")
    let values = [Scalar](unsafeUninitializedCapacity: count) { output, initialized in
      bytes.withUnsafeBytes { raw in
        let input = UnsafeRawBufferPointer(rebasing: raw[offset..<offset + count * size])
        fill(output, input, swapped: swapped)
      }
      initialized = count
    }
    let prefix = array.map { "array \($0), " } ?? ""
    func malformed(_ index: Int, _ expected: String, _ found: String) -> DomainError {
      .malformed(
        path: path, place: prefix + "byte \(offset + index * size)", expected: expected,
        found: found)
    }
    // From 2⁵³ on, neighbouring integers become one double; from 2²⁴ on, one float.
    let bits = Scalar.significandBitCount + 1
    switch self {
    case .bool:
      if let index = values.firstIndex(where: { $0 > 1 }) {
        throw malformed(index, "0 or 1, a truth value", "\(Int(values[index]))")
      }
    case .uint64, .int64, .uint32, .int32:
      guard 8 * size > bits else { break }
      let limit = Scalar(sign: .plus, exponent: Scalar.Exponent(bits), significand: 1)
      if let index = values.firstIndex(where: { $0.magnitude >= limit }) {
        throw malformed(
          index,
          "an integer below 2^\(bits), which a \(bits > 24 ? "double" : "float") holds exactly",
          "about \(values[index])")
      }
    case .float64 where bits < 53:
      for index in values.indices where values[index].isInfinite {
        var stored = UInt64(0)
        for byte in 0..<8 {
          stored |= UInt64(bytes[offset + 8 * index + byte]) << UInt64(8 * byte)
        }
        let number = Double(bitPattern: swapped ? stored.byteSwapped : stored)
        if number.isFinite {
          throw malformed(index, "a number that single precision can hold", "\(number)")
        }
      }
    default: break
    }
    return values
  }

  private func fill<Scalar: MatrixScalar>(
    _ output: UnsafeMutableBufferPointer<Scalar>, _ input: UnsafeRawBufferPointer, swapped: Bool
  ) {
    let count = input.count / size
    switch self {
    case .float32 where MemoryLayout<Scalar>.size == 4 && !swapped,
      .float64 where MemoryLayout<Scalar>.size == 8 && !swapped:
      UnsafeMutableRawBufferPointer(output).copyMemory(from: input)
    case .bool, .uint8: fill(output, input, count) { (bits: UInt8) in Double(bits) }
    case .int8: fill(output, input, count) { (bits: Int8) in Double(bits) }
    case .uint16: fill(output, input, count) { Double(swapped ? ($0 as UInt16).byteSwapped : $0) }
    case .int16: fill(output, input, count) { Double(swapped ? ($0 as Int16).byteSwapped : $0) }
    case .uint32: fill(output, input, count) { Double(swapped ? ($0 as UInt32).byteSwapped : $0) }
    case .int32: fill(output, input, count) { Double(swapped ? ($0 as Int32).byteSwapped : $0) }
    case .uint64: fill(output, input, count) { Double(swapped ? ($0 as UInt64).byteSwapped : $0) }
    case .int64: fill(output, input, count) { Double(swapped ? ($0 as Int64).byteSwapped : $0) }
    case .float16:
      fill(output, input, count) {
        Double(Float16(bitPattern: swapped ? ($0 as UInt16).byteSwapped : $0))
      }
    case .bfloat16:
      // The upper half of a number in single precision.
      fill(output, input, count) {
        Double(Float(bitPattern: UInt32(swapped ? ($0 as UInt16).byteSwapped : $0) << 16))
      }
    case .float32:
      fill(output, input, count) {
        Double(Float(bitPattern: swapped ? ($0 as UInt32).byteSwapped : $0))
      }
    case .float64:
      fill(output, input, count) {
        Double(bitPattern: swapped ? ($0 as UInt64).byteSwapped : $0)
      }
    }
  }

  private func fill<Element: BitwiseCopyable, Scalar: MatrixScalar>(
    _ output: UnsafeMutableBufferPointer<Scalar>, _ input: UnsafeRawBufferPointer, _ count: Int,
    _ convert: (Element) -> Double
  ) {
    for index in 0..<count {
      output[index] = Scalar(
        convert(
          input.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)))
    }
  }
}

/// Shapes that a file declares.
enum DeclaredShape {
  /// The number of elements, or nil where it or their bytes overflow: also where an axis of length
  /// 0 leaves none, since the product of the others is asked for later.
  static func count(_ shape: [Int], elementSize: Int = 8) -> Int? {
    var count = 1
    for length in shape where length != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      count = product
    }
    if count.multipliedReportingOverflow(by: max(elementSize, 8)).overflow { return nil }
    return shape.contains(0) ? 0 : count
  }

  /// The shape as a person writes it: `958 × 800`.
  static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "()" : shape.map(String.init).joined(separator: " × ")
  }

  /// Elements that lie in Fortran order (the first axis runs fastest), in C order.
  static func fromFortranOrder<Element>(_ values: [Element], shape: [Int]) -> [Element] {
    guard shape.count > 1, !values.isEmpty else { return values }
    if shape.count == 2 { return transposed(values, rows: shape[0], columns: shape[1]) }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    var result: [Element] = []
    result.reserveCapacity(values.count)
    while result.count < values.count {
      result.append(values[position])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// A matrix stored by columns, stored by rows; in blocks that the cache holds.
  private static func transposed<Element>(
    _ values: [Element], rows: Int, columns: Int
  ) -> [Element] {
    if rows == 1 || columns == 1 { return values }
    var result = values
    let block = 32
    values.withUnsafeBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        for row in stride(from: 0, to: rows, by: block) {
          for column in stride(from: 0, to: columns, by: block) {
            for i in row..<min(row + block, rows) {
              for j in column..<min(column + block, columns) {
                output[i * columns + j] = input[j * rows + i]
              }
            }
          }
        }
      }
    }
    return result
  }
}
