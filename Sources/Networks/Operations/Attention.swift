import CKernels

/// Scaled dot-product attention of several heads (Vaswani et al., NeurIPS 2017).
///
/// ```
/// P = softmax(Q Kᵀ / √d + M),   O = P V                                  (1)
/// ∂L/∂V = Pᵀ G,   D = P ∘ (G Vᵀ − rowsum(P ∘ G Vᵀ)),   G = ∂L/∂O         (2)
/// ∂L/∂Q = D K / √d,   ∂L/∂K = Dᵀ Q / √d                                  (3)
/// ```
///
/// Each head reads d of the features, the first head the first d. M is the mask: a number for each
/// sample's key, −∞ (or a number far below all others) for those that count for nothing; causal
/// attention also leaves out the keys after a query. With dropout, (1) and (2) take dropped
/// probabilities for P where they multiply V and G, and (2) drops G Vᵀ alike.
final class Attention: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let samples: Int
  private let heads: Int
  private let queries: Int
  private let keys: Int
  private let features: Int
  private let isCausal: Bool
  private let dropout: Float
  private let draws: StepDraws?
  /// The probabilities of all heads, where a backward pass needs them.
  private var probabilities: Storage?
  private var scratch: [Floats] = []

  init(
    queries: Variable, keys: Variable, values: Variable, mask: Variable?, heads: Int,
    isCausal: Bool, dropout: Float
  ) {
    operands = ([queries, keys, values] + (mask.map { [$0] } ?? [])).map { Operand($0.node) }
    precondition(
      queries.shape.count == 3 && keys.shape == values.shape && keys.shape.count == 3
        && queries.shape[0] == keys.shape[0] && queries.shape[2] == keys.shape[2],
      "Queries, keys and values are [samples, steps, features].")
    samples = queries.shape[0]
    self.queries = queries.shape[1]
    self.keys = keys.shape[1]
    features = queries.shape[2]
    self.heads = heads
    self.isCausal = isCausal
    self.dropout = dropout
    draws = dropout > 0 ? StepDraws(queries.tape) : nil
    precondition(heads > 0 && features % heads == 0, "Heads divide the features.")
    if let mask {
      precondition(
        mask.shape == [samples, self.keys] && !mask.node.isDifferentiable,
        "A mask is an input with a number for each sample's key.")
    }
    output = Variable.output(queries.shape, of: operands)
  }

  private var size: Int { features / heads }
  private var factor: Float { 1 / Float(size).squareRoot() }
  private var drops: Int { draws == nil ? 0 : queries * keys }

  var scratchCount: Int { queries * keys + drops }

  func prepare(scratch: [Floats]) {
    self.scratch = scratch
    // Recomputing them would cost a third more than is done backwards.
    probabilities =
      output.gradient.count > 0 ? Storage(count: samples * heads * queries * keys) : nil
  }

  /// Calls the body with each head of each sample, and the memory of the half that it is in.
  private func eachHead(
    _ team: Team, _ body: (_ pair: Int, _ scratch: Floats) -> Void
  ) {
    team.split(samples * heads, width: queries * keys * size / 4) { range in
      let scratch = scratch[range.lowerBound == 0 ? 0 : 1]
      for pair in range { body(pair, scratch) }
    }
  }

  /// Where a head's numbers begin; rows are as far apart as there are features.
  private func head(_ pair: Int, of floats: Floats, steps: Int) -> UnsafeMutablePointer<Float>? {
    floats.from(pair / heads * steps * features + pair % heads * size)
  }

  func forward(_ team: Team) {
    let word = draws?.word ?? 0
    eachHead(team) { pair, scratch in
      let scores =
        probabilities.map { $0.floats.from(pair, width: queries * keys) }
        ?? scratch.baseAddress
      multiply(
        head(pair, of: operands[0].value, steps: queries), stride: features,
        head(pair, of: operands[1].value, steps: keys), .transposed, stride: features,
        into: scores, stride: keys, rows: queries, columns: keys, inner: size, factor: factor)
      normalise(scores, sample: pair / heads)
      let dropped = drop(scores, pair, word, scratch)
      multiply(
        dropped, stride: keys, head(pair, of: operands[2].value, steps: keys), stride: features,
        into: head(pair, of: output.value, steps: queries), stride: features, rows: queries,
        columns: size, inner: keys)
    }
  }

  /// The probabilities of (1), in the place of the scores.
  private func normalise(_ scores: UnsafeMutablePointer<Float>?, sample: Int) {
    if operands.count > 3 {
      ck_add_row_f32(queries, keys, operands[3].value.from(sample, width: keys), scores)
    }
    guard isCausal else { return ck_softmax_f32(queries, keys, scores, scores) }
    for query in 0..<queries {
      guard let row = scores?.advanced(by: query * keys) else { continue }
      let count = min(query + 1, keys)
      ck_softmax_f32(1, count, row, row)
      row.advanced(by: count).update(repeating: 0, count: keys - count)
    }
  }

  /// Drops some of a head's numbers: in the second part of the scratch memory.
  private func drop(
    _ numbers: UnsafeMutablePointer<Float>?, _ pair: Int, _ word: UInt64, _ scratch: Floats
  ) -> UnsafeMutablePointer<Float>? {
    guard draws != nil else { return numbers }
    let dropped = scratch.from(queries * keys)
    ck_dropout_f32(
      queries * keys, word, UInt64(pair * queries * keys), dropout, numbers, dropped)
    return dropped
  }

  func backward(_ team: Team) {
    guard let probabilities else { return }
    let word = draws?.word ?? 0
    let (query, key, value) = (operands[0], operands[1], operands[2])
    eachHead(team) { pair, scratch in
      let p = probabilities.floats.from(pair, width: queries * keys)
      let slopes = head(pair, of: output.gradient, steps: queries)
      if value.wantsGradient {
        multiply(
          drop(p, pair, word, scratch), .transposed, stride: keys, slopes, stride: features,
          into: head(pair, of: value.gradient, steps: keys), stride: features, rows: keys,
          columns: size, inner: queries)
      }
      guard query.wantsGradient || key.wantsGradient else { return }
      multiply(
        slopes, stride: features, head(pair, of: value.value, steps: keys), .transposed,
        stride: features, into: scratch.baseAddress, stride: keys, rows: queries, columns: keys,
        inner: size)
      ck_softmax_slopes_f32(
        queries, keys, p, drop(scratch.baseAddress, pair, word, scratch), scratch.baseAddress)
      if query.wantsGradient {
        multiply(
          scratch.baseAddress, stride: keys, head(pair, of: key.value, steps: keys),
          stride: features, into: head(pair, of: query.gradient, steps: queries),
          stride: features, rows: queries, columns: size, inner: keys, factor: factor)
      }
      if key.wantsGradient {
        multiply(
          scratch.baseAddress, .transposed, stride: keys,
          head(pair, of: query.value, steps: queries), stride: features,
          into: head(pair, of: key.gradient, steps: keys), stride: features, rows: keys,
          columns: size, inner: queries, factor: factor)
      }
    }
  }
}

extension Variable {
  /// Attention of several heads: for each query a mean of the values, weighted by how the query
  /// agrees with the keys; queries, keys and values are [samples, steps, features].
  ///
  /// The caller projects: `dense` before and after. `mask` is an input, [samples, steps of the
  /// keys], which is added to what the softmax takes: 0 for keys that count, a number far below 0
  /// for padding. Where `isCausal` no query reads the keys after it. `dropout` is the rate at which
  /// probabilities are dropped in training.
  public static func attention(
    queries: Variable, keys: Variable, values: Variable, heads: Int, mask: Variable? = nil,
    isCausal: Bool = false, dropout: Float = 0
  ) -> Variable {
    queries.tape.record(
      Attention(
        queries: queries, keys: keys, values: values, mask: mask, heads: heads,
        isCausal: isCausal, dropout: queries.tape.mode == .training ? dropout : 0))
  }
}
