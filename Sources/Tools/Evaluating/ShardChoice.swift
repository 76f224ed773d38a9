import ArgumentParser
import Evaluation

/// One part of a batch, as the command line names it.
enum ShardChoice: ExpressibleByArgument, Sendable, Equatable {
  /// `K/N`.
  case given(Shard)
  /// Whatever the array job of Slurm says.
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
      return
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let k = parts[0], let n = parts[1], let shard = Shard(k, of: n) else { return nil }
    self = .given(shard)
  }

  /// The most shards that a batch may have: Slurm's default MaxArraySize is 1001.
  static let most = 1000

  /// The part to evaluate, with N from the folder's manifest where a batch was begun there.
  func shard(in folder: ResultsFolder?) throws -> Shard {
    switch self {
    case .given(let shard): return shard
    case .auto:
      guard let k = environment("SLURM_ARRAY_TASK_ID").flatMap({ Int($0) }) else {
        throw CommandFailure(
          .usage, "--shard auto: SLURM_ARRAY_TASK_ID is not set, this is no array job of Slurm; give --shard K/N")
      }
      let (n, source) = try count(in: folder)
      guard let shard = Shard(k, of: n) else {
        throw CommandFailure(
          .usage,
          "--shard auto: task \(k) of \(n) shards (by \(source)); shards count from 0: submit --array=0-\(n - 1), or give "
            + "--shard K/N")
      }
      return shard
    }
  }

  private func count(in folder: ResultsFolder?) throws -> (Int, source: String) {
    if let folder, folder.isBegun { return (try folder.manifest().shards, "\(folder.path)/manifest.json") }
    guard let n = environment("SLURM_ARRAY_TASK_COUNT").flatMap({ Int($0) }), n >= 1 else {
      throw CommandFailure(.usage, "--shard auto: SLURM_ARRAY_TASK_COUNT is not set; give --shard K/N")
    }
    return (n, "SLURM_ARRAY_TASK_COUNT")
  }
}
