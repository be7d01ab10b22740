import Foundation
import Testing

@testable import Bench

struct ListingTests {
  let listing = Listing(
    columns: ["name", "help"],
    rows: [["a", "one, two"], ["long-name", "says \"hi\""], ["é", ""]])

  @Test func tableIsAlignedWithoutTrailingSpaces() {
    #expect(
      listing.table == """
        name       help
        a          one, two
        long-name  says "hi"
        é

        """)
  }

  @Test func csvQuotesWhatNeedsIt() {
    #expect(
      listing.csv
        == "name,help\r\na,\"one, two\"\r\nlong-name,\"says \"\"hi\"\"\"\r\né,\r\n")
  }

  @Test func jsonHoldsEveryCell() throws {
    let read = try JSONDecoder().decode([[String: String]].self, from: Data(listing.json.utf8))
    #expect(read.map { $0["name"] } == ["a", "long-name", "é"])
    #expect(read.map { $0["help"] } == ["one, two", "says \"hi\"", ""])
  }
}
