import Metrics

/// Methods × pairs: what transfer gained, with harm standing out.
struct HeatMap: Sendable {
  /// What one method did on one pair.
  struct Entry: Sendable {
    let score: Double
    let gain: Double
    let low: Double?
    let high: Double?
    let verdict: Verdict?
  }

  let methods: [String]
  let pairs: [String]
  /// By method, then by pair; nil where there is nothing.
  let entries: [[Entry?]]

  private static let cell = (width: 50.0, height: 18.0)
  private static let labelWidth = 226.0
  private static let mostCharacters = 36

  /// The upper ends of the classes of gains, in fractions, with their names and colours on white.
  private static let classes: [(end: Double, name: String, fill: String, ink: String)] = [
    (-0.1, "n3", "#b2182b", "#ffffff"), (-0.03, "n2", "#ef8a62", Ink.text),
    (-0.01, "n1", "#fddbc7", Ink.text), (0.01, "z", "#f1f2f5", Ink.text),
    (0.03, "p1", "#d1e5f0", Ink.text), (0.1, "p2", "#67a9cf", Ink.text),
    (.infinity, "p3", "#2166ac", "#ffffff"),
  ]

  private static let classNames = [
    "below −10", "−10 to −3", "−3 to −1", "−1 to 1", "1 to 3", "3 to 10", "10 and more",
  ]

  /// The words for an entry.
  func sentence(_ row: Int, _ column: Int) -> String {
    let place = "\(methods[row]) on \(pairs[column]): "
    guard let entry = entries[row][column] else { return place + "no result" }
    let interval = Shown.interval(entry.low, entry.high)
    return place + "gain \(Shown.points(entry.gain, signed: true))"
      + (interval.isEmpty ? "" : " \(interval)")
      + (entry.verdict.map { ", \($0.rawValue)" } ?? "") + ", score \(Shown.points(entry.score))"
  }

  /// The drawing.
  var figure: Figure {
    let longest = Double(min(44, pairs.map(\.count).max() ?? 0))
    let top = 34 + longest * 6.2 * 0.87
    let left = Self.labelWidth
    let (wide, high) = Self.cell
    let right = left + wide * Double(pairs.count)
    var content = legend(at: left)
    for (column, pair) in pairs.enumerated() {
      let x = left + wide * (Double(column) + 0.5)
      content.append(Figure.label(pair, x + 3, top - 6, most: 44, rotation: -60))
    }
    for (row, method) in methods.enumerated() {
      let y = top + high * Double(row)
      content.append(
        Figure.label(method, left - 6, y + 13, .end, most: Self.mostCharacters))
      for column in pairs.indices {
        content.append(mark(row, column, left + wide * Double(column), y))
      }
    }
    return Figure(
      name: "heat-map", title: "Gain of each method on each pair",
      caption: "Gain over the no-transfer reference in points of 100. Red cells lost, blue cells "
        + "gained; a triangle and bold figures mark negative transfer, where the whole interval "
        + "lies below 0.",
      width: max(right, left + 540) + 20 + longest * 3.1,
      height: top + high * Double(methods.count) + 12, content: content, hasParts: true)
  }

  private func legend(at left: Double) -> [Markup] {
    var marks: [Markup] = [
      Figure.label("Gain, points", left - 6, 15, .end, style: "soft", fill: Ink.soft)
    ]
    for (place, step) in Self.classes.enumerated() {
      let x = left + 76 * Double(place)
      marks.append(
        .element(
          "g", ["class": "c \(step.name)"],
          [
            Figure.rect(x, 3, 74, 17, "f", fill: step.fill),
            Figure.label(Self.classNames[place], x + 37, 15, .middle, style: "t", fill: step.ink),
          ]))
    }
    return marks
  }

  private func mark(_ row: Int, _ column: Int, _ x: Double, _ y: Double) -> Markup {
    let (wide, high) = Self.cell
    let title = Markup.element("title", [:], [.text(sentence(row, column))])
    guard let entry = entries[row][column],
      let step = Self.classes.first(where: { entry.gain < $0.end })
    else {
      return .element(
        "g", ["class": "c cell none", "data-r": "\(row)", "data-c": "\(column)"],
        [
          title, Figure.rect(x + 0.5, y + 0.5, wide - 1, high - 1, "f", fill: "#ffffff"),
          Figure.label("–", x + wide / 2, y + 13, .middle, style: "soft", fill: Ink.soft),
        ])
    }
    let isHarm = entry.verdict == .negative
    var parts = [
      title, Figure.rect(x + 0.5, y + 0.5, wide - 1, high - 1, "f", fill: step.fill),
      Figure.label(
        Shown.points(entry.gain, signed: true), x + wide - 5, y + 13, .end, style: "t",
        fill: step.ink, weight: isHarm ? "bold" : nil),
    ]
    if isHarm {
      parts.append(
        .element(
          "path",
          [
            "class": "h", "fill": step.ink,
            "d": "M\(Figure.n(x + 3)) \(Figure.n(y + 6))h6l-3 6z",
          ]))
    }
    return .element(
      "g", ["class": "c cell \(step.name)", "data-r": "\(row)", "data-c": "\(column)"], parts)
  }
}
