import Domains
import LinearAlgebra
import Testing

@Suite struct SharedWorkTests {
  @Test func computesOnce() {
    let work = SharedWork()
    var calls = 0
    for _ in 0..<3 {
      let value = work.once("answer", bytes: 8) {
        calls += 1
        return 42
      }
      #expect(value == 42)
    }
    #expect(calls == 1)
    #expect(work.once("other", bytes: 8) { "text" } == "text")
  }

  @Test func keepsAFailureOut() throws {
    struct Failure: Error {}
    let work = SharedWork()
    #expect(throws: Failure.self) {
      try work.once("value", bytes: 8) { () throws(Failure) -> Int in throw Failure() }
    }
    #expect(work.once("value", bytes: 8) { 1 } == 1)
  }

  @Test func tellsPartnersApart() {
    let work = SharedWork()
    let (first, second) = (SharedWork(), SharedWork())
    #expect(work.once("distance", with: first, bytes: 8) { 1 } == 1)
    #expect(work.once("distance", with: second, bytes: 8) { 2 } == 2)
    #expect(work.once("distance", bytes: 8) { 3 } == 3)
    #expect(work.once("distance", with: first, bytes: 8) { 4 } == 1)
  }

  @Test func keepsNoMoreThanItsCapacity() {
    let work = SharedWork()
    #expect(work.once("large", bytes: SharedWork.capacity + 1) { 1 } == 1)
    #expect(work.once("large", bytes: SharedWork.capacity + 1) { 2 } == 2)
    #expect(work.savedSeconds == 0)
  }

  /// What is computed with the source's labels in sight can't be found without them.
  @Test func labelsStayBehind() {
    let sample = LabelledSample(features: Matrix([[1], [2]]), labels: [0, 1], classCount: 2)
    _ = sample.shared.once("labels", bytes: 16) { sample.labels }
    #expect(sample.unlabelled.shared.once("labels", bytes: 16) { [Int]() } == [])
  }
}
