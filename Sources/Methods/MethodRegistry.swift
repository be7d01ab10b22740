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
    MethodEntry(TrAdaBoost.self),
    MethodEntry(FineTune.self),
    MethodEntry(ProbeThenTune.self),
    MethodEntry(GradualUnfreezing.self),
    MethodEntry(StartingPoint.self),
    MethodEntry(FeatureMapAttention.self),
    MethodEntry(SpectralShrinkage.self),
    MethodEntry(StochasticNormalization.self),
    MethodEntry(CoTuning.self),
    MethodEntry(BiasTuning.self),
    MethodEntry(LowRankAdaptation.self),
    MethodEntry(SurgicalTuning.self),
    MethodEntry(WeightEnsemble.self),
    MethodEntry(PCAFeatures.self),
    MethodEntry(RandomFeatures.self),
    MethodEntry(LinearProbe.self),
    MethodEntry(RandomBackbone.self),
    MethodEntry(HeadToToe.self),
    MethodEntry(SimpleShot.self),
    MethodEntry(DistributionCalibration.self),
    MethodEntry(Prototypical.self),
    MethodEntry(Matching.self),
    MethodEntry(Relation.self),
    MethodEntry(BaselinePlusPlus.self),
    MethodEntry(LaplacianShot.self),
    MethodEntry(InformationMaximization.self),
    MethodEntry(SemanticAlignment.self),
    MethodEntry(MinimaxEntropy.self),
    MethodEntry(ModelAgnostic.self),
    MethodEntry(HeadAdaptation.self),
    MethodEntry(Reptile.self),
    MethodEntry(NearestNeighbourWeights.self),
    MethodEntry(DiscriminatorWeights.self),
    MethodEntry(GaussianWeights.self),
    MethodEntry(DensityWeights.self),
    MethodEntry(KernelMeanMatching.self),
    MethodEntry(KLIEP.self),
    MethodEntry(LeastSquaresWeights.self),
    MethodEntry(RelativeLeastSquaresWeights.self),
    MethodEntry(LabelShiftEM.self),
    MethodEntry(TargetShift.self),
    MethodEntry(Coral.self),
    MethodEntry(JointPCA.self),
    MethodEntry(SubspaceAlignment.self),
    MethodEntry(TransferComponents.self),
    MethodEntry(JointDistribution.self),
    MethodEntry(GeodesicFlowKernel.self),
    MethodEntry(TransferJointMatching.self),
    MethodEntry(BalancedDistribution.self),
    MethodEntry(JointGeometricalStatistical.self),
    MethodEntry(ManifoldEmbedded.self),
    MethodEntry(MarginalizedDenoising.self),
    MethodEntry(LabelPropagation.self),
    MethodEntry(SelfLabellingSVM.self),
    MethodEntry(LocationScale.self),
    MethodEntry(TransferSubspace.self),
    MethodEntry(EasyTransfer.self),
    MethodEntry(EarthMover.self),
    MethodEntry(SinkhornTransport.self),
    MethodEntry(GroupLassoTransport.self),
    MethodEntry(LinearTransport.self),
    MethodEntry(TransportLabels.self),
    MethodEntry(JointTransport.self),
    MethodEntry(DomainAdversarial.self),
    MethodEntry(SeededKMeans.self),
    MethodEntry(TransferFuzzyCMeans.self),
    MethodEntry(MixtureMAP.self),
    MethodEntry(TransportClustering.self),
    MethodEntry(TransferredDiscriminant.self),
    MethodEntry(DictionaryTransfer.self),
    MethodEntry(SelfTaughtClustering.self),
    MethodEntry(TransferSpectral.self),
    MethodEntry(DeepEmbedded.self),
  ]

  /// The method of that id.
  public static func entry(_ id: String) -> MethodEntry? {
    all.first { $0.card.id == id }
  }
}

extension MethodRegistry {
  /// The method that is the model before any transfer.
  public static let sourceModelID = "source-only"

  /// The method that bounds transfer from above.
  public static let oracleID = "target-oracle"

  /// The no-transfer method that a setting's methods are measured against.
  public static func referenceID(of setting: Setting) -> String? {
    switch setting {
    case .transductive: sourceModelID
    case .inductive: "target-only"
    case .unsupervised: "target-clustering"
    case .oracle: nil
    }
  }
}
