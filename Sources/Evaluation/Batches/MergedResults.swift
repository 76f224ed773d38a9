import PointClouds

/// All results of a batch, as its logs hold them. No benchmark is needed to read them.
public struct MergedResults: Sendable {
  /// What the results belong to.
  public let manifest: BatchManifest
  /// The results of the items that have one, in the order of the benchmark.
  public let records: [BatchRecord]
  /// The items without a result, sorted.
  public let missing: [String]
  /// What is wrong with the logs and no reason to stop.
  public let remarks: [String]

  /// Reads the results in a folder.
  /// - Throws: when two results of one item contradict each other.
  public init(_ folder: ResultsFolder) throws {
    manifest = try folder.manifest()
    let (results, remarks) = try folder.results(settingsHash: manifest.settingsHash)
    self.remarks = remarks
    records = manifest.ids.compactMap { results[$0] }
    missing = manifest.ids.filter { results[$0] == nil }.sorted()
  }

  /// The failed items with their reasons.
  public var failures: [(id: String, status: Int, message: String)] {
    records.compactMap { record in record.result.failure.map { (record.id, $0.status, $0.message) } }
  }

  /// How far each shard is.
  public struct ShardCount: Sendable, Equatable {
    /// The shard.
    public let shard: Int
    /// Items with an estimate.
    public var done = 0
    /// Items that failed.
    public var failed = 0
    /// Items without a result.
    public var missing = 0
  }

  /// How far the shards are, in order.
  public var shards: [ShardCount] {
    var counts = (0..<manifest.shards).map { ShardCount(shard: $0) }
    for record in records {
      let shard = Shard.number(of: record.id, counts.count)
      if record.result.failure == nil { counts[shard].done += 1 } else { counts[shard].failed += 1 }
    }
    for id in missing { counts[Shard.number(of: id, counts.count)].missing += 1 }
    return counts
  }
}
