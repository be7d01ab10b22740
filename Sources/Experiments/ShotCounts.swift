/// How many labelled target samples of each class inductive methods are granted: one number, or
/// several, at each of which they are run.
public struct ShotCounts: Sendable, Hashable {
  /// The numbers, ascending, each once.
  public let counts: [Int]

  /// These numbers of shots, in any order.
  public init(_ counts: [Int]) {
    var ascending: [Int] = []
    for count in counts.sorted() where ascending.last != count { ascending.append(count) }
    self.counts = ascending
  }

  /// The numbers that a list separated by commas states; nil where it is none.
  public init?(_ text: String) {
    var counts: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let count = Int(part.filter { !$0.isWhitespace }) else { return nil }
      counts.append(count)
    }
    self.init(counts)
  }

  /// Whether there are several, and with them a learning curve.
  var areSeveral: Bool { counts.count > 1 }
}

extension ShotCounts: ExpressibleByIntegerLiteral {
  /// One number of shots.
  public init(integerLiteral count: Int) {
    self.init([count])
  }
}

extension ShotCounts: CustomStringConvertible {
  /// The numbers, separated by commas.
  public var description: String { counts.map { String($0) }.joined(separator: ",") }
}

extension ShotCounts: Codable {
  /// Reads one number or a list.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self.init([count])
    } else {
      self.init(try container.decode([Int].self))
    }
  }

  /// Writes one number as a number, several as a list.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if counts.count == 1 {
      try container.encode(counts[0])
    } else {
      try container.encode(counts)
    }
  }
}
