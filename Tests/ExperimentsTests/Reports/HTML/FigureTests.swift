import Foundation
import Metrics
import Testing

@testable import Experiments

struct FigureTests {
  private static let names = MarkupTests.hostile

  private static let verdicts: [Verdict?] = [.negative, .neutral, .positive, nil]

  /// Every figure, with hostile names throughout.
  static let figures: [Figure] = {
    let entries = names.indices.map { row in
      names.indices.map { column in
        row == column
          ? nil
          : HeatMap.Entry(
            score: 0.5, gain: Double(row - column) / 20, low: -0.2, high: 0.1,
            verdict: verdicts[(row + column) % 4])
      }
    }
    let span = Span(mean: 0.1, low: -0.1, high: 0.3)
    return [
      HeatMap(methods: names, pairs: names, entries: entries).figure,
      ScoreFigure(
        rows: names.enumerated().map {
          .init(
            name: $1, score: span, gain: $0 == 0 ? nil : span,
            verdict: $0 == 0 ? nil : verdicts[$0 % 4])
        }
      ).figure,
      DriftFigure(
        group: names[0], place: 1, pairs: 2,
        rows: names.map { .init(name: $0, before: 0.1, after: 0.2, low: 0.01, high: nil) }
      ).figure,
      CostFigure(
        points: names.enumerated().map {
          .init(
            name: $1, seconds: pow(10, Double($0) / 3 - 4), gain: Double($0) / 50 - 0.1,
            verdict: .neutral)
        }
      ).figure,
      CurvesFigure(
        panels: names.map { .init(name: $0, points: [(1, 0.5, 0.4), (5, 0.6, nil)]) }
      ).figure,
      RankFigure(
        place: 1, name: names[0], pairs: 6, criticalDifference: 2,
        methods: names.enumerated().map { ($1, Double($0 + 1)) }
      ).figure,
      PriceFigure(rows: names.map { .init(rule: $0, price: span, gain: nil) }).figure,
    ]
  }()

  @Test(arguments: figures.indices)
  func figuresAreXMLWithNothingButShapesAndText(_ place: Int) {
    let figure = Self.figures[place]
    let read = WellFormed.read(figure.file)
    #expect(read.error == nil)
    let known: Set = [
      "svg", "title", "desc", "g", "rect", "line", "text", "path", "circle", "polyline",
    ]
    #expect(Set(read.names).isSubset(of: known))
    #expect(read.attributes.allSatisfy { $0.keys.allSatisfy { !$0.hasPrefix("on") } })
    #expect(!figure.file.contains("nan") && !figure.file.contains("inf\""))
    #expect(figure.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
  }

  @Test func harmStandsOutByShapeAndWeightToo() {
    let map = HeatMap(
      methods: ["a", "b"], pairs: ["p"],
      entries: [
        [.init(score: 0.5, gain: -0.2, low: -0.3, high: -0.1, verdict: .negative)],
        [.init(score: 0.5, gain: -0.2, low: -0.5, high: 0.1, verdict: .neutral)],
      ])
    let source = map.figure.file
    #expect(source.components(separatedBy: "<path class=\"h\"").count == 2)
    #expect(source.components(separatedBy: "font-weight=\"bold\"").count == 2)
    #expect(
      map.sentence(0, 0) == "a on p: gain −20.0 [−30.0, −10.0], negative, score 50.0")
  }

  @Test func cliquesAreTheLongestRunsWithinTheCriticalDifference() {
    let figure = RankFigure(
      place: 1, name: "x", pairs: 6, criticalDifference: 1.5,
      methods: [("a", 1), ("b", 2), ("c", 3), ("d", 5), ("e", 6)])
    #expect(figure.cliques == [0...1, 1...2, 3...4])
  }

  @Test func ticksAreRoundAndLieOnTheAxis() {
    let scale = Scale([0, 1], from: 0, to: 300)
    let ticks = scale.ticks(every: 60)
    #expect(ticks.count == 6 || ticks.count == 3)
    #expect(ticks.allSatisfy { $0 >= scale.low && $0 <= scale.high })
    #expect(scale(0.5) == 150)
    // One value alone has an axis too.
    #expect(Scale([0.3], from: 0, to: 100)(0.3) == 50)
    #expect(Figure.n(1.04) == "1" && Figure.n(-0.26) == "-0.3")
  }
}
