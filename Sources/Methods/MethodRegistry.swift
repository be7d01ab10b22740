/// Every method there is.
public enum MethodRegistry {
  /// One entry a method, in the order in which they are shown.
  public static let all: [MethodEntry] = []

  /// The method of that id.
  public static func entry(_ id: String) -> MethodEntry? {
    all.first { $0.card.id == id }
  }
}
