import ArgumentParser

/// How a benchmark is split, resumed and joined.
struct BatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evaluate one part of N; K counts from 0. auto takes K from SLURM_ARRAY_TASK_ID and N from the folder or "
        + "SLURM_ARRAY_TASK_COUNT.", valueName: "K/N|auto"))
  var shard: ShardChoice?

  @Option(
    help: ArgumentHelp(
      "Join the results in a folder; without -o only print how far each shard is.", valueName: "folder"))
  var merge: String?

  @Flag(help: "Merge although items are missing.")
  var partial = false

  @Flag(help: "Try failed items again.")
  var retryFailed = false

  @Flag(help: "Say what would be done, and with --shard 0/N how to submit it to Slurm.")
  var dryRun = false

  @Option(help: ArgumentHelp("How many processes evaluate items at once.", valueName: "n"))
  var jobs = 1

  @Option(help: ArgumentHelp("", visibility: .private))
  var worker: Int32?

  mutating func validate() throws {
    if jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): 1 to 1024 are possible") }
  }
}
