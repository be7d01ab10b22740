/// BERT with half of its layers, which learnt from BERT.
///
/// V. Sanh, L. Debut, J. Chaumond, T. Wolf. "DistilBERT, a distilled version of BERT."
/// arXiv:1910.01108, 2019. The features are those of a hidden layer of the classifier, which reads
/// the first token.
public struct DistilBERT: TokenBackbone {
  /// The size of the network.
  public var shape: TransformerShape
  /// What is added to variances.
  public var epsilon: Float = 1e-12
  /// The rate of dropout before the classifier.
  public var headDropout: Float = 0.2

  /// The base network, or one of another size.
  public init(
    _ shape: TransformerShape = TransformerShape(layers: 6, vocabulary: 30_522, positions: 512)
  ) { self.shape = shape }

  /// The token that fills up a sequence.
  public var padding: Int { 0 }

  private static let names = EncoderNames(
    query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
    attended: "attention.out_lin", attendedNorm: "sa_layer_norm", inner: "ffn.lin1",
    outer: "ffn.lin2", outerNorm: "output_layer_norm")

  /// Records the layers: what the network knows at each step, [samples, steps, features].
  public func states(of tokens: Tokens, in scope: Scope) -> Variable {
    let scope = scope("distilbert")
    let embeddings = scope("embeddings")
    let words = tokens.embedding(
      tokens.identifiers, embeddings("word_embeddings"), count: shape.vocabulary,
      features: shape.width, padding: padding)
    let places = tokens.embedding(
      tokens.positions, embeddings("position_embeddings"), count: shape.positions,
      features: shape.width)
    let x = (words + places).layerNorm(embeddings("LayerNorm"), epsilon: epsilon)
      .dropout(shape.dropout)
    return shape.encode(
      x, tokens, epsilon: epsilon, Self.names, in: scope("transformer.layer"))
  }

  /// Records the hidden layer of the classifier too.
  public func features(of tokens: Tokens, in scope: Scope) -> Variable {
    states(of: tokens, in: scope).firstStep()
      .dense(scope("pre_classifier"), shape.width, initialization: .normal(0.02)).relu()
      .dropout(headDropout)
  }
}
