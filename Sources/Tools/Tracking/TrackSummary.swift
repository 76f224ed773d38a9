import Rendering
import Tracking

/// What the command says about its tracks, in words and in JSON.
struct TrackSummary {
  let outcome: TrackRun.Outcome
  let output: String

  /// The objects that could not be started.
  var notStarted: [TrackedObject] {
    outcome.objects.filter { if case .notStarted = $0.outcome { true } else { false } }
  }

  /// Milliseconds per object and frame; nil without a frame.
  private var milliseconds: Double? {
    outcome.rows > 0 ? outcome.seconds * 1000 / Double(outcome.rows) : nil
  }

  /// Says it.
  func say() {
    for object in outcome.objects {
      let name = "\(object.track) \(object.category)".terminalSafe
      let words = "\(object.frames) frames from \(object.firstFrame), seen in \(object.seenFrames)"
      switch object.outcome {
      case .waiting, .followed: Console.say("object", "\(name): \(words)")
      case .givenUp(let frame): Console.say("object", "\(name): \(words), given up in frame \(frame)", tone: .caution)
      case .notStarted(let cause): Console.remark("object", "\(name), frame \(object.firstFrame): \(cause)", tone: .bad)
      }
    }
    if shareWithoutPoints > 0.3 {
      Console.remark(
        "warning",
        "\(notStarted.count) of \(outcome.objects.count) objects could not be started: do the scans and the "
          + "labels belong to the same sequence?")
    }
    let time = milliseconds.map { ", \($0.decimals(1)) ms per object and frame" } ?? ""
    Console.say(
      "wrote", "\(output.terminalSafe)  \(outcome.rows.grouped) boxes from \(outcome.scans.grouped) scans\(time)",
      tone: .good)
  }

  /// The share of objects that could not be started, where there are several.
  private var shareWithoutPoints: Double {
    outcome.objects.count < 3 ? 0 : Double(notStarted.count) / Double(outcome.objects.count)
  }

  /// The answer in JSON.
  var json: JSONValue {
    .members([
      "schema": "plumb.track/1", "version": .string(Plumb.version), "output": .string(output),
      "scans": .integer(outcome.scans), "boxes": .integer(outcome.rows),
      "milliseconds_per_box": .optional(milliseconds),
      "broken_scans": .array(
        outcome.broken.map { .members(["frame": .integer($0.frame), "reason": .string($0.reason)]) }),
      "objects": .array(outcome.objects.map(TrackSummary.json)),
    ])
  }

  private static func json(_ object: TrackedObject) -> JSONValue {
    let (status, reason): (String, JSONValue) =
      switch object.outcome {
      case .waiting, .followed: ("followed", .null)
      case .givenUp: ("given_up", .null)
      case .notStarted(let cause): ("not_started", .string(cause))
      }
    return .members([
      "track": .integer(object.track), "type": .string(object.category), "first_frame": .integer(object.firstFrame),
      "frames": .integer(object.frames), "seen_frames": .integer(object.seenFrames), "status": .string(status),
      "reason": reason,
    ])
  }
}
