internal import CLAPACKE

extension BLAS {
  /// The libraries that this layer found, with their versions.
  public static var libraries: [(name: String, version: String)] {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    LAPACKE_ilaver(&major, &minor, &patch)
    let words = configuration.split(separator: " ")
    let version = words.first == "OpenBLAS" ? words.dropFirst().first.map(String.init) : nil
    return [
      (name: "OpenBLAS", version: version ?? configuration),
      (name: "LAPACK", version: "\(major).\(minor).\(patch)"),
    ]
  }
}
