extension Metric {
  /// The share of samples predicted right.
  public static let accuracy = Metric(
    id: "accuracy", title: "Accuracy", direction: .higherIsBetter
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in confusion(weights).accuracy }
  }

  /// The mean recall of the classes that are present.
  public static let balancedAccuracy = Metric(
    id: "balanced-accuracy", title: "Balanced accuracy", direction: .higherIsBetter
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let recalls = confusion(weights).recalls.compactMap { $0 }
      return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
    }
  }

  /// The mean F₁ = 2 TP / (2 TP + FP + FN) of the classes present in the truth or the predictions.
  public static let macroF1 = Metric(
    id: "macro-f1", title: "Macro F1", direction: .higherIsBetter
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let confusion = confusion(weights)
      let (truth, predicted) = (confusion.trueMarginals, confusion.predictedMarginals)
      var sum = 0.0
      var present = 0.0
      for label in 0..<confusion.classCount where truth[label] + predicted[label] > 0 {
        sum += 2 * confusion[label, label] / (truth[label] + predicted[label])
        present += 1
      }
      return present > 0 ? sum / present : nil
    }
  }
}
