import Domains
import Foundation
import Learners
import Parameters
import Randomness

/// One fit and its test: everything that determines its result.
public struct Cell: Sendable, Hashable, Codable {
  /// The pair's name, `dataset:source->target`.
  public let pair: String
  /// The SHA-256 of the pair's data.
  public let checksum: String
  /// The method's id.
  public let method: String
  /// Every hyperparameter with its value, as compact JSON with sorted keys.
  public private(set) var parameters: String
  /// The protocol's name.
  public let protocolName: String
  /// The fraction held out; 0 under the transductive protocol.
  public let holdout: Double
  /// Labelled target samples for each class, granted to inductive methods.
  public let shots: Int
  /// The repetition, counted from 0.
  public let repetition: Int
  /// The run's seed.
  public let seed: UInt64
  /// How the hyperparameters were chosen: `none` takes those stated.
  ///
  /// It tells rows apart and is no part of what determines the result.
  public var selection: String
  /// The versions of the program and of the method.
  public let version: String
  /// The fold of the inner split that the setting is judged on; nil for a test.
  public var fold: InnerFold?
  /// The weights that the method begins with; nil where the source trains its network, or it has
  /// none.
  public var backbone: GivenBackbone?

  /// The same test of another setting of the method.
  func with(_ setting: PlannedMethod) -> Cell {
    var cell = self
    cell.parameters = setting.parameters
    return cell
  }

  /// The protocol under which the cell is run.
  var evaluationProtocol: EvaluationProtocol {
    protocolName == "holdout" ? .holdout(holdout) : .transductive
  }

  /// The cell's name: the SHA-256 of all of the above.
  public var id: String {
    var facts = [
      pair, checksum, method, parameters, protocolName, holdout.description, String(shots),
      String(repetition), String(seed), version,
    ]
    if let backbone { facts.append("\(backbone.network.rawValue) \(backbone.checksum ?? "")") }
    if let fold { facts.append("fold \(fold.index) of \(fold.count) \(fold.isReversed)") }
    return Checksum.sha256(bytes: Array(facts.joined(separator: "\u{1F}").utf8))
  }

  /// Names the split: shared by every method on this pair and repetition.
  var splitKey: RandomKey {
    RandomKey(seed: seed).child("split").child(pair).child("repetition", repetition)
  }

  /// Names the randomness of the fit: the method's own.
  var fitKey: RandomKey {
    let key = RandomKey(seed: seed).child("fit").child(pair).child(method)
      .child("repetition", repetition)
    return fold.map { key.child("fold", $0.index) } ?? key
  }
}
