/// A decoder of text: no step reads those after it.
///
/// A. Radford et al. "Language Models are Unsupervised Multitask Learners." OpenAI, 2019. The
/// features are those of each sequence's last token. Matrices have a row for each input.
public struct GPT2: TokenBackbone {
  /// The size of the network.
  public var shape: TransformerShape
  /// What is added to variances.
  public var epsilon: Float = 1e-5
  /// The token that fills up a sequence: any, for no step reads it.
  public var padding = 0

  /// The small network, or one of another size.
  public init(_ shape: TransformerShape = TransformerShape(vocabulary: 50_257, positions: 1024)) {
    self.shape = shape
  }

  /// The name that Hugging Face gives the classifier.
  public var headName: String { "score" }

  /// Records the layers: what the network knows at each step, [samples, steps, features].
  public func states(of tokens: Tokens, in scope: Scope) -> Variable {
    let scope = scope("transformer")
    let words = tokens.embedding(
      tokens.identifiers, scope("wte"), count: shape.vocabulary, features: shape.width)
    let places = tokens.embedding(
      tokens.positions, scope("wpe"), count: shape.positions, features: shape.width)
    var x = (words + places).dropout(shape.dropout)
    for layer in 0..<shape.layers { x = block(x, tokens, in: scope("h")(layer)) }
    return x.layerNorm(scope("ln_f"), epsilon: epsilon)
  }

  /// Records the network up to each sequence's last token.
  public func features(of tokens: Tokens, in scope: Scope) -> Variable {
    states(of: tokens, in: scope).steps(at: tokens.ends)
  }

  /// A dense layer without biases.
  public func head(on features: Variable, classes: Int, in scope: Scope) -> Variable {
    features.dense(
      scope(headName), classes, hasBias: false, initialization: .normal(0.02))
  }

  /// Attention and two dense layers, each of which normalises what it reads.
  private func block(_ x: Variable, _ tokens: Tokens, in scope: Scope) -> Variable {
    func dense(_ x: Variable, _ name: String, _ outputs: Int) -> Variable {
      x.dense(scope(name), outputs, inputRows: true, initialization: .normal(0.02))
    }
    let width = shape.width
    let parts = dense(x.layerNorm(scope("ln_1"), epsilon: epsilon), "attn.c_attn", 3 * width)
    let attended = Variable.attention(
      queries: parts.slice(0..<width, along: .last),
      keys: parts.slice(width..<2 * width, along: .last),
      values: parts.slice(2 * width..<3 * width, along: .last), heads: shape.heads,
      mask: tokens.mask, isCausal: true, dropout: shape.dropout)
    let x = dense(attended, "attn.c_proj", width).dropout(shape.dropout) + x
    let inner = dense(x.layerNorm(scope("ln_2"), epsilon: epsilon), "mlp.c_fc", shape.inner)
      .geluTanh()
    return dense(inner, "mlp.c_proj", width).dropout(shape.dropout) + x
  }
}
