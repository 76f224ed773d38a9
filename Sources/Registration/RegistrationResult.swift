import Geometry

/// How far a registration can be believed.
public enum Verdict: String, Sendable, CaseIterable, Comparable {
  /// The pose is wrong or none was found.
  case failed
  /// A pose was found, but something speaks against relying on it; the reasons say what.
  case doubtful
  /// The evidence leaves no known way for the pose to be wrong.
  case trusted

  /// Orders failed < doubtful < trusted.
  public static func < (a: Verdict, b: Verdict) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}

/// What a registration found, in true coordinates: `target point = targetFromSource(scale * source point)`.
public struct RegistrationResult: Sendable {
  /// The pose, of the source scaled by ``scale``.
  public var targetFromSource: RigidTransform
  /// How many times longer the target's lengths are than the source's; 1 unless the settings let the source be scaled.
  public var scale = 1.0
  /// How far to believe it.
  public var verdict: Verdict
  /// What decided the verdict, in plain sentences; empty when trusted.
  public var reasons: [String]
  /// The evidence behind the verdict.
  public var diagnosis: Diagnosis
  /// Other poses that explain the data nearly as well, best first.
  public var alternatives: [AlternativePose]
  /// Working resolution, metres.
  public var voxel: Double
  /// Subtracted from both clouds while computing; zero for clouds near the origin.
  public var offset: Point3
  /// The pose between the offset clouds: that of ``similarity`` rebased to `offset` on both sides.
  public var localTransform: RigidTransform
  /// One entry per stage of the pipeline, in order.
  public var stages: [StageReport]
  /// `color` or `intensity` where it was used, see `Registrar.Settings.ColorUse`.
  public var appearance: String?
  /// What the confidence rests on; nil for a local registration.
  package var evidence: PoseEvidence?
  /// How far ``localTransform`` may err; nil unless ``Registrar/Settings/covariance`` asks for it.
  public var uncertainty: PoseUncertainty?
  /// The feature correspondences that were considered, most distinctive first; empty for local registration.
  package var putativeMatches: [PutativeMatch] = []

  /// Gathers the parts of a result.
  public init(
    targetFromSource: RigidTransform, verdict: Verdict, reasons: [String], diagnosis: Diagnosis,
    alternatives: [AlternativePose], voxel: Double, offset: Point3, localTransform: RigidTransform,
    stages: [StageReport]
  ) {
    self.targetFromSource = targetFromSource
    self.verdict = verdict
    self.reasons = reasons
    self.diagnosis = diagnosis
    self.alternatives = alternatives
    self.voxel = voxel
    self.offset = offset
    self.localTransform = localTransform
    self.stages = stages
  }
}

extension RegistrationResult {
  /// Pose and scale together: `target point = similarity(source point)`.
  public var similarity: SimilarityTransform { SimilarityTransform(targetFromSource, afterScaling: scale) }
}

/// Two keypoints with similar descriptors, in true coordinates: what inlier ratios are counted over.
package struct PutativeMatch: Sendable, Equatable {
  /// The keypoint of the source.
  package var source: Point3
  /// The keypoint of the target.
  package var target: Point3
}

/// A pose that is distinct from the result and scores nearly as well: the sign of a symmetric scene.
public struct AlternativePose: Sendable {
  /// The pose, in true coordinates, with the scale of the result.
  public var targetFromSource: RigidTransform
  /// Its score relative to the winner's, at most 1.
  public var relativeScore: Double

  /// A pose with its score.
  public init(targetFromSource: RigidTransform, relativeScore: Double) {
    self.targetFromSource = targetFromSource
    self.relativeScore = relativeScore
  }
}

/// The measured evidence for or against a pose. Lengths in metres, shares in [0, 1].
public struct Diagnosis: Sendable, Equatable {
  /// Share of voxelised source points with a target point within 2 voxels, under the pose.
  public var sourceOverlap: Double
  /// Share of voxelised target points with a source point within 2 voxels, under the pose.
  public var targetOverlap: Double
  /// Root mean square point-to-plane distance over the inliers of the refinement, metres.
  public var rmse: Double
  /// Feature correspondences that agree with the pose.
  public var inlierCount: Int
  /// Feature correspondences that were considered; zero for local registration.
  public var correspondenceCount: Int
  /// Share of points seen through a surface of the other scan, the worse of both directions; nil when no viewpoint is known.
  public var freeSpaceViolation: Double?
  /// Score margin to the best distinct hypothesis; nil when there was none or the registration was local.
  public var margin: Double?
  /// How likely the pose is right, in [0, 1], see ``Confidence``; nil for a local registration.
  public var confidence: Double?
  /// Share of the overlap that lies on none of its three largest planes: near 0, any corner of a room fits as well.
  public var offPlanes: Double
  /// Every direction in which the overlap constrains the pose, weakest first.
  public var directions: [ObservedDirection]

  /// Gathers the evidence.
  public init(
    sourceOverlap: Double, targetOverlap: Double, rmse: Double, inlierCount: Int, correspondenceCount: Int,
    freeSpaceViolation: Double?, margin: Double?, confidence: Double? = nil, offPlanes: Double = 1,
    directions: [ObservedDirection]
  ) {
    self.sourceOverlap = sourceOverlap
    self.targetOverlap = targetOverlap
    self.rmse = rmse
    self.inlierCount = inlierCount
    self.correspondenceCount = correspondenceCount
    self.freeSpaceViolation = freeSpaceViolation
    self.margin = margin
    self.confidence = confidence
    self.offPlanes = offPlanes
    self.directions = directions
  }
}

/// One eigen-direction of the information of the pose (registration of planes slides, of cylinders turns).
public struct ObservedDirection: Sendable, Equatable {
  /// Whether the direction is a translation or a rotation.
  public enum Kind: String, Sendable { case translation, rotation }
  /// Translation along, or rotation about, the axis.
  public var kind: Kind
  /// Unit axis in the target's coordinates.
  public var axis: Point3
  /// Information relative to a fully constrained direction, in [0, 1]: the mean squared component of the inlier
  /// normals along the axis (rotations are scaled by the radius of gyration of the overlap).
  public var observability: Double
  /// False when the surfaces slide along the direction: the pose is open there.
  public var isObserved: Bool

  /// A direction with its evidence.
  public init(kind: Kind, axis: Point3, observability: Double, isObserved: Bool) {
    self.kind = kind
    self.axis = axis
    self.observability = observability
    self.isObserved = isObserved
  }
}

/// What one stage of the pipeline did.
public struct StageReport: Sendable {
  /// The stage, in the field's words: scale, preprocess, features, matching, consensus, tree, estimation, refinement, diagnosis.
  public var name: String
  /// Counts worth printing, such as ("matches", 1933), in order.
  public var counts: [(name: String, value: Int)]
  /// Wall-clock seconds.
  public var seconds: Double

  /// A stage with its counts and time.
  public init(name: String, counts: [(name: String, value: Int)], seconds: Double) {
    self.name = name
    self.counts = counts
    self.seconds = seconds
  }
}

/// Input that no registration can use. The message names the cloud, the cause and what to try.
public struct RegistrationError: Error, CustomStringConvertible, Sendable {
  /// One line.
  public let description: String
  /// An error with its one-line message.
  public init(_ description: String) { self.description = description }
  /// How a command ends that meets it, as sysexits.h numbers it: an input that cannot be used.
  package static let exitStatus: Int32 = 65
}
