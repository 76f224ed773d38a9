import Geometry
import Registration
import Rendering
import Solvers

// The written forms of the scores: what JSON documents hold. Every number reads back to the same bits.

extension BatchRecord.Result {
  /// The result as a member of an object: `"pair":{…}` or `"tracklet":{…}`.
  var member: JSONValue.Member {
    switch self {
    case .pair(let score): JSONValue.Member(key: "pair", value: score.json)
    case .tracklet(let score, let boxes): JSONValue.Member(key: "tracklet", value: score.json(boxes: boxes))
    }
  }
}

extension PairScore {
  /// The score as one object.
  package var json: JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) { members.append(JSONValue.Member(key: key, value: value)) }
    add("id", .string(id))
    add("list", .string(list))
    add("scene", .string(scene))
    add("first", .integer(first))
    add("second", .integer(second))
    switch outcome {
    case .estimated(let estimate):
      add("outcome", "estimated")
      add("T", .array(estimate.pose.rows.map { .array($0.map(JSONValue.number)) }))
      add("verdict", estimate.verdict.map { .string($0.rawValue) } ?? .null)
      add("reasons", .array(estimate.reasons.map(JSONValue.string)))
    case .missing: add("outcome", "missing")
    case .failed(let status, let message):
      add("outcome", "failed")
      add("status", .integer(status))
      add("message", .string(message))
    }
    add("has_truth", .bool(hasTruth))
    add("rotation_error_degrees", .optional(rotationErrorDegrees))
    add("translation_error", .optional(translationError))
    add("rmse_protocol", .optional(protocolRMSE))
    add("rmse_exact", .optional(exactRMSE))
    add("relative_displacement", .optional(relativeDisplacement))
    add("euler_error_degrees", PairScore.json(eulerErrorDegrees))
    add("translation_difference", PairScore.json(translationDifference))
    add("modified_chamfer", .optional(modifiedChamfer))
    add("inlier_ratio", .optional(inlierRatio))
    add("matches", matches.map(JSONValue.integer) ?? .null)
    add("overlap", .optional(overlap))
    add("round_trip", reverse?.json ?? .null)
    return .object(members)
  }

  private static func json(_ point: Point3?) -> JSONValue {
    point.map { .array([.number($0.x), .number($0.y), .number($0.z)]) } ?? .null
  }
}

extension PairScore.Reverse {
  fileprivate var json: JSONValue {
    .members([
      "rotation_degrees": .number(roundTrip.rotationDegrees), "displacement": .number(roundTrip.displacement),
      "verdict": .string(verdict.rawValue),
    ])
  }
}

extension TrackletScore {
  /// The score with its boxes as one object; a box is x, y, z, length, width, height, heading in radians.
  package func json(boxes: [Box3?]) -> JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) { members.append(JSONValue.Member(key: key, value: value)) }
    add("id", .string(id))
    add("sequence", .string(sequence))
    add("track", .integer(track))
    add("category", .string(category))
    add("overlaps", .array(overlaps.map(JSONValue.number)))
    add("distances", .array(distances.map(JSONValue.number)))
    add("missing_frames", .integer(missingFrames))
    add("boxes", .array(boxes.map { $0.map { .array($0.numbers.map(JSONValue.number)) } ?? .null }))
    if let failure {
      add("status", .integer(failure.status))
      add("message", .string(failure.message))
    }
    return .object(members)
  }
}

/// A pair as JSON has it.
struct PairForm: Decodable {
  let id: String
  let list: String
  let scene: String
  let first: Int
  let second: Int
  let outcome: String
  let T: [[Double]]?
  let verdict: String?
  let reasons: [String]?
  let status: Int?
  let message: String?
  let has_truth: Bool
  let rotation_error_degrees: Double?
  let translation_error: Double?
  let rmse_protocol: Double?
  let rmse_exact: Double?
  let relative_displacement: Double?
  let euler_error_degrees: [Double]?
  let translation_difference: [Double]?
  let modified_chamfer: Double?
  let inlier_ratio: Double?
  let matches: Int?
  let overlap: Double?
  let round_trip: ReverseForm?

  struct ReverseForm: Decodable {
    let rotation_degrees: Double
    let displacement: Double
    let verdict: String

    var reverse: PairScore.Reverse? {
      let trip = PoseRoundTrip(rotationDegrees: rotation_degrees, displacement: displacement)
      return Verdict(rawValue: verdict).map { PairScore.Reverse(roundTrip: trip, verdict: $0) }
    }
  }

  /// The score; nil when the pose is no pose.
  var result: BatchRecord.Result? {
    let outcome: PairScore.Outcome
    switch self.outcome {
    case "estimated":
      guard let T, let pose = RigidTransform(written: T) else { return nil }
      outcome = .estimated(
        PairScore.Estimate(pose: pose, verdict: verdict.flatMap(Verdict.init), reasons: reasons ?? []))
    case "failed": outcome = .failed(status: status ?? 70, message: message ?? "")
    default: outcome = .missing
    }
    var score = PairScore(id: id, list: list, scene: scene, first: first, second: second, outcome: outcome)
    score.hasTruth = has_truth
    (score.rotationErrorDegrees, score.translationError) = (rotation_error_degrees, translation_error)
    (score.protocolRMSE, score.exactRMSE) = (rmse_protocol, rmse_exact)
    (score.relativeDisplacement, score.inlierRatio) = (relative_displacement, inlier_ratio)
    (score.eulerErrorDegrees, score.translationDifference) = (point(euler_error_degrees), point(translation_difference))
    (score.modifiedChamfer, score.matches, score.overlap) = (modified_chamfer, matches, overlap)
    score.reverse = round_trip?.reverse
    return .pair(score)
  }

  private func point(_ numbers: [Double]?) -> Point3? {
    numbers.flatMap { $0.count == 3 ? Point3($0[0], $0[1], $0[2]) : nil }
  }
}

/// An object as JSON has it.
struct TrackletForm: Decodable {
  let id: String
  let sequence: String
  let track: Int
  let category: String
  let overlaps: [Double]
  let distances: [Double]
  let missing_frames: Int
  let boxes: [[Double]?]
  let status: Int?
  let message: String?

  /// The score; nil when a box is no box.
  var result: BatchRecord.Result? {
    guard boxes.allSatisfy({ ($0?.count ?? 7) == 7 }) else { return nil }
    let boxes = boxes.map { numbers in
      numbers.map { n in
        Box3(center: Point3(n[0], n[1], n[2]), size: Point3(n[3], n[4], n[5]), yawRadians: n[6])
      }
    }
    return .tracklet(
      TrackletScore(
        id: id, sequence: sequence, track: track, category: category, overlaps: overlaps, distances: distances,
        missingFrames: missing_frames,
        failure: status.map { TrackletScore.Failure(status: $0, message: message ?? "") }),
      boxes: boxes)
  }
}

extension RigidTransform {
  /// The motion whose four rows Plumb itself has written, to the bit; nil for other numbers.
  fileprivate init?(written rows: [[Double]]) {
    guard rows.count == 4, rows.allSatisfy({ $0.count == 4 }), rows[3] == [0, 0, 0, 1] else { return nil }
    let matrix = Matrix3(
      rows: Point3(rows[0][0], rows[0][1], rows[0][2]), Point3(rows[1][0], rows[1][1], rows[1][2]),
      Point3(rows[2][0], rows[2][1], rows[2][2]))
    guard let rotation = Rotation3(exactly: matrix) else { return nil }
    self.init(rotation: rotation, translation: Point3(rows[0][3], rows[1][3], rows[2][3]))
  }
}
