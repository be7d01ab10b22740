import ArgumentParser
import Experiments
import Foundation

/// `bench worker`: runs the cells that `bench compare` hands it.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run cells from standard input.", shouldDisplay: false)

  @OptionGroup var data: DataOptions

  @Option var networks: String?

  func run() throws {
    // An interrupt reaches the whole process group: the parent decides what becomes of the cell.
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    var worker = try Worker(
      catalogue: data.catalogue(), networks: networks, explain: { ErrorMessages.sentence(for: $0) })
    try worker.run()
  }
}
