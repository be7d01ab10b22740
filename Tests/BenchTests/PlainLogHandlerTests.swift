import ArgumentParser
import Logging
import Testing

@testable import Bench

struct PlainLogHandlerTests {
  @Test func levelsAreThoseOfTheOptions() throws {
    for (arguments, level) in [
      ([], Logger.Level.info), (["--quiet"], .error), (["--verbose"], .debug),
    ] {
      #expect(try RunOptions.parse(arguments).log.logLevel == level)
    }
  }

  @Test func metadataIsKept() {
    var handler = PlainLogHandler()
    handler[metadataKey: "pair"] = "a:b->c"
    #expect(handler[metadataKey: "pair"] == "a:b->c")
    #expect(handler.metadata.count == 1)
  }
}
