import Evaluation
import PointClouds
import Rendering

/// Joins the results of all shards, or says how far they are.
struct EvaluationMerge {
  let merged: MergedResults
  let folder: String
  let command: EvaluateCommand
  let clock: Stopwatch

  /// Answers with the tables when something is to be written, else with the state of every shard.
  func callAsFunction() throws {
    try command.outputs.check(inputs: [], replacing: command.force)
    guard command.outputs.file != nil || command.outputs.lateOption != nil else {
      for remark in merged.remarks { Console.remark("warning", remark.terminalSafe) }
      return try sayState()
    }
    if let folder = command.outputs.folder {
      throw CommandFailure(.usage, "-o \(folder): the merge is written to a file, such as all.json")
    }
    if !merged.missing.isEmpty, !command.batch.partial { throw incomplete() }
    let document = try EvaluationDocument(merged, command.dataset)
    try EvaluationAnswer(document: document, command: command, clock: clock)()
  }

  private func sayState() throws {
    let shards = merged.shards
    let width = max(5, String(shards.count).count)
    Console.text("\("shard".padded(width))     done   failed  missing")
    for count in shards {
      Console.text(row(String(count.shard).padded(width), count.done, count.failed, count.missing))
    }
    let failures = merged.failures
    let done = merged.records.count - failures.count
    if shards.count > 1 { Console.text(row("all".padded(width), done, failures.count, merged.missing.count)) }
    guard Console.finish(document: state(shards).text + "\n") else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    if !merged.missing.isEmpty, !command.batch.partial { throw incomplete() }
    try EvaluationAnswer.end(
      failures: failures.map { ($0.id, $0.message) }, missing: command.batch.partial ? [] : merged.missing)
  }

  private func row(_ name: String, _ numbers: Int...) -> String {
    name
      + numbers.map { number in
        let digits = String(number)
        return String(repeating: " ", count: max(1, 9 - digits.count)) + digits
      }.joined()
  }

  private func state(_ shards: [MergedResults.ShardCount]) -> JSONValue {
    .members([
      "schema": "plumb.batch-state/1", "version": .string(merged.manifest.version),
      "dataset_hash": .string(merged.manifest.datasetHash),
      "shards": .array(
        shards.map {
          .members([
            "shard": .integer($0.shard), "done": .integer($0.done), "failed": .integer($0.failed),
            "missing": .integer($0.missing),
          ])
        }),
      "missing": .array(merged.missing.map(JSONValue.string)),
      "failed": .array(merged.failures.map { .string($0.id) }),
      "run": .members([
        "seconds": .number(clock.seconds), "peak_rss_bytes": .integer(ProcessMemory.peakResidentBytes),
      ]),
    ])
  }

  /// Prints the ids that are missing.
  private func incomplete() -> CommandFailure {
    for id in merged.missing { Console.remark("missing", id.terminalSafe) }
    return CommandFailure(
      .incomplete,
      "\(folder): \(merged.missing.count) of \(merged.manifest.ids.count) items have no result; run their shards, or merge "
        + "with --partial")
  }
}
