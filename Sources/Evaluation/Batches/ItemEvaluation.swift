import Geometry
import Glibc
import PointClouds
import Registration

/// Registers or tracks the items of a benchmark, one after the other: what a worker does. Clouds and features stay in
/// memory between items as far as the budget allows.
package struct ItemEvaluation {
  private let benchmark: Benchmark
  private let pairs: PairRunner
  private let tracklets: TrackletRunner
  private let key: ResultKey
  private let places: [String: Int]

  /// Prepares for the items of a benchmark.
  /// - Parameter memoryBudget: bytes that clouds and features may take.
  package init(_ benchmark: Benchmark, settings: EvaluationSettings, version: String, memoryBudget: Int) {
    self.benchmark = benchmark
    var registration = Registrar.Settings()
    (registration.quality, registration.seed) = (settings.quality, settings.seed)
    let reader = CloudReader(format: settings.format, nonFinite: settings.nonFinite, memoryLimit: memoryBudget)
    pairs = PairRunner(settings: registration, reader: reader, memoryBudget: memoryBudget) {
      (reference) throws(CloudFileError) in
      try reference.read(with: reader)
    }
    tracklets = TrackletRunner(reader: reader, memoryBudget: min(memoryBudget / 4, 256 << 20))
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
      return BatchRecord(
        key: key(ItemFacts(items[place]), inputs: run.inputHashes), settingsHash: key.settingsHash,
        result: .pair(run.score),
        run: BatchRecord.Run(host: BatchLog.host, seconds: run.seconds, stages: stages))
    case .tracklets(let items):
      let item = items[place]
      let hashes = tracklets.inputHashes(of: item)
      let run = tracklets(item)
      let boxes = run.boxes
      return BatchRecord(
        key: key(ItemFacts(item), inputs: hashes), settingsHash: key.settingsHash,
        result: .tracklet(run.score, boxes: item.frames.map { boxes[$0.number] }),
        run: BatchRecord.Run(host: BatchLog.host, seconds: run.seconds))
    }
  }

  /// The key that the result of an item would have now; nil when the benchmark has none of that name.
  func currentKey(_ id: String) -> String? {
    guard let place = places[id] else { return nil }
    switch benchmark.work {
    case .pairs(let items): return key(ItemFacts(items[place])) { pairs.inputHashes(of: items[place]) }
    case .tracklets(let items): return key(ItemFacts(items[place])) { tracklets.inputHashes(of: items[place]) }
    }
  }

  private func key(_ facts: ItemFacts, _ hashes: () -> [String]) -> String {
    // A pipe would be waited for.
    key(facts, inputs: facts.files.allSatisfy(isFileOrMissing) ? hashes() : ["no file"])
  }

  private func isFileOrMissing(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// The record of an item whose worker did not live to tell.
  func failed(_ id: String, status: Int, message: String, seconds: Double) -> BatchRecord? {
    guard let place = places[id], let key = currentKey(id) else { return nil }
    let result: BatchRecord.Result
    switch benchmark.work {
    case .pairs(let items):
      let item = items[place]
      result = .pair(
        PairScore(
          id: id, list: item.list, scene: item.scene, first: item.numbers.first, second: item.numbers.second,
          outcome: .failed(status: status, message: message)))
    case .tracklets(let items):
      let item = items[place]
      result = .tracklet(
        TrackletScore(
          id: id, sequence: item.sequence, track: item.track, category: item.category, overlaps: [], distances: [],
          failure: TrackletScore.Failure(status: status, message: message)),
        boxes: item.frames.map { _ in nil })
    }
    return BatchRecord(
      key: key, settingsHash: self.key.settingsHash, result: result,
      run: BatchRecord.Run(host: BatchLog.host, seconds: seconds))
  }
}
