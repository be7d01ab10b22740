import Foundation

/// The critical-difference diagram: mean ranks on a line, with bars over methods that can't be told
/// apart.
///
/// J. Demšar. "Statistical Comparisons of Classifiers over Multiple Data Sets." JMLR 7, 2006.
struct RankFigure: Sendable {
  /// The place among the rankings, for the file's name.
  let place: Int
  /// What is ranked together.
  let name: String
  let pairs: Int
  let criticalDifference: Double
  /// The methods with their mean ranks, the best first.
  let methods: [(name: String, rank: Double)]

  /// The runs of methods whose ranks lie within the critical difference, none within another.
  var cliques: [ClosedRange<Int>] {
    var found: [ClosedRange<Int>] = []
    for first in methods.indices {
      let last =
        methods.lastIndex { $0.rank - methods[first].rank <= criticalDifference } ?? first
      if last > first, found.last.map({ last > $0.upperBound }) ?? true {
        found.append(first...last)
      }
    }
    return found
  }

  /// The drawing.
  var figure: Figure {
    let (left, right) = (280.0, 760.0)
    let count = methods.count
    let across = { (rank: Double) in
      left + (rank - 1) / Double(max(1, count - 1)) * (right - left)
    }
    let axis = 62.0
    let cliques = cliques
    let below = axis + 14 + Double(cliques.count) * 7
    let half = (count + 1) / 2
    var content = [
      Figure.line(left, axis, right, axis, "s ref", stroke: Ink.text, width: 1.5)
    ]
    let step = max(1, Int((Double(count) / 14).rounded(.up)))
    for rank in stride(from: 1, through: count, by: step) {
      let x = across(Double(rank))
      content.append(Figure.line(x, axis - 6, x, axis, "s ref", stroke: Ink.text))
      content.append(
        Figure.label(
          String(rank), x, axis - 11, .middle, style: "soft", fill: Ink.soft))
    }
    let reach = criticalDifference / Double(max(1, count - 1)) * (right - left)
    content += [
      Figure.line(left, 26, left + reach, 26, "s ref", stroke: Ink.text, width: 2),
      Figure.line(left, 21, left, 31, "s ref", stroke: Ink.text, width: 2),
      Figure.line(left + reach, 21, left + reach, 31, "s ref", stroke: Ink.text, width: 2),
      Figure.label(
        "critical difference \(String(format: "%.1f", criticalDifference))", left, 14),
    ]
    for (level, clique) in cliques.enumerated() {
      let y = axis + 9 + 7 * Double(level)
      content.append(
        Figure.line(
          across(methods[clique.lowerBound].rank) - 3, y,
          across(methods[clique.upperBound].rank) + 3, y, "s pos", stroke: Ink.positive, width: 3.5
        ))
    }
    for (index, method) in methods.enumerated() {
      let isLeft = index < half
      let y = below + 12 + 16 * Double(isLeft ? index : count - 1 - index)
      let end = isLeft ? left - 20 : right + 20
      let x = across(method.rank)
      let text = String(format: "%.1f", method.rank)
      content.append(
        Figure.titled(
          "\(method.name): mean rank \(text)",
          [
            .element(
              "polyline",
              [
                "class": "s neu", "fill": "none", "stroke": Ink.neutral,
                "points":
                  "\(Figure.n(x)),\(Figure.n(axis)) \(Figure.n(x)),\(Figure.n(y)) \(Figure.n(end)),\(Figure.n(y))",
              ]),
            Figure.label(
              text, isLeft ? end - 5 : end + 5, y + 4, isLeft ? .end : .start, style: "soft",
              fill: Ink.soft),
            Figure.label(
              method.name, isLeft ? end - 36 : end + 36, y + 4, isLeft ? .end : .start, most: 36),
          ]))
    }
    return Figure(
      name: "ranks-\(place)", title: "Mean ranks: \(name)",
      caption: "Mean ranks over \(Shown.count(pairs, "pair")), 1 the best. Methods under one bar "
        + "can't be told apart: their ranks lie within Nemenyi's critical difference at 0.05.",
      width: 1040, height: below + 16 * Double(half) + 20, content: content)
  }
}
