import Foundation
import Parameters

/// Hyperparameters as compact JSON with sorted keys, as the CSV files hold them.
enum ParametersJSON {
  static func encode(_ assignments: [Assignment]) -> String {
    let members = assignments.sorted { $0.name < $1.name }.map { assignment in
      let value =
        switch assignment.value {
        case .real, .integer, .flag: assignment.value.description
        case .choice(let name): quoted(name)
        }
      return "\(quoted(assignment.name)):\(value)"
    }
    return "{\(members.joined(separator: ","))}"
  }

  /// The texts of the values, by name; nil where the JSON is no object of plain values.
  static func decode(_ json: String) -> [String: String]? {
    guard
      let object = try? JSONDecoder().decode([String: PlainValue].self, from: Data(json.utf8))
    else { return nil }
    return object.mapValues(\.text)
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case _ where scalar.value < 0x20:
        "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }

  private struct PlainValue: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        text = flag.description
      } else if let integer = try? container.decode(Int.self) {
        text = integer.description
      } else if let real = try? container.decode(Double.self) {
        text = real.description
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
