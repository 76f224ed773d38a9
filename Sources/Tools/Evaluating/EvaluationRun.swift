import Evaluation
import Glibc
import Parallelism
import PointClouds
import Rendering

/// Evaluates a benchmark, or one shard of it.
struct EvaluationRun {
  let command: EvaluateCommand
  let benchmark: Benchmark
  let clock: Stopwatch

  /// Runs what is left to do; without shards, answers with the tables.
  func callAsFunction() throws {
    let description = BenchmarkDescription(benchmark)
    description.say()
    if command.roundTrip, case .tracklets = benchmark.work {
      throw CommandFailure(.usage, "--round-trip: needs pairs of clouds, \(benchmark.root) holds objects to follow")
    }
    let kept = command.outputs.folder.map { ResultsFolder($0) }
    let shard = try command.batch.shard?.shard(in: kept)
    if command.batch.dryRun {
      return try description.answerDryRun(command, shard: shard)
    }
    if benchmark.layout == .trajectory {
      throw CommandFailure(
        .usage, "\(benchmark.root): is a trajectory; --reference names the true one, or the other way round")
    }
    let folder = try kept ?? ResultsFolder(ScratchFolder.make())
    let progress = try evaluate(in: folder, shard: shard ?? .whole)
    if let shard { return try answer(shard, progress, folder) }
    let merged = try MergedResults(folder)
    try EvaluationAnswer(
      document: EvaluationDocument(merged, command.dataset), command: command, clock: clock, benchmark: benchmark,
      run: [JSONValue.Member(key: "evaluated_now", value: .integer(progress.done))])()
  }

  private func evaluate(in folder: ResultsFolder, shard: Shard) throws -> Evaluator.Progress {
    let measuring =
      try command.dataset.namedProtocol(for: benchmark.layout) ?? Measuring(standardFor: benchmark)
    var evaluator = Evaluator(
      settings: command.settings, version: Plumb.version, protocolName: measuring.name,
      worker: WorkerLaunch(executable: try EvaluationRun.executable(), arguments: command.workerArguments))
    evaluator.retriesFailed = command.batch.retryFailed
    evaluator.workers = command.batch.jobs
    evaluator.itemSeconds = command.common.timeLimit
    let line = BatchProgress()
    let progress = try evaluator(benchmark, shard: shard, in: folder) { line.show($0) }
    if progress.known > 0 {
      Console.say("resumed", "\(progress.known.grouped) of \(progress.total.grouped) items were done before")
    }
    return progress
  }

  /// Says how a shard has ended.
  private func answer(_ shard: Shard, _ progress: Evaluator.Progress, _ folder: ResultsFolder) throws {
    Console.say(
      "shard",
      "\(shard.index)/\(shard.count): \(progress.total.grouped) items, \(progress.done.grouped) evaluated now, "
        + "\(progress.known.grouped) before   \(clock.seconds.decimals(1)) s", tone: .good)
    let document = JSONValue.members([
      "schema": "plumb.shard/1", "version": .string(Plumb.version), "shard": .integer(shard.index),
      "shards": .integer(shard.count), "items": .integer(progress.total),
      "run": .members([
        "evaluated_now": .integer(progress.done), "failed_now": .integer(progress.failed),
        "known": .integer(progress.known), "seconds": .number(clock.seconds),
        "peak_rss_bytes": .integer(ProcessMemory.peakResidentBytes),
      ]),
    ])
    guard Console.finish(json: document) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    if progress.failed > 0, let last = progress.lastFailure {
      throw CommandFailure(
        .incomplete, "\(progress.failed) of \(progress.done) items failed, the last is \(last.id): \(last.message)")
    }
  }

  /// The file of this program.
  private static func executable() throws(CommandFailure) -> String {
    guard let path = realpath("/proc/self/exe", nil) else {
      throw CommandFailure(.internalError, "/proc/self/exe: cannot be followed, no worker can be started")
    }
    defer { free(path) }
    return String(cString: path)
  }
}
