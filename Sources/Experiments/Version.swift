/// The facts about the whole program.
public enum TransferBench {
  /// The version, as `bench --version` prints it and the ids of cells hold it.
  public static let version = "0.1.0"
}
