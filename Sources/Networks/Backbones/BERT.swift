/// An encoder of text that reads both ways.
///
/// J. Devlin, M.-W. Chang, K. Lee, K. Toutanova. "BERT: Pre-training of Deep Bidirectional
/// Transformers for Language Understanding." NAACL 2019. The features are the pooler's: of the
/// first token.
public struct BERT: TokenBackbone {
  /// The size of the network.
  public var shape: TransformerShape
  /// What is added to variances.
  public var epsilon: Float = 1e-12

  /// The base network, or one of another size.
  public init(_ shape: TransformerShape = TransformerShape(vocabulary: 30_522, positions: 512)) {
    self.shape = shape
  }

  /// The token that fills up a sequence.
  public var padding: Int { 0 }

  /// Records the layers: what the network knows at each step, [samples, steps, features].
  public func states(of tokens: Tokens, in scope: Scope) -> Variable {
    shape.states(of: tokens, types: 2, padding: padding, epsilon: epsilon, in: scope("bert"))
  }

  /// Records the pooler too: a dense layer on the first token.
  public func features(of tokens: Tokens, in scope: Scope) -> Variable {
    states(of: tokens, in: scope).firstStep()
      .dense(scope("bert.pooler.dense"), shape.width, initialization: .normal(0.02)).tanh()
      .dropout(shape.dropout)
  }
}

extension TransformerShape {
  /// BERT's embeddings and layers.
  func states(
    of tokens: Tokens, types: Int, padding: Int, epsilon: Float, in scope: Scope
  ) -> Variable {
    let embeddings = scope("embeddings")
    let words = tokens.embedding(
      tokens.identifiers, embeddings("word_embeddings"), count: vocabulary, features: width,
      padding: padding)
    let places = tokens.embedding(
      tokens.positions, embeddings("position_embeddings"), count: positions, features: width)
    let sentences = tokens.embedding(
      tokens.types, embeddings("token_type_embeddings"), count: types, features: width)
    let x = (words + sentences + places)
      .layerNorm(embeddings("LayerNorm"), epsilon: epsilon).dropout(dropout)
    return encode(x, tokens, epsilon: epsilon, .bert, in: scope("encoder.layer"))
  }
}
