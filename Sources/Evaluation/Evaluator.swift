import PointClouds

/// Runs a benchmark and keeps what comes out.
///
///     benchmark → manifest → items of a shard → register or track → score → log … merge → tables
///
/// Every item is evaluated in a child process and its score appended to a log, from which any later run goes on:
/// after a kill, on another machine, or beside other shards. ``MergedResults`` reads the logs of all shards.
public struct Evaluator: Sendable {
  /// What decides the results.
  public var settings: EvaluationSettings
  /// The version of the program, part of the name of every result.
  public var version: String
  /// The protocol that was asked for; nil for those of the benchmark.
  public var protocolName: String?
  /// Whether items that have failed are tried again.
  public var retriesFailed = false
  /// The program of the workers with its arguments.
  public var worker: WorkerLaunch
  /// How many workers there are.
  public var workers = 1
  /// Seconds that one item may take.
  public var itemSeconds: Double?

  /// An evaluator whose workers are started by the given command.
  public init(
    settings: EvaluationSettings, version: String, protocolName: String? = nil,
    worker: WorkerLaunch
  ) {
    (self.settings, self.version, self.protocolName, self.worker) = (settings, version, protocolName, worker)
  }

  /// How far a shard is, after each item.
  public struct Progress: Sendable {
    /// Items of the shard.
    public let total: Int
    /// Items that had a result before.
    public let known: Int
    /// Items that were evaluated now.
    public internal(set) var done = 0
    /// Items among them that failed.
    public internal(set) var failed = 0
    /// The last result; nil at the beginning.
    public internal(set) var last: BatchRecord?
    /// The last failure with its item.
    public internal(set) var lastFailure: (id: String, message: String)?
  }

  /// Evaluates what is left of a shard and appends the results to the folder.
  /// - Throws: ``BatchError`` when the folder belongs to another batch, `CloudFileError` when it cannot be written.
  @discardableResult
  public func callAsFunction(
    _ benchmark: Benchmark, shard: Shard = .whole, in folder: ResultsFolder,
    onProgress: (Progress) -> Void = { _ in }
  ) throws -> Progress {
    let manifest = BatchManifest(
      benchmark, settings: settings, version: version, protocolName: protocolName, shards: shard.count)
    try folder.begin(manifest)
    let evaluation = ItemEvaluation(
      benchmark, settings: settings, version: version, memoryBudget: MemoryBudget.automatic)
    let items = manifest.ids.filter(shard.contains)
    let known = try known(items, manifest, evaluation, folder)
    let open = items.filter { !known.contains($0) }
    var progress = Progress(total: items.count, known: known.count)
    onProgress(progress)
    guard !open.isEmpty else { return progress }

    let log = try BatchLog(folder: folder.path, shard: shard)
    let pool = WorkerPool(
      launch: worker, size: workers,
      timeLimit: itemSeconds)
    try pool(open) { answer in
      guard let record = record(answer, evaluation) else { return }
      try log.append(record)
      progress.done += 1
      if let failure = record.result.failure {
        progress.failed += 1
        progress.lastFailure = (record.id, failure.message)
      }
      progress.last = record
      onProgress(progress)
    }
    try log.flush()
    return progress
  }

  /// The items whose result is there, made from the same bytes.
  private func known(
    _ items: [String], _ manifest: BatchManifest, _ evaluation: ItemEvaluation, _ folder: ResultsFolder
  ) throws -> Set<String> {
    let asked = Set(items)
    var keys: [String: String] = [:]
    var known: Set<String> = []
    for log in try folder.logs() {
      _ = try LogLines.read(log) { record in
        guard record.settingsHash == manifest.settingsHash, asked.contains(record.id), !known.contains(record.id),
          record.result.failure == nil || !retriesFailed
        else { return }
        if keys[record.id] == nil { keys[record.id] = evaluation.currentKey(record.id) }
        if keys[record.id] == record.key { known.insert(record.id) }
      }
    }
    return known
  }

  private func record(_ answer: WorkerPool.Answer, _ evaluation: ItemEvaluation) -> BatchRecord? {
    switch answer {
    case .record(let record): record
    case .failure(let id, let status, let message, let seconds):
      evaluation.failed(id, status: status, message: message, seconds: seconds)
    }
  }
}
