/// The size of a transformer.
public struct TransformerShape: Sendable, Hashable {
  /// The number of layers.
  public var layers: Int
  /// The features of each step.
  public var width: Int
  /// The heads of attention, which share the features.
  public var heads: Int
  /// The features between a layer's two dense layers.
  public var inner: Int
  /// The number of tokens there are.
  public var vocabulary: Int
  /// The number of positions that have a vector.
  public var positions: Int
  /// The rate of dropout, of probabilities and of what layers add.
  public var dropout: Float

  /// A size; 12 layers of 768 features where nothing else is said.
  public init(
    layers: Int = 12, width: Int = 768, heads: Int = 12, inner: Int = 3072, vocabulary: Int,
    positions: Int, dropout: Float = 0.1
  ) {
    self.layers = layers
    self.width = width
    self.heads = heads
    self.inner = inner
    self.vocabulary = vocabulary
    self.positions = positions
    self.dropout = dropout
  }
}

/// The names of the parts of a layer that normalises last.
struct EncoderNames {
  var query: String
  var key: String
  var value: String
  var attended: String
  var attendedNorm: String
  var inner: String
  var outer: String
  var outerNorm: String

  /// Those of BERT and RoBERTa.
  static let bert = EncoderNames(
    query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
    attended: "attention.output.dense", attendedNorm: "attention.output.LayerNorm",
    inner: "intermediate.dense", outer: "output.dense", outerNorm: "output.LayerNorm")
}

extension TransformerShape {
  /// Layers that read all steps, and normalise after each of their sums.
  ///
  /// A. Vaswani et al. "Attention Is All You Need." NeurIPS 2017.
  func encode(
    _ input: Variable, _ tokens: Tokens, epsilon: Float, _ names: EncoderNames, in scope: Scope
  ) -> Variable {
    var x = input
    for layer in 0..<layers {
      let scope = scope(layer)
      func dense(_ x: Variable, _ name: String, _ outputs: Int) -> Variable {
        x.dense(scope(name), outputs, initialization: .normal(0.02))
      }
      let attended = Variable.attention(
        queries: dense(x, names.query, width), keys: dense(x, names.key, width),
        values: dense(x, names.value, width), heads: heads, mask: tokens.mask, dropout: dropout)
      x = (dense(attended, names.attended, width).dropout(dropout) + x)
        .layerNorm(scope(names.attendedNorm), epsilon: epsilon)
      let inner = dense(x, names.inner, inner).gelu()
      x = (dense(inner, names.outer, width).dropout(dropout) + x)
        .layerNorm(scope(names.outerNorm), epsilon: epsilon)
    }
    return x
  }
}
