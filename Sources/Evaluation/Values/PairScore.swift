import Geometry
import Registration
import Solvers

/// What an estimate for a pair is worth: everything that the tables of any protocol are computed from.
public struct PairScore: Sendable, Equatable {
  /// The pair, see ``PairItem``.
  public var id: String
  /// The table that it belongs to.
  public var list: String
  /// The scene or sequence.
  public var scene: String
  /// The numbers of the two clouds.
  public var first: Int
  /// See `first`.
  public var second: Int
  /// What became of the pair.
  public var outcome: Outcome
  /// Whether the benchmark knows the true pose; without it nothing can be said of the pair.
  public var hasTruth = true
  /// Angle between estimated and true rotation, degrees; nil without an estimate or a truth.
  public var rotationErrorDegrees: Double?
  /// Distance of the two translations, metres; nil without an estimate or a truth.
  public var translationError: Double?
  /// Root mean square error from the information matrix as published, rotations counted at half size (registration
  /// recall of 3DMatch), metres; nil without an information matrix.
  public var protocolRMSE: Double?
  /// The same with rotations counted in full, metres.
  public var exactRMSE: Double?
  /// Displacement of the source's centroid relative to the object's diameter; nil where that is not known.
  public var relativeDisplacement: Double?
  /// Differences of the Euler angles about x, y and z, degrees, not wrapped (RPMNet); nil without an estimate or a truth.
  public var eulerErrorDegrees: Point3?
  /// The difference of the translations, metres; nil without an estimate or a truth.
  public var translationDifference: Point3?
  /// The modified Chamfer distance of RPMNet, square metres; nil unless the clouds were read for it.
  public var modifiedChamfer: Double?
  /// Share of the putative matches within 10 cm under the true pose (an inlier ratio), when Plumb made them.
  public var inlierRatio: Double?
  /// How many putative matches there were.
  public var matches: Int?
  /// The overlap that the benchmark states.
  public var overlap: Double?

  /// The pose of the pair the other way round against the estimate; nil where nobody asked or there is none.
  public var reverse: Reverse?

  /// What came of registering the target to the source.
  public struct Reverse: Sendable, Equatable {
    /// What is left of both poses there and back, at the source's centroid.
    public var roundTrip: PoseRoundTrip
    /// How far Plumb believes the pose back.
    public var verdict: Verdict

    /// A pose back.
    public init(roundTrip: PoseRoundTrip, verdict: Verdict) { (self.roundTrip, self.verdict) = (roundTrip, verdict) }
  }

  /// What became of a pair.
  public enum Outcome: Sendable, Equatable {
    /// There is a pose, with Plumb's verdict where Plumb found it.
    case estimated(Estimate)
    /// The result that is scored lacks the pair.
    case missing
    /// The pair could not be registered: an exit status with one line.
    case failed(status: Int, message: String)
  }

  /// An estimated pose.
  public struct Estimate: Sendable, Equatable {
    /// Source to target.
    public var pose: RigidTransform
    /// How far Plumb believes it; nil for the results of others.
    public var verdict: Verdict?
    /// What decided the verdict.
    public var reasons: [String]

    /// A pose with its verdict.
    public init(pose: RigidTransform, verdict: Verdict? = nil, reasons: [String] = []) {
      self.pose = pose
      self.verdict = verdict
      self.reasons = reasons
    }
  }

  /// A score without errors yet.
  public init(id: String, list: String, scene: String, first: Int, second: Int, outcome: Outcome) {
    self.id = id
    self.list = list
    self.scene = scene
    self.first = first
    self.second = second
    self.outcome = outcome
  }

  /// The estimate, if there is one.
  public var estimate: Estimate? { if case .estimated(let estimate) = outcome { estimate } else { nil } }
  /// Whether the two fragments follow each other.
  public var isConsecutive: Bool { second - first == 1 }
}

/// How well an object was followed: everything that the tables of the tracking protocols are computed from.
public struct TrackletScore: Sendable, Equatable {
  /// The tracklet, see ``TrackletItem``.
  public var id: String
  /// The sequence.
  public var sequence: String
  /// The object's number.
  public var track: Int
  /// The object's class.
  public var category: String
  /// Intersection over union of estimated and true box, one per labelled frame, the given first one included.
  public var overlaps: [Double]
  /// Distance of their centres, metres, one per labelled frame.
  public var distances: [Double]
  /// How many frames had no estimate and repeat the last box.
  public var missingFrames: Int
  /// Why the object could not be followed: an exit status with one line; nil when it was.
  public var failure: Failure?

  /// An exit status with one line.
  public struct Failure: Sendable, Equatable {
    /// As the command would have ended.
    public var status: Int
    /// One line.
    public var message: String

    /// A failure.
    public init(status: Int, message: String) {
      self.status = status
      self.message = message
    }
  }

  /// A score.
  public init(
    id: String, sequence: String, track: Int, category: String, overlaps: [Double], distances: [Double],
    missingFrames: Int = 0, failure: Failure? = nil
  ) {
    self.id = id
    self.sequence = sequence
    self.track = track
    self.category = category
    self.overlaps = overlaps
    self.distances = distances
    self.missingFrames = missingFrames
    self.failure = failure
  }
}
