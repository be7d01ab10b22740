import CDNNL

/// How an array lies in memory, in oneDNN's terms.
struct Layout {
  private(set) var descriptor = dnnl_memory_desc_t()
  /// The length of each axis; empty for a layout of oneDNN's.
  let axes: [Int]

  /// Of these axes, in the order of the tag.
  init(_ axes: [Int], _ tag: dnnl_format_tag_t) {
    self.axes = axes
    Self.check(
      dnnl_memory_desc_init_by_tag(
        &descriptor, Int32(axes.count), axes.map { dnnl_dim_t($0) }, dnnl_f32, tag))
  }

  fileprivate init(_ descriptor: dnnl_memory_desc_t) {
    self.descriptor = descriptor
    axes = []
  }

  /// Images in the order [samples, height, width, channels].
  static func images(_ samples: Int, _ channels: Int, _ height: Int, _ width: Int) -> Layout {
    Layout([samples, channels, height, width], dnnl_nhwc)
  }

  /// The numbers that the array takes, padding included.
  var count: Int {
    withUnsafePointer(to: descriptor) { dnnl_memory_desc_get_size($0) } / 4
  }

  static func == (one: Layout, other: Layout) -> Bool {
    withUnsafePointer(to: one.descriptor) { one in
      withUnsafePointer(to: other.descriptor) { dnnl_memory_desc_equal(one, $0) != 0 }
    }
  }

  static func check(_ status: dnnl_status_t) {
    precondition(status == dnnl_success, "oneDNN refused a shape: status \(status.rawValue).")
  }
}

/// The processor, to oneDNN.
private final class Processor {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  init() {
    useOneThread()
    var engine: dnnl_engine_t?
    Layout.check(dnnl_engine_create(&engine, dnnl_cpu, 0))
    var stream: dnnl_stream_t?
    Layout.check(dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)))
    guard let engine, let stream else { fatalError("oneDNN has no processor.") }
    self.engine = engine
    self.stream = stream
  }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(engine)
  }
}

/// What one of oneDNN's operations is, before memory is bound to it.
final class PrimitiveDescription {
  fileprivate let processor = Processor()
  fileprivate let handle: dnnl_primitive_desc_t

  /// A description of the operation in one of oneDNN's `dnnl_…_desc_t`; `forward` is that of the
  /// operation whose gradient this one computes.
  init(_ operation: UnsafeRawPointer, forward: PrimitiveDescription? = nil) {
    var attributes: dnnl_primitive_attr_t?
    Layout.check(dnnl_primitive_attr_create(&attributes))
    defer { dnnl_primitive_attr_destroy(attributes) }
    Layout.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
    var handle: dnnl_primitive_desc_t?
    Layout.check(
      dnnl_primitive_desc_create(
        &handle, operation, attributes, processor.engine, forward?.handle))
    guard let handle else { fatalError("oneDNN made no description.") }
    self.handle = handle
  }

  /// A description of the copy from one layout to another.
  init(from source: Layout, to destination: Layout) {
    var attributes: dnnl_primitive_attr_t?
    Layout.check(dnnl_primitive_attr_create(&attributes))
    defer { dnnl_primitive_attr_destroy(attributes) }
    Layout.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
    var handle: dnnl_primitive_desc_t?
    var (source, destination) = (source.descriptor, destination.descriptor)
    Layout.check(
      dnnl_reorder_primitive_desc_create(
        &handle, &source, processor.engine, &destination, processor.engine, attributes))
    guard let handle else { fatalError("oneDNN made no description.") }
    self.handle = handle
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// The layout of an argument: `dnnl_query_src_md` and the like.
  func layout(_ query: dnnl_query_t) -> Layout {
    guard let descriptor = dnnl_primitive_desc_query_md(handle, query, 0) else {
      return Layout(dnnl_memory_desc_t())
    }
    return Layout(descriptor.pointee)
  }

  /// The numbers of scratch memory that one execution needs.
  var scratchCount: Int { layout(dnnl_query_scratchpad_md).count }
}

/// One of oneDNN's operations, with the memory that it reads and writes.
final class Primitive {
  private let description: PrimitiveDescription
  private let handle: dnnl_primitive_t
  private var arguments: [dnnl_exec_arg_t] = []

  /// Binds the operation to memory: oneDNN's numbers of the arguments, the layout and the numbers
  /// of each.
  init(
    _ description: PrimitiveDescription, scratch: Floats,
    _ arguments: [(argument: Int32, layout: Layout, floats: Floats)]
  ) {
    self.description = description
    var handle: dnnl_primitive_t?
    Layout.check(dnnl_primitive_create(&handle, description.handle))
    guard let handle else { fatalError("oneDNN made no operation.") }
    self.handle = handle
    let scratchLayout = description.layout(dnnl_query_scratchpad_md)
    for (argument, layout, floats)
      in arguments + [(DNNL_ARG_SCRATCHPAD, scratchLayout, scratch)] where layout.count > 0
    {
      precondition(floats.count >= layout.count, "An argument has the memory of its layout.")
      var memory: dnnl_memory_t?
      var descriptor = layout.descriptor
      Layout.check(
        dnnl_memory_create(&memory, &descriptor, description.processor.engine, floats.baseAddress))
      self.arguments.append(dnnl_exec_arg_t(arg: argument, memory: memory))
    }
  }

  deinit {
    for argument in arguments { dnnl_memory_destroy(argument.memory) }
    dnnl_primitive_destroy(handle)
  }

  /// Runs it.
  func run() {
    let status = arguments.withUnsafeBufferPointer {
      dnnl_primitive_execute(handle, description.processor.stream, Int32($0.count), $0.baseAddress)
    }
    precondition(status == dnnl_success, "oneDNN failed: status \(status.rawValue).")
  }
}

/// Runs the primitives of both halves, or the only one.
func run(_ primitives: [Primitive], _ team: Team) {
  if primitives.count > 1 {
    team.halves { primitives[$0].run() }
  } else {
    for primitive in primitives { primitive.run() }
  }
}
