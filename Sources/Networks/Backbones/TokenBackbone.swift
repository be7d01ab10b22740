/// A network that turns sequences of tokens into features.
///
/// A value that describes the network. Weights come into being when it is recorded, with the names
/// that Hugging Face's classifiers of sequences give them.
public protocol TokenBackbone: Classifiable {
  /// The token that fills up a sequence.
  var padding: Int { get }
  /// Whether the first position is the one after that token's number, whose position padding has.
  var countsFromPadding: Bool { get }
  /// Records the network up to what it knows at each step, [samples, steps, features].
  func states(of tokens: Tokens, in scope: Scope) -> Variable
  /// Records the network up to its last features, [samples, features].
  func features(of tokens: Tokens, in scope: Scope) -> Variable
}

extension TokenBackbone {
  /// Positions begin with 0.
  public var countsFromPadding: Bool { false }

  /// The classifier's own name.
  public var headName: String { "classifier" }

  /// So many sequences of at most so many tokens, which are set before each run.
  public func tokens(on tape: Tape, samples: Int, steps: Int) -> Tokens {
    Tokens(
      tape, samples: samples, steps: steps, padding: padding,
      countsFromPadding: countsFromPadding)
  }

  /// Records the network with its classifier: [samples, classes].
  public func logits(of tokens: Tokens, classes: Int, in scope: Scope) -> Variable {
    head(on: features(of: tokens, in: scope), classes: classes, in: scope)
  }
}

/// A batch of sequences of tokens, filled up to the same length.
///
/// ```swift
/// let network = BERT()
/// let tokens = network.tokens(on: tape, samples: 2, steps: 128)
/// let logits = network.logits(of: tokens, classes: 3, in: Scope(weights))
/// let program = Program(computing: [logits], team: Team())
/// program.set(tokens, [[101, 2023, 102], [101, 102]])
/// ```
public final class Tokens {
  /// The number of sequences.
  public let samples: Int
  /// The number of tokens of each, with those that fill it up.
  public let steps: Int
  let identifiers: Indices
  let positions: Indices
  let types: Indices
  /// Where each sequence's last token is among the rows of all.
  let ends: Indices
  /// A number for each token that attention adds: 0, and one far below all others for padding.
  let mask: Variable
  private let padding: Int
  private let countsFromPadding: Bool

  init(_ tape: Tape, samples: Int, steps: Int, padding: Int, countsFromPadding: Bool) {
    self.samples = samples
    self.steps = steps
    self.padding = padding
    self.countsFromPadding = countsFromPadding
    identifiers = tape.indices(samples * steps)
    positions = tape.indices(samples * steps)
    types = tape.indices(samples * steps)
    ends = tape.indices(samples)
    mask = tape.input([samples, steps])
  }

  /// Rows of a matrix of weights, [samples, steps, features].
  func embedding(
    _ indices: Indices, _ scope: Scope, count: Int, features: Int, padding: Int? = nil
  ) -> Variable {
    mask.tape.embedding(
      indices, shape: [samples, steps], scope, count: count, features: features, padding: padding,
      initialization: .normal(0.02))
  }

  /// Sets the indices; returns the numbers of the mask.
  fileprivate func set(_ sequences: [[Int]], types: [[Int]]) -> [Float] {
    func filled(_ lists: [[Int]], _ number: Int) -> [Int] {
      lists.flatMap { $0 + Array(repeating: number, count: steps - $0.count) }
    }
    identifiers.set(filled(sequences, padding))
    self.types.set(filled(types, 0))
    let first = countsFromPadding ? padding + 1 : 0
    positions.set(
      sequences.flatMap { sequence in
        (0..<steps).map { countsFromPadding && $0 >= sequence.count ? padding : first + $0 }
      })
    ends.set(sequences.enumerated().map { $0 * steps + max($1.count, 1) - 1 })
    return sequences.flatMap { sequence in
      (0..<steps).map { $0 < sequence.count ? 0 : -1e30 }
    }
  }
}

extension Program {
  /// Sets sequences of tokens, none longer than the steps; `types` has the number of the sentence
  /// that each token is of, 0 for all where it isn't given.
  public func set(_ tokens: Tokens, _ sequences: [[Int]], types: [[Int]]? = nil) {
    precondition(
      sequences.count == tokens.samples && sequences.allSatisfy { $0.count <= tokens.steps },
      "There are as many sequences as were declared, and none has more tokens than steps.")
    let types = types ?? sequences.map { $0.map { _ in 0 } }
    precondition(
      types.map(\.count) == sequences.map(\.count), "There is a type for each token.")
    set(tokens.mask, tokens.set(sequences, types: types))
  }
}

extension Variable {
  /// The first step of sequences, [samples, steps, features]: [samples, features].
  func firstStep() -> Variable {
    flattened().slice(0..<shape[2], along: .last)
  }

  /// The steps at these places, counted over all samples.
  func steps(at places: Indices) -> Variable {
    reshaped([shape[0] * shape[1], shape[2]]).rows(places)
  }
}
