import Evaluation
import PointClouds
import Rendering

/// Scores results that exist against a benchmark; opens no cloud.
struct EvaluationScoring {
  let command: EvaluateCommand
  let clock: Stopwatch

  /// Answers with the tables.
  func callAsFunction() throws {
    guard let input = command.input, let reference = command.dataset.reference else { return }
    let benchmark = try command.dataset.reader()(reference)
    let description = BenchmarkDescription(benchmark)
    description.say()
    if command.batch.dryRun { return try description.answerDryRun(command, shard: nil) }
    if benchmark.layout == .trajectory { return try compareTrajectories(input, reference) }
    let document = try EvaluationScoring.document(input, benchmark, command)
    try EvaluationAnswer(document: document, command: command, clock: clock, benchmark: benchmark)()
  }

  /// The scores of estimates in files of the benchmark's own form.
  static func document(
    _ path: String, _ benchmark: Benchmark, _ command: EvaluateCommand
  ) throws -> EvaluationDocument {
    var reader = EstimateReader()
    reader.isRectified = command.dataset.rect == .on
    let results: [BatchRecord.Result]
    var extras: [ExtraEstimate] = []
    switch benchmark.work {
    case .pairs(let items):
      let found = try reader.poses(path, for: benchmark)
      for note in found.notes { Console.remark("note", note.terminalSafe, tone: .label) }
      extras = found.extras.map { ExtraEstimate(list: $0.list, scene: $0.scene, first: $0.first, second: $0.second) }
      results = items.map { item in
        let outcome: PairScore.Outcome =
          if let pose = found.poses[item.id] {
            .estimated(PairScore.Estimate(pose: pose))
          } else if let reason = found.unusable[item.id] {
            .failed(status: Int(ExitStatus.damagedInput.rawValue), message: reason)
          } else {
            .missing
          }
        return .pair(PairScore(item: item, outcome: outcome))
      }
    case .tracklets(let items):
      let boxes = try reader.boxes(path, for: benchmark)
      results = items.map { item in
        let found = boxes[item.id] ?? [:]
        return .tracklet(TrackletScore(item: item, boxes: found), boxes: item.frames.map { found[$0.number] })
      }
    }
    let measuring =
      try command.dataset.namedProtocol(for: benchmark.layout) ?? Measuring(standardFor: benchmark)
    return EvaluationDocument(
      layout: benchmark.layout, measuring: measuring, options: command.dataset.options, version: Plumb.version,
      results: results, extras: extras)
  }

  /// Compares two files of poses over time.
  private func compareTrajectories(_ input: String, _ reference: String) throws {
    func read(_ path: String) throws -> NamedPoses {
      let file = try TrajectoryFile(path, times: command.dataset.times)
      for note in file.notes { Console.remark("note", "\(path): \(note)".terminalSafe, tone: .label) }
      return try NamedPoses(name: path, times: file.trajectory.times, poses: file.trajectory.poses)
    }
    let (truth, estimate) = (try read(reference), try read(input))
    let error = try TrajectoryError(truth: truth, estimate: estimate)
    let segments = try OdometryError(truth: truth, estimate: estimate)
    let name = FileName.last(input)
    var document = EvaluationDocument(
      layout: .trajectory, measuring: .nothing, version: Plumb.version, results: [])
    document.tables = error.tables(name: name) + (segments.segments.isEmpty ? [] : segments.tables(name: name))
    try EvaluationAnswer(document: document, command: command, clock: clock)()
  }
}
