/// BERT's layers, trained on more text without its second task.
///
/// Y. Liu et al. "RoBERTa: A Robustly Optimized BERT Pretraining Approach." arXiv:1907.11692, 2019.
/// Positions begin with 2; the features are those of a hidden layer of the classifier, which reads
/// the first token.
public struct RoBERTa: TokenBackbone {
  /// The size of the network; two positions more than tokens in a sequence.
  public var shape: TransformerShape
  /// What is added to variances.
  public var epsilon: Float = 1e-5

  /// The base network, or one of another size.
  public init(_ shape: TransformerShape = TransformerShape(vocabulary: 50_265, positions: 514)) {
    self.shape = shape
  }

  /// The token that fills up a sequence.
  public var padding: Int { 1 }

  /// Positions begin after the number of the token that fills up.
  public var countsFromPadding: Bool { true }

  /// The name that Hugging Face gives the classifier's last layer.
  public var headName: String { "classifier.out_proj" }

  /// Records the layers: what the network knows at each step, [samples, steps, features].
  public func states(of tokens: Tokens, in scope: Scope) -> Variable {
    shape.states(of: tokens, types: 1, padding: padding, epsilon: epsilon, in: scope("roberta"))
  }

  /// Records the hidden layer of the classifier too.
  public func features(of tokens: Tokens, in scope: Scope) -> Variable {
    states(of: tokens, in: scope).firstStep().dropout(shape.dropout)
      .dense(scope("classifier.dense"), shape.width, initialization: .normal(0.02)).tanh()
      .dropout(shape.dropout)
  }
}
