import Geometry
import Glibc
import PointClouds
import Registration

/// Registers or tracks the items of a benchmark, one after the other: what a worker does. Clouds and features stay in
/// memory between items as far as the budget allows. It belongs to one thread.
package final class ItemEvaluation {
  private let benchmark: Benchmark
  private let pairs: PairRunner
  private let makeTracklets: () -> TrackletRunner
  /// Made for the first object: pairs need no network.
  private lazy var tracklets = makeTracklets()
  private let key: ResultKey
  private let places: [String: Int]
  private var hashes = InputHashes()

  /// Prepares for the items of a benchmark.
  /// - Parameter memoryBudget: bytes that clouds and features may take.
  package init(_ benchmark: Benchmark, settings: EvaluationSettings, version: String, memoryBudget: Int) {
    self.benchmark = benchmark
    let reader = CloudReader(format: settings.format, nonFinite: settings.nonFinite, memoryLimit: memoryBudget)
    pairs = PairRunner(
      settings: settings.registration, goesBack: settings.goesBack, reader: reader, memoryBudget: memoryBudget
    ) {
      (reference) throws(CloudFileError) in
      try reference.read(with: reader)
    }
    makeTracklets = {
      TrackletRunner(reader: reader, tracker: settings.tracker.tracker, memoryBudget: memoryBudget)
    }
    key = ResultKey(version: version, settings: settings)
    places = Dictionary(benchmark.facts.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The result of an item; nil when the benchmark has none of that name.
  package func callAsFunction(_ id: String) -> BatchRecord? {
    guard let place = places[id] else { return nil }
    switch benchmark.work {
    case .pairs(let items):
      let run = pairs(items[place])
      let stages = run.stages.map { BatchRecord.Run.Stage(name: $0.name, seconds: $0.seconds) }
      return record(
        .pair(run.score), key(ItemFacts(items[place]), inputs: run.inputHashes), seconds: run.seconds, stages: stages)
    case .tracklets(let items):
      let item = items[place]
      let run = tracklets(item)
      let boxes = run.boxes
      return record(
        .tracklet(run.score, boxes: item.frames.map { boxes[$0.number] }), currentKey(of: item), seconds: run.seconds)
    }
  }

  /// The key that the result of an item would have now; nil when the benchmark has none of that name.
  func currentKey(_ id: String) -> String? {
    guard let place = places[id] else { return nil }
    switch benchmark.work {
    case .pairs(let items):
      let facts = ItemFacts(items[place])
      // A pipe would be waited for.
      guard facts.files.allSatisfy(isFileOrMissing) else { return key(facts, inputs: ["no file"]) }
      return key(facts, inputs: pairs.inputHashes(of: items[place]))
    case .tracklets(let items): return currentKey(of: items[place])
    }
  }

  /// The record of an item whose worker did not live to tell.
  func failed(_ id: String, status: Int, message: String, seconds: Double) -> BatchRecord? {
    guard let place = places[id], let key = currentKey(id) else { return nil }
    switch benchmark.work {
    case .pairs(let items):
      let score = PairScore(item: items[place], outcome: .failed(status: status, message: message))
      return record(.pair(score), key, seconds: seconds)
    case .tracklets(let items):
      let item = items[place]
      let failure = TrackletScore.Failure(status: status, message: message)
      return record(
        .tracklet(TrackletScore(item: item, boxes: [:], failure: failure), boxes: item.frames.map { _ in nil }), key,
        seconds: seconds)
    }
  }

  private func record(
    _ result: BatchRecord.Result, _ key: String, seconds: Double, stages: [BatchRecord.Run.Stage] = []
  ) -> BatchRecord {
    BatchRecord(
      key: key, settingsHash: self.key.settingsHash, result: result,
      run: BatchRecord.Run(host: BatchLog.host, seconds: seconds, stages: stages))
  }

  private func currentKey(of item: TrackletItem) -> String {
    let facts = ItemFacts(item)
    guard facts.files.allSatisfy(isFileOrMissing) else { return key(facts, inputs: ["no file"]) }
    return key(facts, inputs: item.frames.compactMap { $0.cloud.map { hashes.hash(of: $0) } })
  }

  private func isFileOrMissing(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }
}
