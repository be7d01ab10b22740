/// The facts about the whole program.
public enum TransferBench {
  /// The version, as `bench --version` prints it and the ids of cells hold it.
  public static let version = "0.1.0"
  /// What a completed cell holds, counted up with every addition.
  ///
  /// Cells of an older store lack it and are run again. 2: every classifier's predictions for the
  /// held-out source.
  static let cellContents = 2
}
