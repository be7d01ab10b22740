public import Domains
import Foundation

/// The files of the tasks of a Slurm job, numbered from 1.
public enum SlurmTasks {
  /// The path of a task's cells, a line of JSON each.
  private static func list(_ task: Int, in folder: String) -> String {
    "\(folder)/cells-\(task).jsonl"
  }

  /// The path of a task's store.
  public static func shard(_ task: Int, in folder: String) -> String {
    "\(folder)/shard-\(task).sqlite"
  }

  /// The number of tasks that a folder holds; 0 where there is none.
  static func count(in folder: String) throws -> Int {
    guard FileManager.default.fileExists(atPath: folder) else { return 0 }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .count { $0.hasPrefix("cells-") && $0.hasSuffix(".jsonl") }
  }

  /// Divides cells among tasks, in their order.
  ///
  /// - Returns: the number of tasks.
  static func write(_ cells: [Cell], perTask: Int, to folder: String) throws -> Int {
    try AtomicFile.makeFolder(folder)
    let starts = Array(stride(from: 0, to: cells.count, by: perTask))
    for (index, start) in starts.enumerated() {
      let lines = try cells[start..<min(start + perTask, cells.count)].map { cell in
        String(decoding: try JSONEncoder().encode(cell), as: UTF8.self) + "\n"
      }
      try AtomicFile.write(lines.joined(), to: list(index + 1, in: folder))
    }
    return starts.count
  }

  /// The cells of a task.
  ///
  /// - Throws: a `DomainError` where there is no such task, or a line is no cell.
  public static func cells(of task: Int, in folder: String) throws(DomainError) -> [Cell] {
    let path = list(task, in: folder)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .missing(path: path)
    }
    var cells: [Cell] = []
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let cell = try? JSONDecoder().decode(Cell.self, from: line) else {
        throw .malformed(
          path: path, place: "line \(number + 1)", expected: "a cell", found: "other text")
      }
      cells.append(cell)
    }
    return cells
  }
}
