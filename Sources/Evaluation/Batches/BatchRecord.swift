import Foundation
import Geometry
import PointClouds
import Rendering

/// The result of one item with its key: what one line of a log holds.
public struct BatchRecord: Sendable, Equatable {
  /// Names the result, see ``ResultKey``.
  public var key: String
  /// The hash of version and settings.
  public var settingsHash: String
  /// What was measured.
  public var result: Result
  /// What depends on the run: never compared, never merged.
  public var run: Run

  /// What was measured at an item.
  public enum Result: Sendable, Equatable {
    /// A pair.
    case pair(PairScore)
    /// An object with its estimated box in every labelled frame, in order; nil where there is none.
    case tracklet(TrackletScore, boxes: [Box3?])
  }

  /// What depends on the run.
  public struct Run: Sendable, Equatable {
    /// The machine.
    public var host: String
    /// Wall-clock seconds of the item.
    public var seconds: Double
    /// The same by stage.
    public var stages: [Stage]

    /// One stage.
    public struct Stage: Sendable, Equatable {
      /// Its name.
      public var name: String
      /// Wall-clock seconds.
      public var seconds: Double

      /// A stage with its time.
      public init(name: String, seconds: Double) { (self.name, self.seconds) = (name, seconds) }
    }

    /// The times of a run.
    public init(host: String, seconds: Double, stages: [Stage] = []) {
      (self.host, self.seconds, self.stages) = (host, seconds, stages)
    }
  }

  /// A result under its key.
  public init(key: String, settingsHash: String, result: Result, run: Run) {
    (self.key, self.settingsHash, self.result, self.run) = (key, settingsHash, result, run)
  }

  /// The item.
  public var id: String { result.id }
}

extension BatchRecord.Result {
  /// The item.
  public var id: String {
    switch self {
    case .pair(let score): score.id
    case .tracklet(let score, _): score.id
    }
  }

  /// Whether there is no estimate and no failure: the result that was scored lacks the pair.
  public var isMissing: Bool { if case .pair(let score) = self { score.outcome == .missing } else { false } }

  /// Why the item failed, as an exit status with one line; nil when it did not.
  public var failure: (status: Int, message: String)? {
    switch self {
    case .pair(let score):
      if case .failed(let status, let message) = score.outcome { (status, message) } else { nil }
    case .tracklet(let score, _): score.failure.map { ($0.status, $0.message) }
    }
  }
}

extension BatchRecord {
  /// The line of a log, with its checksum and without the line's end.
  package var line: String {
    let body = JSONValue.members([
      "id": .string(id), "key": .string(key), "settings_hash": .string(settingsHash),
      result.member.key: result.member.value,
      "run": run.json,
    ]).text.dropLast()
    let sum = String(CRC32.checksum(body.utf8), radix: 16)
    return "\(body),\"crc\":\"\(String(repeating: "0", count: 8 - sum.count))\(sum)\"}"
  }

  /// How the bytes of a line end after those that the checksum covers: `,"crc":"01234567"}`.
  private static let tailLength = 18

  /// Reads a line of a log; nil when its checksum is wrong or it is no record.
  package init?(line: some Collection<UInt8>) {
    guard line.count > BatchRecord.tailLength else { return nil }
    let (body, tail) = (line.dropLast(BatchRecord.tailLength), Array(line.suffix(BatchRecord.tailLength)))
    guard tail.starts(with: ",\"crc\":\"".utf8), tail.suffix(2).elementsEqual("\"}".utf8),
      let sum = UInt32(String(decoding: tail[8..<16], as: UTF8.self), radix: 16), sum == CRC32.checksum(body),
      let form = try? JSONDecoder().decode(RecordForm.self, from: Data(line))
    else { return nil }
    let stages = form.run.stages.map { Run.Stage(name: $0.name, seconds: $0.seconds) }
    let run = Run(host: form.run.host, seconds: form.run.seconds, stages: stages)
    guard let result = form.result else { return nil }
    self.init(key: form.key, settingsHash: form.settings_hash, result: result, run: run)
  }
}

extension BatchRecord.Run {
  fileprivate var json: JSONValue {
    .members([
      "host": .string(host), "seconds": .number(seconds),
      "stages": .array(stages.map { .members(["name": .string($0.name), "seconds": .number($0.seconds)]) }),
    ])
  }
}

/// A line as JSON has it.
private struct RecordForm: Decodable {
  let key: String
  let settings_hash: String
  let pair: PairForm?
  let tracklet: TrackletForm?
  let run: RunForm

  struct RunForm: Decodable {
    let host: String
    let seconds: Double
    let stages: [StageForm]
  }
  struct StageForm: Decodable {
    let name: String
    let seconds: Double
  }

  var result: BatchRecord.Result? { pair?.result ?? tracklet?.result }
}
