/// How a domain's features, labels and groups are read from files, or drawn.
struct Reading: Sendable {
  enum Format: String, CaseIterable, Sendable {
    case csv
    case mat
    case npz
    case npy
    case idx
    case pngFolder = "png-folder"
    case generated

    /// The keys that say how this format is read.
    var keys: [String] {
      let own =
        switch self {
        case .csv:
          [
            "file", "files", "separator", "header", "columns", "features", "categories", "labels",
            "groups", "where", "missing", "missing-in",
          ]
        case .mat, .npz: ["file", "files", "features", "labels", "groups", "where", "samples"]
        case .npy: ["file", "labels", "groups", "samples"]
        case .idx: ["file", "labels", "groups"]
        case .pngFolder: ["file", "files"]
        case .generated: ["generator"]
        }
      return ["format", "preprocessing"] + own
    }
  }

  enum Separator: String, CaseIterable, Sendable {
    case comma
    case semicolon
    case tab
    case space
  }

  /// A sensitive attribute: its name, where it stands and what its values mean.
  struct GroupRule: Sendable {
    let name: String
    let place: String
    let levels: NamedValues
  }

  /// Rows are read only where the value at a place is one of these.
  struct Condition: Sendable {
    let place: String
    let values: [String]
  }

  /// A generator of this program, with the seed of its key.
  struct Generator: Sendable {
    let name: String
    let seed: UInt64
  }

  var format: Format
  var files: [String] = []
  var features: [String] = []
  var labels: [String] = []
  var groups: [GroupRule] = []
  var conditions: [Condition] = []
  var separator = Separator.comma
  var hasHeader = true
  var columns: [String] = []
  var categories: [(column: String, levels: [String])] = []
  var missing: [String] = []
  var missingIn: [(column: String, values: [String])] = []
  var samplesAreColumns = false
  var generator: Generator?

  /// Whether labels and groups stand in files of their own.
  var hasLabelFiles: Bool { format == .idx || format == .npy }

  /// Every file that is read.
  var allFiles: [String] {
    hasLabelFiles ? files + labels + groups.map(\.place) : files
  }
}
