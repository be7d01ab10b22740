import CPNG
import Glibc

/// A folder that holds a folder of PNG images for each class.
///
/// Classes and images come in the order of their names' bytes. All images have one size, and all
/// are gray or all in colour, of 8 bits a sample at most and without transparency. Names that
/// begin with a dot, and files beside the classes' folders, count for nothing. Samples are what
/// the file holds: gamma values and colour profiles change nothing.
public enum PNGFolder {
  /// The images, with their samples from 0 to 255, and the class of each.
  ///
  /// `images` has the shape n × height × width, and × 3 (red, green, blue) for colour. Throws
  /// `DomainError.missing`, or `.malformed` with the image's path.
  public static func read(
    _ path: String
  ) throws(DomainError) -> (images: NumericArray, labels: [Int], classes: [String]) {
    let classes = try names(in: path).filter { isFolder("\(path)/\($0)") }
    guard !classes.isEmpty else {
      throw .malformed(
        path: path, place: "folder", expected: "a folder of images for each class",
        found: "no folders")
    }
    var values: [Double] = []
    var labels: [Int] = []
    var first: (path: String, shape: [Int])?
    for (label, name) in classes.enumerated() {
      let folder = "\(path)/\(name)"
      let images = try names(in: folder)
      guard !images.isEmpty else {
        throw .malformed(path: folder, place: "folder", expected: "PNG images", found: "no files")
      }
      for image in images {
        let imagePath = "\(folder)/\(image)"
        let (shape, samples) = try self.image(imagePath)
        if let first, first.shape != shape {
          throw .malformed(
            path: imagePath, place: "header",
            expected: "\(DeclaredShape.text(first.shape)) samples, as in \(first.path)",
            found: DeclaredShape.text(shape))
        }
        first = first ?? (imagePath, shape)
        values.append(contentsOf: samples.lazy.map(Double.init))
        labels.append(label)
      }
    }
    return (
      NumericArray(shape: [labels.count] + (first?.shape ?? []), values: values), labels, classes
    )
  }

  /// One image: height × width, or height × width × 3, and its samples.
  static func image(_ path: String) throws(DomainError) -> (shape: [Int], samples: [UInt8]) {
    let bytes = withoutColourSpace(try FileBytes.read(path))
    // libpng reads from the bytes until the image is whole, so all of it happens in one closure.
    return try bytes.withUnsafeBytes { file in
      Result { () throws(DomainError) in try decode(file, path) }
    }.get()
  }

  /// The file without the chunks that say what its samples mean: libpng would convert them.
  ///
  /// A chunk is its length, four letters, so many bytes, and a checksum. A file that breaks this
  /// is left for libpng to refuse.
  private static func withoutColourSpace(_ bytes: [UInt8]) -> [UInt8] {
    let removed = ["gAMA", "cHRM", "sRGB", "iCCP"].map { Array($0.utf8) }
    var result = Array(bytes.prefix(8))
    var position = 8
    while bytes.count - position >= 12 {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let chunk = bytes[position..<position + 12 + length]
      if !removed.contains(Array(chunk.dropFirst(4).prefix(4))) { result.append(contentsOf: chunk) }
      position += chunk.count
    }
    return position < bytes.count ? result + bytes[position...] : result
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws(DomainError) -> (shape: [Int], samples: [UInt8]) {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw damaged(path, &image)
    }
    let transparent = UInt32(PNG_FORMAT_FLAG_ALPHA)
    guard image.format & (transparent | UInt32(PNG_FORMAT_FLAG_LINEAR)) == 0 else {
      throw .malformed(
        path: path, place: "header",
        expected: "gray or colour of 8 bits a sample at most, without transparency",
        found: image.format & transparent != 0 ? "transparency" : "16 bits a sample")
    }
    let isColour = image.format & UInt32(PNG_FORMAT_FLAG_COLOR) != 0
    let (height, width) = (Int(image.height), Int(image.width))
    let shape = isColour ? [height, width, 3] : [height, width]
    // A deflated byte stands for 1032 bytes, of 8 pixels each at 1 bit, of 3 samples in a palette.
    let most = bytes.count * Gzip.largestRatio * 8 * (isColour ? 3 : 1)
    let count = height * width * (isColour ? 3 : 1)
    guard count <= most else {
      throw .malformed(
        path: path, place: "header", expected: "at most \(most) samples, for the file's size",
        found: DeclaredShape.text(shape))
    }
    image.format = isColour ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
    var samples = [UInt8](repeating: 0, count: count)
    let isRead = samples.withUnsafeMutableBytes {
      png_image_finish_read(&image, nil, $0.baseAddress, 0, nil) != 0
    }
    guard isRead, image.warning_or_error == 0 else { throw damaged(path, &image) }
    return (shape, samples)
  }

  private static func damaged(_ path: String, _ image: inout png_image) -> DomainError {
    let message = withUnsafeBytes(of: image.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .malformed(path: path, place: "image", expected: "a PNG image", found: message)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted by their bytes.
  private static func names(in folder: String) throws(DomainError) -> [String] {
    guard let stream = opendir(folder) else { throw FileBytes.failure(folder, errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
