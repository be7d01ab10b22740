import Parameters
import Testing

@testable import Experiments

struct ParametersJSONTests {
  @Test func sortedCompactAndReadBack() {
    let json = ParametersJSON.encode([
      Assignment("ridge", .real(0.1)), Assignment("learner", .choice("a\"b\\\n")),
      Assignment("components", .integer(20)), Assignment("whiten", .flag(true)),
      Assignment("tiny", .real(1e-12)), Assignment("whole", .real(1)),
    ])
    #expect(
      json
        == #"{"components":20,"learner":"a\"b\\\u000a","ridge":0.1,"tiny":1e-12,"whiten":true,"whole":1.0}"#
    )
    #expect(
      ParametersJSON.decode(json) == [
        "components": "20", "learner": "a\"b\\\n", "ridge": "0.1", "tiny": "1e-12",
        "whiten": "true", "whole": "1",
      ])
    #expect(ParametersJSON.decode("[1]") == nil)
  }
}
