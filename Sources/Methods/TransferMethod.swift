public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// A transfer method: a value whose properties are its hyperparameters.
///
/// A method conforms to the protocol of its setting, whose `fit` is given what the setting
/// grants and nothing else. Sensitive groups never reach a method.
public protocol TransferMethod: Parameterized {
  /// The method's name, family and source.
  static var card: MethodCard { get }
  /// Values of the reference's parameters that this method fixes, where they are no parameters
  /// of its own.
  static var referenceAssignments: [Assignment] { get }
}

extension TransferMethod {
  /// None: the reference shares the method's own parameters of the same name.
  public static var referenceAssignments: [Assignment] { [] }
}

/// Sees the labelled source and the unlabelled target.
public protocol TransductiveMethod: TransferMethod {
  /// The fitted classifier of target samples.
  associatedtype Model: Classifier
  /// Fits the classifier; the samples have the same columns.
  func fit(source: LabelledSample, target: UnlabelledSample, key: RandomKey)
    throws(MethodError) -> Model
}

/// Sees the labelled source, a few labelled target samples, and the rest of the target unlabelled.
public protocol InductiveMethod: TransferMethod {
  /// The fitted classifier of target samples.
  associatedtype Model: Classifier
  /// Fits the classifier; the samples have the same columns.
  func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> Model
}

/// Sees no label at all.
public protocol UnsupervisedMethod: TransferMethod {
  /// The fitted clustering of target samples.
  associatedtype Model: Clustering
  /// Fits a clustering of the target into that many clusters.
  func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> Model
}

/// Sees the labelled target: what transfer could reach at best.
public protocol OracleMethod: TransferMethod {
  /// The fitted classifier of target samples.
  associatedtype Model: Classifier
  /// Fits the classifier on the labelled part of the target that is not tested on.
  func fit(target: LabelledSample, key: RandomKey) throws(MethodError) -> Model
}

extension LearnerChoice: ParameterChoice {
  /// The learners that are fitted in no time: no network.
  public static var grid: [LearnerChoice] { allCases.filter { $0.network == nil } }
}
extension NetworkChoice: ParameterChoice {
  /// The networks that take features of any kind.
  public static var grid: [NetworkChoice] { allCases.filter { !$0.takesImages } }
}
extension DeepEmbeddedClustering.Encoder: ParameterChoice {
  /// The one for features of any kind.
  public static var grid: [Self] { [.small] }
}
extension TransportCost: ParameterChoice {}
extension CostUnit: ParameterChoice {}

extension LearnerChoice {
  /// Fits the learner to a labelled sample, with an optional weight for each row.
  ///
  /// Without weights the methods that fit it to the same sample share it, unless it is a network:
  /// only those draw from their key.
  public func fit(
    _ sample: LabelledSample, weights: [Double]? = nil, key: RandomKey
  ) throws(MethodError) -> any Classifier {
    func fitted() throws(LearnerError) -> any Classifier {
      try fit(
        features: sample.features, labels: sample.labels, classCount: sample.classCount,
        weights: weights, key: key)
    }
    do {
      guard weights == nil, network == nil else { return try fitted() }
      return try sample.shared.once(
        "learner \(rawValue)", bytes: 8 * sample.features.elements.count, fitted)
    } catch {
      throw .learner(error)
    }
  }
}
