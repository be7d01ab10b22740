import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct SurgicalTuningTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run(head: .source)
    let names = run.blocks.map(\.name) + [run.headName]
    #expect(SurgicalTuning().choice(run).name == names[golden.chosenBlock])
    try SurgicalTuning().tune(run)
    try golden.expectAgreement(run, "surgical")
  }

  @Test func oneBlockChanges() throws {
    let problem = TuningProblem()
    for block in 0...3 {
      let run = try problem.run(head: .source)
      let head = run.weights.all.filter { run.isHead($0) }.map(\.tensor)
      var method = SurgicalTuning()
      method.block = block
      let chosen = method.choice(run)
      try method.tune(run)
      let isHead = chosen.name == run.headName
      #expect(run.changed == (isHead ? [] : chosen.weights.map(\.name)))
      #expect((run.weights.all.filter { run.isHead($0) }.map(\.tensor) != head) == isHead)
      if block > 0 { #expect(chosen.name == ["fc1", "fc2", "fc3"][block - 1]) }
    }
  }
}
