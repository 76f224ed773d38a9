import Evaluation
import Parallelism
import PointClouds
import Rendering

/// What an evaluation says and writes when all results are there.
struct EvaluationAnswer {
  let document: EvaluationDocument
  let command: EvaluateCommand
  let clock: Stopwatch
  /// Facts of the run, for the end of the JSON document.
  var run: [JSONValue.Member] = []

  /// Prints the tables, writes the files and ends with status 3 when items have failed or are missing.
  func callAsFunction() throws {
    for table in document.tables {
      Console.text(table.text)
      Console.text("")
    }
    var written: [String] = []
    if let path = command.outputs.file {
      try document.write(to: path, replacing: command.force)
      written.append(path)
    }
    if let path = command.outputs.csv {
      let text = document.tables.map(\.csv).joined(separator: "\n")
      try AtomicFile.write(Array(text.utf8), to: path, replacing: command.force)
      written.append(path)
    }
    if !written.isEmpty { Console.say("wrote", written.map(\.terminalSafe).joined(separator: "  ")) }
    if Console.isVerbose {
      Console.remark(
        "run", "\(clock.seconds.decimals(1)) s, peak memory \(ProcessMemory.peakResidentBytes >> 20) MB", tone: .label)
    }
    try finish()
    try EvaluationAnswer.end(failures: failures, missing: command.batch.partial ? [] : document.missing)
  }

  private var failures: [(id: String, message: String)] {
    document.results.compactMap { result in result.failure.map { (result.id, $0.message) } }
  }

  private func finish() throws {
    let facts = JSONValue.object(
      run + [
        JSONValue.Member(key: "seconds", value: .number(clock.seconds)),
        JSONValue.Member(key: "threads", value: .integer(Parallel.threads)),
        JSONValue.Member(key: "peak_rss_bytes", value: .integer(ProcessMemory.peakResidentBytes)),
      ])
    var text = ""
    if command.common.json { document.pieces(run: facts) { text += $0 } }
    guard Console.finish(document: text) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  /// Names failed and missing items on stderr; the exit status is 3 when there are any.
  static func end(failures: [(id: String, message: String)], missing: [String]) throws {
    for failure in failures.prefix(most) {
      Console.remark("failed", "\(failure.id): \(failure.message)".terminalSafe, tone: .bad)
    }
    if failures.count > most { Console.remark("failed", "… and \(failures.count - most) more", tone: .bad) }
    if failures.isEmpty, missing.isEmpty { return }
    var parts: [String] = []
    if let first = failures.first {
      parts.append("\(failures.count) failed (\(first.id): \(first.message))")
    }
    if let first = missing.first {
      parts.append("\(missing.count) missing (\(first)\(missing.count > 1 ? ", …" : ""))")
    }
    throw CommandFailure(.incomplete, parts.joined(separator: ", "))
  }

  private static let most = 20
}
