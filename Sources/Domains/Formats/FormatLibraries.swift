import CMatio
import CPNG
import CZip
import CZlib

/// The libraries that read files.
public enum FormatLibraries {
  /// The libraries that this layer found, with their versions.
  public static var versions: [(name: String, version: String)] {
    var (major, minor, release): (Int32, Int32, Int32) = (0, 0, 0)
    Mat_GetLibraryVersion(&major, &minor, &release)
    return [
      (name: "libpng", version: String(cString: png_get_libpng_ver(nil))),
      (name: "matio", version: "\(major).\(minor).\(release)"),
      (name: "zlib", version: String(cString: zlibVersion())),
      (name: "libzip", version: String(cString: zip_libzip_version())),
    ]
  }
}
