/// Every method there is.
public enum MethodRegistry {
  /// One entry a method, in the order in which they are shown.
  public static let all: [MethodEntry] = [
    MethodEntry(SourceOnly.self),
    MethodEntry(TargetOnly.self),
    MethodEntry(Joint.self),
    MethodEntry(TargetOracle.self),
    MethodEntry(TargetClustering.self),
    MethodEntry(BiasedLogistic.self),
    MethodEntry(FeatureAugmentation.self),
    MethodEntry(PCAFeatures.self),
    MethodEntry(RandomFeatures.self),
    MethodEntry(SimpleShot.self),
    MethodEntry(DistributionCalibration.self),
    MethodEntry(NearestNeighbourWeights.self),
    MethodEntry(Coral.self),
    MethodEntry(JointPCA.self),
    MethodEntry(SubspaceAlignment.self),
    MethodEntry(TransferComponents.self),
    MethodEntry(JointDistribution.self),
    MethodEntry(SinkhornTransport.self),
    MethodEntry(SeededKMeans.self),
    MethodEntry(TransferFuzzyCMeans.self),
  ]

  /// The method of that id.
  public static func entry(_ id: String) -> MethodEntry? {
    all.first { $0.card.id == id }
  }
}
