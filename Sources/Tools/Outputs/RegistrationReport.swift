import Rendering
import Evaluation
import Geometry
import Parallelism
import PointClouds
import Registration

/// The machine-readable form of a registration, `plumb.register/1`.
///
/// Everything outside `run` depends on the inputs and the settings alone: not on time, machine or threads.
struct RegistrationReport: Sendable {
  let pair: CloudPair
  let result: RegistrationResult
  let settings: Registrar.Settings
  let readSeconds: Double

  /// The document.
  func json(totalSeconds: Double) -> JSONValue {
    let diagnosis = result.diagnosis
    return .members([
      "schema": "plumb.register/1",
      "verdict": .string(result.verdict.rawValue),
      "reasons": .array(result.reasons.map(JSONValue.string)),
      "T": .matrix(result.similarity),
      "T_inverse": .matrix(result.similarity.inverse),
      "T_local": .matrix(SimilarityTransform(result.localTransform, afterScaling: result.scale)),
      "offset": .point(result.offset),
      "scale": .number(result.scale),
      "overlap": .members(["source": .number(diagnosis.sourceOverlap), "target": .number(diagnosis.targetOverlap)]),
      "rmse": .number(diagnosis.rmse),
      "inliers": .integer(diagnosis.inlierCount),
      "correspondences": .integer(diagnosis.correspondenceCount),
      "free_space_violation": .optional(diagnosis.freeSpaceViolation),
      "margin": .optional(diagnosis.margin),
      "confidence": .optional(diagnosis.confidence),
      "off_planes": .number(diagnosis.offPlanes),
      "covariance": UncertaintyText.rows(result.uncertainty),
      "covariance_of": UncertaintyText.description(result.uncertainty),
      "weakest_direction": diagnosis.directions.first.map(RegistrationReport.direction) ?? .null,
      "directions": .array(diagnosis.directions.map(RegistrationReport.direction)),
      "alternatives": .array(
        result.alternatives.map {
          .members([
            "T": .matrix(SimilarityTransform($0.targetFromSource, afterScaling: result.scale)),
            "score": .number($0.relativeScore),
          ])
        }),
      "voxel": .number(result.voxel),
      "dof": .integer(settings.degreesOfFreedom),
      "limits": settings.limits,
      "color": result.appearance.map(JSONValue.string) ?? .null,
      "seed": .unsigned(settings.seed),
      "version": .string(Plumb.version),
      "input": .array([pair.source, pair.target].map(RegistrationReport.input)),
      "run": run(totalSeconds),
    ])
  }

  private func run(_ totalSeconds: Double) -> JSONValue {
    let stages = result.stages.map { JSONValue.Member(key: $0.name, value: .number($0.seconds)) }
    return .members([
      "threads": .integer(Parallel.threads),
      "times": .object(
        [JSONValue.Member(key: "read", value: .number(readSeconds))] + stages
          + [JSONValue.Member(key: "total", value: .number(totalSeconds))]),
      "peak_rss_bytes": .integer(ProcessMemory.peakResidentBytes),
    ])
  }

  private static func direction(_ direction: ObservedDirection) -> JSONValue {
    .members([
      "kind": .string(direction.kind.rawValue), "axis": .point(direction.axis),
      "observability": .number(direction.observability), "observed": .bool(direction.isObserved),
    ])
  }

  private static func input(_ member: PairMember) -> JSONValue {
    .members([
      "path": .string(member.path), "sha256": .string(member.loaded.sha256),
      "points": .integer(member.loaded.declaredPoints),
      "dropped_non_finite": .integer(member.loaded.droppedNonFinite), "format": .string(member.loaded.format.rawValue),
    ])
  }
}

extension JSONValue {
  /// The four rows of a homogeneous matrix.
  static func matrix(_ transform: SimilarityTransform) -> JSONValue {
    .array(transform.rows.map { .array($0.map(JSONValue.number)) })
  }

  /// Three coordinates.
  static func point(_ point: Point3) -> JSONValue { .array([.number(point.x), .number(point.y), .number(point.z)]) }
}
