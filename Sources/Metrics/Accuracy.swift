extension Metric {
  /// The share of samples predicted right.
  public static let accuracy = Metric(
    id: "accuracy", title: "Accuracy", direction: .higherIsBetter,
    definition: "The share of samples predicted right.",
    lanes: .accuracy
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in confusion(weights).accuracy }
  }

  /// The mean recall of the classes that are present.
  public static let balancedAccuracy = Metric(
    id: "balanced-accuracy", title: "Balanced accuracy", direction: .higherIsBetter,
    definition: "The mean recall of the classes that are present in the truth.",
    lanes: .balancedAccuracy
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let recalls = confusion(weights).recalls.compactMap { $0 }
      return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
    }
  }

  /// The mean precision of the classes present in the truth or the predictions.
  ///
  /// A class that is never predicted has no precision and counts 0, as of scikit-learn
  /// (`zero_division=0`): a model that gives up a class must not gain by it.
  public static let macroPrecision = Metric(
    id: "macro-precision", title: "Macro precision", direction: .higherIsBetter,
    definition: "The mean precision of the classes present in the truth or the predictions; "
      + "a class that is never predicted counts 0.",
    isResampled: false
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let confusion = confusion(weights)
      return confusion.macro(confusion.precisions)
    }
  }

  /// The mean recall of the classes present in the truth or the predictions.
  ///
  /// A class that is predicted and never true has no recall and counts 0, as of scikit-learn
  /// (`zero_division=0`); `balancedAccuracy` leaves it out.
  public static let macroRecall = Metric(
    id: "macro-recall", title: "Macro recall", direction: .higherIsBetter,
    definition: "The mean recall of the classes present in the truth or the predictions; "
      + "a class that is predicted but never true counts 0.",
    isResampled: false
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let confusion = confusion(weights)
      return confusion.macro(confusion.recalls)
    }
  }

  /// The mean F₁ = 2 TP / (2 TP + FP + FN) of the classes present in the truth or the predictions.
  public static let macroF1 = Metric(
    id: "macro-f1", title: "Macro F1", direction: .higherIsBetter,
    definition: "The mean of 2 TP / (2 TP + FP + FN) over the classes present in the truth or the "
      + "predictions.",
    lanes: .macroF1
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let confusion = confusion(weights)
      return confusion.macro(confusion.f1Scores)
    }
  }
}
