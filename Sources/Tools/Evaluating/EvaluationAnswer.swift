import Evaluation
import Geometry
import Parallelism
import PointClouds
import Rendering

/// What an evaluation says and writes when all results are there.
struct EvaluationAnswer {
  let document: EvaluationDocument
  let command: EvaluateCommand
  let clock: Stopwatch
  /// The benchmark; nil where only its results are there.
  var benchmark: Benchmark?
  /// Facts of the run, for the end of the JSON document.
  var run: [JSONValue.Member] = []

  /// Prints the tables, writes the files and ends with status 3 when items have failed or are missing.
  func callAsFunction() throws {
    var other: (name: String, document: EvaluationDocument)?
    if let path = command.outputs.compare { other = (FileName.last(path), try self.other(path)) }
    var tables = document.tables
    if let other { tables.append(try comparison(other)) }
    for table in tables {
      Console.text(table.text)
      Console.text("")
    }
    let written = try write(tables, other)
    if !written.isEmpty { Console.say("wrote", written.map(\.terminalSafe).joined(separator: "  ")) }
    if Console.isVerbose {
      Console.remark(
        "run", "\(clock.seconds.decimals(1)) s, peak memory \(ProcessMemory.peakResidentBytes >> 20) MB", tone: .label)
    }
    try finish(tables)
    try EvaluationAnswer.end(
      failures: document.failures.map { ($0.id, $0.message) }, missing: command.batch.partial ? [] : document.lacking)
  }

  /// Writes what is asked for; the paths.
  private func write(
    _ tables: [ScoreTable], _ other: (name: String, document: EvaluationDocument)?
  ) throws -> [String] {
    var written: [String] = []
    if let path = command.outputs.file {
      try document.write(to: path, replacing: command.force)
      written.append(path)
    }
    if let path = command.outputs.csv {
      try AtomicFile.write(Array(ScoreTable.csv(tables).utf8), to: path, replacing: command.force)
      written.append(path)
    }
    if let path = command.outputs.report {
      try EvaluationPage(
        document: document, benchmark: benchmark, reader: command.reading.reader(command.common), comparison: other
      ).write(to: path, replacing: command.force)
      written.append(path)
    }
    if let folder = command.outputs.estimates {
      guard let benchmark else {
        throw CommandFailure(
          .usage,
          "--estimates \(folder): needs the benchmark: plumb evaluate BENCHMARK -o RESULTS/ --estimates \(folder)")
      }
      written += try estimates(benchmark, folder)
    }
    return written
  }

  private func estimates(_ benchmark: Benchmark, _ folder: String) throws -> [String] {
    let writer = EstimateWriter(folder: folder, replacing: command.force)
    switch benchmark.work {
    case .pairs:
      let poses = document.results.pairs.compactMap { score in score.estimate.map { (score.id, $0.pose) } }
      return try writer.write(poses: Dictionary(poses) { first, _ in first }, for: benchmark)
    case .tracklets(let items):
      let frames = Dictionary(items.map { ($0.id, $0.frames.map(\.number)) }) { first, _ in first }
      var boxes: [String: [Int: Box3]] = [:]
      for case .tracklet(let score, let found) in document.results {
        for (frame, box) in zip(frames[score.id] ?? [], found) { boxes[score.id, default: [:]][frame] = box }
      }
      return try writer.write(boxes: boxes, for: benchmark, isRectified: command.dataset.rect == .on)
    }
  }

  /// The result to compare with.
  private func other(_ path: String) throws -> EvaluationDocument {
    if let stored = try StoredResults(path, command.dataset) { return stored.document }
    guard let benchmark, command.dataset.reference != nil else {
      throw CommandFailure(
        .damagedInput, "--compare \(path): is no result of plumb evaluate (a .json of -o, or a folder of results)")
    }
    return try EvaluationScoring.document(path, benchmark, command)
  }

  /// The table that holds the results against others.
  private func comparison(_ other: (name: String, document: EvaluationDocument)) throws -> ScoreTable {
    guard case .pairs(let chosen) = document.measuring,
      let table = PairComparison.table(
        document.results.pairs, with: other.document.results.pairs, named: other.name,
        under: PairEvaluation(protocol: chosen, options: document.options))
    else {
      throw CommandFailure(
        .usage, "--compare \(other.name): only pairs under a protocol with a criterion can be compared")
    }
    return table
  }

  private func finish(_ tables: [ScoreTable]) throws {
    var document = document
    document.tables = tables
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
  static func end(failures: [(id: String, message: String)], missing: [String]) throws(CommandFailure) {
    for failure in failures.prefix(most) {
      Console.remark("failed", "\(failure.id): \(failure.message)".terminalSafe, tone: .bad)
    }
    if failures.count > most { Console.remark("failed", "… and \(failures.count - most) more", tone: .bad) }
    if failures.isEmpty, missing.isEmpty { return }
    var parts: [String] = []
    if let first = failures.first { parts.append("\(failures.count) failed (\(first.id): \(first.message))") }
    if let first = missing.first {
      parts.append("\(missing.count) missing (\(first)\(missing.count > 1 ? ", …" : ""))")
    }
    throw CommandFailure(.incomplete, parts.joined(separator: ", "))
  }

  private static let most = 20
}
