import Foundation
import TestSupport
import Testing

/// `bench features` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct FeaturesTests {
  @Test func writesADataSetThatMethodsRunOn() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/features"
    let arguments = ["features", "digits", "--backbone", "mlp", "--quiet", "--out", out]
    let written = try Program.run(arguments)
    #expect(written.code == 0 && written.output == "\(out)/digits-mlp.md\n", "\(written.errors)")
    let first = try folder.bytes("features/digits-mlp.npz")
    #expect(try Program.run(arguments).code == 0)
    #expect(try folder.bytes("features/digits-mlp.npz") == first)
    let compared = try Program.run([
      "compare", "--methods", "coral", "--card", "\(out)/digits-mlp.md", "--pairs",
      "digits-mlp:synthetic->scanned", "--repetitions", "1", "--resamples", "20", "--quiet",
      "--out", "\(folder.path)/results",
    ])
    #expect(compared.code == 0, "\(compared.errors)")
    let layer = try Program.run(arguments + ["--layer", "fc1", "--name", "first"])
    #expect(layer.code == 0 && layer.output == "\(out)/first.md\n")
    #expect(try folder.bytes("features/first.npz") != first)
  }

  @Test(arguments: [
    (["digits", "--backbone", "mlq"], "bench: Unknown network 'mlq': did you mean 'mlp'"),
    (["digits"], "bench: --backbone says which network's features to write."),
    (
      ["digits", "--backbone", "mlp", "--source", "scaned"],
      "bench: Unknown domain 'scaned': did you mean 'scanned' (there are: synthetic, scanned)?"
    ),
    (
      ["digits", "--backbone", "mlp", "--layer", "fc3"],
      "bench: Unknown layer 'fc3': did you mean 'fc1' (there are: fc1, fc2)?"
    ),
    (
      ["digits", "--backbone", "mlp", "--weights", "nowhere.npz"],
      "bench: There is no file or folder nowhere.npz."
    ),
    (
      ["clinics", "--backbone", "lenet"],
      "bench: The learner 'lenet' takes square images, grey or in three colours; samples of"
    ),
  ])
  func saysWhatIsWrong(_ arguments: [String], _ sentence: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      ["features", "--quiet", "--out", "\(folder.path)/out"] + arguments)
    #expect(result.code == 2)
    #expect(result.errors.hasPrefix(sentence), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
  }
}
