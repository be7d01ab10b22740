import CRSVG

/// A figure could not be drawn; the words are the library's.
public struct DrawingError: Error, Sendable, Hashable {
  /// The figure's name.
  public let figure: String
  /// What librsvg or Cairo says.
  public let reason: String
}

/// The kinds of file that a figure is written as.
enum FigureFormat: String, CaseIterable, Sendable {
  case svg, pdf, png
}

extension Figure {
  /// The figure as the bytes of a file, the same at any time: SVG is its own text, PDF and PNG are
  /// drawn from it by librsvg on Cairo.
  ///
  /// A PDF's unit is 3/4 of a pixel, so that its smallest text has 8 points; a PNG has two pixels for
  /// each of the figure's.
  func bytes(as format: FigureFormat) throws(DrawingError) -> [UInt8] {
    switch format {
    case .svg:
      return Array(file.utf8)
    case .pdf:
      let bytes = ByteSink()
      let (width, height) = (width * 0.75, height * 0.75)
      let surface = cairo_pdf_surface_create_for_stream(
        ByteSink.append, Unmanaged.passUnretained(bytes).toOpaque(), width, height)
      // Cairo writes the time of the drawing otherwise.
      cairo_pdf_surface_set_metadata(
        surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z")
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      try draw(on: surface, width, height) { surface in
        cairo_surface_finish(surface)
        return cairo_surface_status(surface)
      }
      return bytes.bytes
    case .png:
      let bytes = ByteSink()
      let (width, height) = (width * 2, height * 2)
      let surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(width.rounded(.up)), Int32(height.rounded(.up)))
      try draw(on: surface, width, height) { surface in
        cairo_surface_write_to_png_stream(
          surface, ByteSink.append, Unmanaged.passUnretained(bytes).toOpaque())
      }
      return bytes.bytes
    }
  }

  /// Draws on a surface, which it destroys after the last step.
  private func draw(
    on surface: OpaquePointer?, _ width: Double, _ height: Double,
    finish: (OpaquePointer?) -> cairo_status_t
  ) throws(DrawingError) {
    defer { cairo_surface_destroy(surface) }
    let source = Array(file.utf8)
    var problem: UnsafeMutablePointer<GError>?
    guard let handle = rsvg_handle_new_from_data(source, UInt(source.count), &problem) else {
      throw failure(problem)
    }
    defer { g_object_unref(UnsafeMutableRawPointer(handle)) }
    let context = cairo_create(surface)
    defer { cairo_destroy(context) }
    var viewport = RsvgRectangle(x: 0, y: 0, width: width, height: height)
    guard rsvg_handle_render_document(handle, context, &viewport, &problem) != 0 else {
      throw failure(problem)
    }
    cairo_show_page(context)
    let status = finish(surface)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw DrawingError(figure: name, reason: String(cString: cairo_status_to_string(status)))
    }
  }

  private func failure(_ problem: UnsafeMutablePointer<GError>?) -> DrawingError {
    defer { g_error_free(problem) }
    return DrawingError(
      figure: name, reason: problem.map { String(cString: $0.pointee.message) } ?? "no reason given"
    )
  }
}

/// Where Cairo writes to.
private final class ByteSink {
  private(set) var bytes: [UInt8] = []

  static let append: cairo_write_func_t = { sink, data, count in
    guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
    Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue().bytes
      .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }
}
