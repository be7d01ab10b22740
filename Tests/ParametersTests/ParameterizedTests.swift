import Parameters
import Testing

struct ParameterizedTests {
  enum Colour: String, ParameterChoice, CaseIterable {
    case red
    case deepBlue = "deep-blue"
  }

  struct Painter: Parameterized {
    var ridge = 1.0
    var count = 3
    var usesBrush = true
    var colour = Colour.deepBlue

    static let parameters: [Parameter<Self>] = [
      .real("ridge", \.ridge, in: 0...10, grid: [0.1, 1, 10], help: "Added to the diagonal."),
      .integer("count", \.count, in: 1...20, grid: [1, 2], help: "How many."),
      .flag("brush", \.usesBrush, help: "Whether there is a brush."),
      .choice("colour", \.colour, help: "The colour."),
    ]
  }

  @Test func theDefaultsAreTheInitialValues() {
    #expect(
      Painter().assignments == [
        Assignment("ridge", .real(1)), Assignment("count", .integer(3)),
        Assignment("brush", .flag(true)), Assignment("colour", .choice("deep-blue")),
      ])
  }

  @Test func textsSetWhatTheyName() throws {
    var painter = Painter()
    try painter.set("ridge", to: "0.25")
    try painter.set("count", to: "20")
    try painter.set("brush", to: "false")
    try painter.set("colour", to: "red")
    #expect(painter.ridge == 0.25)
    #expect(painter.count == 20)
    #expect(!painter.usesBrush)
    #expect(painter.colour == .red)
  }

  @Test(arguments: [0, 0.1, 1.0 / 3, 1e-300, Double.leastNonzeroMagnitude, 9.999999999999998, 10])
  func aValueSurvivesItsText(number: Double) throws {
    var (painter, other) = (Painter(), Painter())
    painter.ridge = number
    painter.count = 7
    painter.usesBrush = false
    painter.colour = .red
    for assignment in painter.assignments {
      try other.set(assignment.name, to: assignment.value.description)
    }
    #expect(other.assignments == painter.assignments)
    var third = Painter()
    for assignment in painter.assignments { try third.set(assignment) }
    #expect(third.assignments == painter.assignments)
  }

  @Test(arguments: ["0", "10", "-0.0"]) func theEndsOfARangeBelongToIt(text: String) throws {
    var painter = Painter()
    try painter.set("ridge", to: text)
  }

  @Test(arguments: [
    ("ridge", "-0.1", "-0.1", "a number from 0.0 to 10.0"),
    ("ridge", "1e1000", nil, "a number from 0.0 to 10.0"),
    ("ridge", "10.000000000000002", "10.000000000000002", "a number from 0.0 to 10.0"),
    ("count", "0", "0", "a whole number from 1 to 20"),
    ("count", "21", "21", "a whole number from 1 to 20"),
  ])
  func aValueOutsideItsRangeIsRefused(
    name: String, text: String, value: String?, range: String
  ) {
    var painter = Painter()
    let expected: ParameterError =
      value.map { .outOfRange(name: name, value: $0, range: range) }
      ?? .malformed(name: name, text: text, expected: range)
    #expect(throws: expected) { try painter.set(name, to: text) }
    #expect(painter.assignments == Painter().assignments)
  }

  @Test(arguments: [
    ("ridge", "much"), ("ridge", ""), ("ridge", "nan"), ("ridge", "inf"), ("ridge", "1,5"),
    ("ridge", "1 "), ("count", "2.5"), ("count", "99999999999999999999"), ("count", "two"),
    ("brush", "yes"), ("brush", "True"), ("brush", ""), ("colour", "green"), ("colour", "Red"),
    ("colour", "deepBlue"), ("colour", ""),
  ])
  func aTextThatIsNoValueIsRefused(name: String, text: String) throws {
    var painter = Painter()
    let expected = try Painter.parameter(name).domain.description
    #expect(throws: ParameterError.malformed(name: name, text: text, expected: expected)) {
      try painter.set(name, to: text)
    }
    #expect(painter.assignments == Painter().assignments)
  }

  @Test func aValueOfAnotherKindIsRefused() {
    var painter = Painter()
    #expect(
      throws: ParameterError.malformed(
        name: "count", text: "2.0", expected: "a whole number from 1 to 20")
    ) { try painter.set(Assignment("count", .real(2))) }
    #expect(throws: (any Error).self) { try painter.set(Assignment("ridge", .integer(2))) }
    #expect(throws: (any Error).self) { try painter.set(Assignment("brush", .choice("true"))) }
    #expect(throws: (any Error).self) { try painter.set(Assignment("ridge", .real(.nan))) }
  }

  @Test(arguments: ["Ridge", "", "ridge ", "rigde"])
  func anUnknownNameListsTheKnownOnes(name: String) {
    var painter = Painter()
    #expect(
      throws: ParameterError.unknown(name: name, known: ["ridge", "count", "brush", "colour"])
    ) { try painter.set(name, to: "1") }
  }

  @Test func gridsHoldValuesThatCanBeSet() throws {
    for parameter in Painter.parameters {
      for value in parameter.grid {
        var painter = Painter()
        try parameter.set(&painter, to: value)
        #expect(parameter.value(painter) == value)
      }
    }
    #expect(try Painter.parameter("brush").grid == [.flag(false), .flag(true)])
    #expect(try Painter.parameter("colour").grid == [.choice("red"), .choice("deep-blue")])
  }

  @Test func domainsSayWhatIsAllowed() {
    #expect(
      Painter.parameters.map(\.domain.description) == [
        "a number from 0.0 to 10.0", "a whole number from 1 to 20", "true or false",
        "one of red, deep-blue",
      ])
  }
}
