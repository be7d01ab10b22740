import Foundation
import Networks
import Randomness
import Testing

/// The tutorial's code, as it stands there.
@Suite struct TutorialTests {
  /// Stripes: upright, level, or none.
  struct Digits {
    func batch(_ step: Int) -> (pixels: [Float], classes: [Int]) {
      var stream = RandomStream(RandomKey(seed: 7).child("batch", step))
      let classes = (0..<32).map { _ in stream.integer(below: 3) }
      return (classes.flatMap { image($0, &stream) }, classes)
    }

    var one: (pixels: [Float], label: Int) {
      var stream = RandomStream(RandomKey(seed: 8))
      return (image(1, &stream), 1)
    }

    private func image(_ label: Int, _ stream: inout RandomStream) -> [Float] {
      (0..<64).map { place in
        let along = [place % 8, place / 8, 0][label]
        return (along % 2 == 0 ? 1 : 0) + Float(0.1 * stream.normal())
      }
    }
  }

  @Test func theTutorialRuns() throws {
    let digits = Digits()
    // The tutorial begins.
    let weights = Weights(key: RandomKey(seed: 1).child("weights"))
    let tape = Tape(mode: .training, key: RandomKey(seed: 1).child("dropout"))
    let images = tape.input([32, 8, 8, 1])
    let classes = tape.indices(32)
    func logits(_ images: Variable, _ scope: Scope) -> Variable {
      images.conv2d(scope("conv"), 16, kernel: 3, padding: 1)
        .batchNorm(scope("norm")).relu().maxPool(2)
        .flattened().dropout(0.2).dense(scope("head"), 3)
    }
    let loss = logits(images, Scope(weights)).crossEntropy(classes)
    let team = Team(threads: 2)
    let program = Program(minimizing: loss, team: team)
    let optimizer = SGD(weights, rate: 0.05, momentum: 0.9)
    var losses: [Float] = []
    for step in 0..<60 {
      let batch = digits.batch(step)
      program.set(images, batch.pixels)
      classes.set(batch.classes)
      losses.append(program.forward())
      program.backward()
      optimizer.step(team: team)
    }
    let inference = Tape(mode: .inference)
    let query = inference.input([1, 8, 8, 1])
    let probabilities = logits(query, Scope(weights)).softmax()
    let classifier = Program(computing: [probabilities], team: team)
    classifier.set(query, digits.one.pixels)
    classifier.forward()
    let answer = classifier.value(of: probabilities)
    // The tutorial ends.
    #expect(losses[59] < 0.1 * losses[0])
    #expect(answer.values[digits.one.label] > 0.9)
  }

  @Test func theTutorialIsWhatRuns() throws {
    func lines(_ text: some StringProtocol) -> [String] {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }
    }
    let test = try String(contentsOfFile: #filePath, encoding: .utf8)
    let start = try #require(test.range(of: "// The tutorial begins."))
    let end = try #require(test.range(of: "// The tutorial ends."))
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(
        path: "Sources/Networks/Documentation.docc/TrainingANetwork.md"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count == 6)
    #expect(lines(blocks.joined()) == lines(test[start.upperBound..<end.lowerBound]))
  }
}
