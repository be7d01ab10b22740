public import Domains
public import Learners
public import LinearAlgebra

extension LabelledSample {
  /// What a layer of a network computes of samples, n × d: n × the layer's channels.
  ///
  /// The network is the one that methods begin with: trained on this sample, unless it begins with a
  /// file's weights. `layer` names a layer, whose outputs are taken before their activation and
  /// averaged over an image, or is `last` for the features before the head.
  ///
  /// - Throws: `MethodError.learner`, or `.unknownLayer`.
  public func networkFeatures(
    of samples: Matrix<Double>, _ network: NetworkChoice, layer: String
  ) throws(MethodError) -> Matrix<Double> {
    try FrozenFeatures(pretrained(network), layer: layer)(samples)
  }
}
