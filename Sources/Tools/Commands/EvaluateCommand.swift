import ArgumentParser
import Evaluation
import Glibc
import Parallelism
import PointClouds
import Registration
import Tracking

/// `plumb evaluate`: runs a benchmark, or scores results that exist.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Runs a benchmark folder, or scores results that already exist.",
    discussion: """
      The layout of the folder is recognised; --dry-run says as what and why. Tables go to stdout.

      EXAMPLES
        plumb evaluate 3DMatch/                                     registers every pair and prints the tables
        plumb evaluate 3DMatch/ -o results/                         the same; killed, it goes on where it was
        plumb evaluate est/ --reference 3DMatch/                    scores est.log files that exist; opens no cloud
        plumb evaluate 3DMatch/ --shard 3/64 -o results/            one part of 64, on any machine
        plumb evaluate --merge results/ -o all.json                 joins the parts

      The exit status is 3 when items have failed or are missing. Every item is evaluated in a process of its own, with \
      --time-limit and --max-memory for each.
      """)

  @Argument(help: "A benchmark folder, a list of pairs, or results to score.")
  var input: String?

  @OptionGroup(title: "Benchmark") var dataset: DatasetOptions
  @OptionGroup(title: "Batches") var batch: BatchOptions
  @OptionGroup(title: "Results") var outputs: EvaluationOutputs

  @Flag(help: "Replace existing outputs.")
  var force = false

  @OptionGroup(title: "Registration") var registration: RegistrationOptions

  @Flag(
    help:
      "Register every pair in both directions, from scratch, and say how far the two poses are from undoing each other."
  )
  var roundTrip = false

  @Option(help: "How objects are followed: s or t, a small or a tiny trained network; icp, by aligned points.")
  var model = TrackerModel.standard

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  mutating func validate() throws {
    if batch.merge == nil, input == nil { throw ValidationError("a benchmark or --merge is needed") }
    if let merge = batch.merge {
      if let input { throw ValidationError("--merge \(merge) reads that folder alone, not \(input)") }
      for (used, option) in [
        (batch.shard != nil, "--shard"), (dataset.reference != nil, "--reference"),
        (batch.retryFailed, "--retry-failed"),
      ]
      where used {
        throw ValidationError("--merge and \(option) exclude each other")
      }
      if let folder = outputs.estimates {
        throw ValidationError(
          "--merge needs no benchmark, --estimates does: plumb evaluate BENCHMARK -o \(merge) --estimates \(folder)")
      }
    } else if batch.partial {
      throw ValidationError("--partial needs --merge")
    }
    if batch.shard != nil, dataset.reference != nil {
      throw ValidationError("--shard and --reference exclude each other: scoring takes seconds")
    }
    if batch.shard != nil, !batch.dryRun {
      guard let output = outputs.output, !EvaluationOutputs.isFile(output) else {
        throw ValidationError("--shard needs a folder for the results of all shards: -o results/")
      }
      if let option = outputs.lateOption {
        throw ValidationError(
          "\(option) belongs to the merge of all shards: plumb evaluate --merge \(output) \(option) …")
      }
    }
    if roundTrip {
      if dataset.reference != nil {
        throw ValidationError("--round-trip and --reference exclude each other: results that exist are only scored")
      }
      if registration.settings.scale != .off {
        throw ValidationError("--round-trip compares rigid poses: leave out --scale, --units and --dof 7")
      }
    }
    if batch.retryFailed, outputs.folder == nil {
      throw ValidationError("--retry-failed needs the folder of an earlier run: -o results/")
    }
    try outputs.checkExtensions()
  }

  func run() throws {
    // The limits hold for the workers: one pair may take so long, and so much memory.
    let isWorker = batch.worker != nil
    common.apply(limits: isWorker)
    if isWorker { return try serve() }
    defer { ScratchFolder.removeAll() }
    let clock = Stopwatch()
    if let merge = batch.merge {
      try dataset.checkNames()
      let merged = try MergedResults(ResultsFolder(merge))
      return try EvaluationMerge(merged: merged, folder: merge, command: self, clock: clock)()
    }
    try outputs.check(inputs: [input, dataset.reference].compactMap { $0 }, replacing: force)
    try dataset.checkNames()
    if dataset.reference != nil { return try EvaluationScoring(command: self, clock: clock)() }
    if let input, let stored = try StoredResults(input, dataset) {
      return try EvaluationAnswer(document: stored.document, command: self, clock: clock)()
    }
    try EvaluationRun(command: self, benchmark: try benchmark(), clock: clock)()
  }

  /// The benchmark that is evaluated.
  func benchmark() throws -> Benchmark { try dataset.reader()(input ?? "") }

  /// What decides the results.
  var settings: EvaluationSettings {
    var settings = EvaluationSettings()
    settings.registration = registration.settings
    (settings.goesBack, settings.tracker) = (roundTrip, model)
    (settings.nonFinite, settings.format) = (reading.nonFinite, reading.format)
    return settings
  }

  /// The arguments that make a worker of this run.
  var workerArguments: [String] {
    var words = ["evaluate", "--worker", "\(getpid())"] + registration.words
    words += ["--non-finite", reading.nonFinite.rawValue]
    if let format = reading.format { words += ["--format", format.rawValue] }
    words += dataset.words + ["--model", model.rawValue] + (roundTrip ? ["--round-trip"] : [])
    words += ["--threads", "\(max(1, Parallel.threads / batch.jobs))"]
    words += ["--max-memory", "\(common.maxMemory ?? MemoryBudget.automatic / batch.jobs)"]
    return words + ["--", input ?? ""]
  }
}
