import Testing

@testable import Bench

struct PaperNoteTests {
  @Test func citationIsTheParagraphUnderItsHeading() {
    let note = PaperNote(
      text: """
        ---
        title: A
        ---

        # A title

        A claim.

        ## Citation

        A. Author. "A title."
        Journal, 1999.

        ## Equations
        """)
    #expect(note.citation == "A. Author. \"A title.\" Journal, 1999.")
  }

  @Test(arguments: ["", "# A title\n\nA claim.", "## Citation", "## Citation\n\n## Equations\n"])
  func aNoteWithoutOneHasNone(text: String) {
    #expect(PaperNote(text: text).citation == nil)
  }
}
