import ArgumentParser
import Experiments
import Foundation

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Does transfer help, does it hurt, and whom?",
    discussion: """
      Compares methods of transfer learning and domain adaptation on pairs of domains, and \
      reports for each its score, its gain over no transfer, and its bias drift.

      EXAMPLES
        bench compare --methods all
        bench compare --methods coral,tca --pairs 'office-caltech:amazon->caltech' --data ~/data
        bench list methods
        bench describe coral

      EXIT CODES
        0    all cells completed
        1    some cells failed; the table says which
        2    the request itself was wrong; the message says what and names the nearest valid one
        130  interrupted
      """,
    version: TransferBench.version,
    subcommands: [
      Compare.self, Ablate.self, RunCommand.self, Export.self, Merge.self, Report.self,
      Diagnose.self, EpisodesCommand.self, Reproduce.self, List.self, Describe.self,
      DataCommand.self, Doctor.self,
      WorkerCommand.self, TaskCommand.self,
    ])

  /// Parses and runs the command, and turns what it throws into one sentence and an exit code.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try checkCommandName(arguments.first)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      exit(code)
    } catch {
      guard exitCode(for: error) != .success else { return print(fullMessage(for: error)) }
      StandardError.write("bench: \(ErrorMessages.sentence(for: error))\n")
      exit(.badRequest)
    }
  }

  /// Refuses a command that doesn't exist with the nearest that does.
  static func checkCommandName(_ name: String?) throws(RequestError) {
    let commands = configuration.subcommands
      .filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    let accepted = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let name, !name.hasPrefix("-"), !accepted.contains(name) else { return }
    throw .unknown(.command, name: name, known: commands)
  }

  private static func exit(_ code: ExitCode) -> Never {
    Foundation.exit(code.rawValue)
  }
}

extension ExitCode {
  /// Some cells failed; the table says which.
  static let someCellsFailed = ExitCode(1)
  /// The request itself was wrong.
  static let badRequest = ExitCode(2)
  /// Interrupted by the user.
  static let interrupted = ExitCode(130)
}
