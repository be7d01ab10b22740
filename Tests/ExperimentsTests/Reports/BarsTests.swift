import Testing

@testable import Experiments

struct BarsTests {
  @Test func theLeastIsOneColumnAndTheGreatestAll() {
    #expect(Bars.texts([0.5, nil, 0.7, 0.6], width: 5) == ["█", "", "█████", "███"])
    #expect(Bars.texts([0, 1, 0.3125], width: 3) == ["█", "███", "█▋"])
  }

  @Test func equalValuesAreAllWide() {
    #expect(Bars.texts([1, 1], width: 2) == ["██", "██"])
    #expect(Bars.texts([nil]) == [""])
    #expect(Bars.texts([]).isEmpty)
  }
}
