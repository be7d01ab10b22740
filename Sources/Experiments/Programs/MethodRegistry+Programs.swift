import Methods

extension MethodRegistry {
  /// The method of that id; where none is registered, the program that its parameters state.
  static func entry(_ id: String, parameters json: String) -> MethodEntry? {
    entry(id)
      ?? ParametersJSON.decode(json).flatMap(ExternalProgram.init(facts:)).map {
        MethodEntry($0, named: id)
      }
  }
}

extension Cell {
  /// The cell's method; nil where this program knows none of that name.
  var entry: MethodEntry? { MethodRegistry.entry(method, parameters: parameters) }
}
