import Glibc

/// Memory that others own: the numbers of a variable, a gradient, a weight.
typealias Floats = UnsafeMutableBufferPointer<Float>

extension Floats {
  /// The numbers in the range.
  func numbers(_ range: Range<Int>) -> Floats { Floats(rebasing: self[range]) }

  /// The numbers of these rows.
  func rows(_ range: Range<Int>, width: Int) -> Floats {
    numbers(range.lowerBound * width..<range.upperBound * width)
  }
}

/// Memory for so many numbers, all 0 at first, at an address that vector instructions like.
final class Storage {
  let floats: Floats

  init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 64, bytes) == 0, let memory else {
      fatalError("There is no memory for \(count) numbers.")
    }
    memset(memory, 0, bytes)
    floats = Floats(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
  }

  deinit { free(floats.baseAddress) }
}

/// Memory for sums in double precision, all 0 at first.
final class Doubles {
  let numbers: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    numbers = .allocate(capacity: count)
    numbers.initialize(repeating: 0)
  }

  deinit { numbers.deallocate() }
}
