import Foundation
import TestSupport
import Testing

/// `notebooks/analysis.ipynb` on results that `bench` just wrote.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct NotebookTests {
  private static let canExecute = Python.canImport("nbconvert, ipykernel, pandas, matplotlib")

  @Test(
    .enabled(if: canExecute, "no Python with nbconvert, ipykernel, pandas and matplotlib"),
    arguments: [
      ["compare", "--methods", "coral,biased-logistic", "--shots", "2,5"],
      ["compare", "--methods", "coral,tca", "--select", "all", "--budget", "2"],
      ["ablate", "tca", "--vary", "components=1,2"],
    ])
  func theNotebookRunsOnEveryKindOfResult(_ command: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Program.run(
      command + [
        "--pairs", "clinics,moons:rotated-0->rotated-40", "--repetitions", "2", "--resamples", "20",
        "--quiet", "--out", folder,
      ])
    #expect(run.code == 0, "\(run.errors)")
    let status = try Python.run(
      [
        "-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", "\(folder)/notebook",
        Fixtures.root.appending(path: "notebooks/analysis.ipynb").path,
      ], environment: ["TRANSFERBENCH_RESULTS": folder])
    #expect(status == 0)
    let executed = try String(contentsOfFile: "\(folder)/notebook/analysis.ipynb", encoding: .utf8)
    #expect(executed.contains("image/png"))
  }
}
