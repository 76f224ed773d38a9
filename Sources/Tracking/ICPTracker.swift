import Geometry
import PointClouds
import Solvers

/// Follows one object through a sequence of scans from its first box, without any learned weight.
///
/// Each scan goes through four stages: the motion so far predicts the box (``ConstantVelocityFilter``), the ground around
/// it is measured (`Surroundings`), the object's template is aligned to the points above the ground with the prediction
/// as prior (`TemplateAlignment`), and where the result is believed the filter and the template (`ObjectTemplate`) take
/// it in. Where it is not, the box coasts on the motion, the search grows with the uncertainty, and the result says that
/// the object is not seen.
///
/// Nothing depends on where the scanner stands: turning and shifting all scans and the first box about the vertical axis
/// turns and shifts the boxes. Where the scanner's own movement is known, the state is brought into the axes of the next scan
/// before (``TrackState/carry(by:)``). Nothing is drawn at random, and no result depends on the number of threads.
/// The tracker itself is a value that many tracks may share; what it knows of one object is its ``TrackState``.
public struct ICPTracker: Sendable {
  /// How objects move.
  public var motion = ObjectMotions(
    relative: ObjectMotion(acceleration: [0.15, 0.03, 0.03], persistence: [0.95, 0.5, 0.5], heightJitter: 0.1),
    overGround: ObjectMotion(acceleration: [0.15, 0.015, 0.03], persistence: [0.95, 0.8, 0.5], heightJitter: 0.03))
  /// Standard deviation of the height of the ground under the box, metres.
  public var groundDeviation = 0.03
  /// How far around the box points are looked at beyond the reach of the motion, metres.
  public var searchMargin = 1.0
  /// From this standard deviation of x or y on, several starts are tried, metres.
  public var wideSearch = 0.6
  /// The object is seen from this fitness on, see ``TrackedBox/fitness``.
  public var minimumFitness = 0.25
  /// The template takes points in from this fitness on.
  public var memoryFitness = 0.6
  /// The largest squared distance (Mahalanobis) of a believed pose from the prediction.
  public var gate = 50.0
  /// How far around a box that is refined points are looked at, metres.
  public var refiningReach = 0.5
  /// The most points of a template.
  public var capacity = 1200
  /// The most points of a scan that are aligned.
  public var scanLimit = 2000

  /// A tracker with the defaults.
  public init() {}

  /// Starts with the first scan and its box.
  ///
  /// - Parameters:
  ///   - cloud: the whole scan or any part of it that holds the object; z points up.
  ///   - box: where the object is. Its size stays that of the track.
  /// - Throws: when the box is no box or holds no point above the ground.
  public func start(_ cloud: PointCloud, box: Box3) throws(TrackingError) -> TrackState {
    guard box.size.isFinite, min(box.size.x, box.size.y, box.size.z) > 0, box.center.isFinite, box.yawRadians.isFinite
    else {
      throw TrackingError("the first box has no extent or is not finite: give length, width and height above zero")
    }
    let surroundings = Surroundings(cloud, around: BoxFrame(box), size: box.size, reach: 0, heightAboveGround: nil)
    let inside = surroundings.objectPoints(reach: 0.025 * box.size + 0.05, cell: cell(box.size), limit: capacity / 2)
    guard !inside.isEmpty else {
      throw TrackingError(
        cloud.isEmpty
          ? "the first scan is empty: start where the object is seen"
          : "the first box holds no point of \(cloud.count) above the ground: check that box and scan belong to the same "
            + "frame and axes (z up, metres), or start where the object is seen")
    }
    // Half a metre per scan is 18 km/h at ten scans per second; long objects are vehicles and faster.
    let speed = min(1.2, 0.25 + 0.15 * max(box.size.x, box.size.y))
    return TrackState(
      box: box,
      motion: ConstantVelocityFilter(
        position: SIMD4(box.center, box.yawRadians), deviation: [0.02, 0.02, 0.02, 0.01],
        velocityDeviation: [speed, speed, 0.05, 0.05]),
      template: ObjectTemplate(first: inside, cell: cell(box.size), capacity: capacity),
      heightAboveGround: surroundings.ground.map { -$0.height }, usualPoints: Double(inside.count))
  }

  /// One scan further.
  ///
  /// - Parameters:
  ///   - cloud: the next scan; an empty cloud where a scan is missing.
  ///   - state: what is known of the object, brought up to this scan.
  public func callAsFunction(_ cloud: PointCloud, _ state: inout TrackState) -> TrackedBox {
    state.advance(motion)
    let frame = BoxFrame(state.box)
    let spread = state.spread
    let reach = searchMargin + min(3, 2.5 * spread)
    guard let (scan, ground) = look(cloud, state, frame, reach), let prior = prior(state, frame, ground)
    else { return state.tracked(nil) }
    let alignment = align(state.template, scan, prior, spread)
    let sight = Sight(of: state.template, in: scan, at: alignment.pose)
    guard isSeen(sight, alignment, prior, state),
      let covariance = alignment.information.inverseOfPositiveDefinite
    else { return state.tracked(sight) }
    update(&state, alignment.pose, covariance, frame)
    if state.heightAboveGround == nil, let ground {
      state.heightAboveGround = alignment.pose.values.z - ground.height
    }
    state.usualPoints += 0.3 * (Double(sight.pointsInBox) - state.usualPoints)
    if sight.fitness >= memoryFitness { state.template.insert(sight.inside) }
    return state.tracked(sight)
  }

  /// Lays the template onto a scan from where the state stands, which somebody else found and which is the prior; without a
  /// change where the template does not fit there.
  ///
  /// Residuals count for less where points lie far apart: the rings of a scanner on a distant object lie where the scanner puts
  /// them, and so draw the object along with them.
  /// - Parameter remembers: whether the template may take points in.
  func refine(_ cloud: PointCloud, _ state: inout TrackState, remembers: Bool) {
    let frame = BoxFrame(state.box)
    guard let (scan, _) = look(cloud, state, frame, refiningReach), let prior = prior(state, frame, nil) else { return }
    var stage = TemplateAlignment()
    stage.deviation = max(stage.deviation, 0.5 * max(state.template.spacing, scan.spacing))
    let alignment = stage(
      state.template, onto: scan, from: prior.mean, prior: prior, firstRadius: 2 * stage.finalRadius)
    let sight = Sight(of: state.template, in: scan, at: alignment.pose)
    guard isSeen(sight, alignment, prior, state),
      let covariance = alignment.information.inverseOfPositiveDefinite
    else { return }
    update(&state, alignment.pose, covariance, frame)
    if remembers, sight.fitness >= memoryFitness { state.template.insert(sight.inside) }
  }

  /// The points above the ground around a box, and the ground; nil where there are none.
  private func look(
    _ cloud: PointCloud, _ state: TrackState, _ frame: BoxFrame, _ reach: Double
  ) -> (scan: AlignedScan, ground: LocalGround?)? {
    let size = state.box.size
    let surroundings = Surroundings(
      cloud, around: frame, size: size, reach: reach, heightAboveGround: state.heightAboveGround)
    let points = surroundings.objectPoints(reach: Point3(reach, reach, 0.3), cell: cell(size), limit: scanLimit)
    return points.isEmpty ? nil : (AlignedScan(points, size: size), surroundings.ground)
  }

  /// The edge of the cells to which the object's points are thinned, metres.
  private func cell(_ size: Point3) -> Double { min(0.12, max(0.05, 0.025 * max(size.x, size.y, size.z))) }

  /// What motion and ground say of the pose, in the frame of the predicted box.
  private func prior(_ state: TrackState, _ frame: BoxFrame, _ ground: LocalGround?) -> PosePrior? {
    let covariance = state.motion.positionCovariance.turned(cosine: frame.cosine, sine: -frame.sine)
    guard let information = covariance.inverseOfPositiveDefinite else { return nil }
    var prior = PosePrior(information: information, mean: .zero)
    if let ground, let height = state.heightAboveGround {
      prior.add(height: ground.height + height, deviation: groundDeviation)
    }
    return prior
  }

  private func align(
    _ template: ObjectTemplate, _ scan: AlignedScan, _ prior: PosePrior, _ spread: Double
  ) -> TemplateAlignment.Result {
    let stage = TemplateAlignment()
    let radius = max(stage.finalRadius, min(0.6, 2 * spread))
    var best = stage(template, onto: scan, from: prior.mean, prior: prior, firstRadius: radius)
    guard spread > wideSearch else { return best }
    for start in PoseSearch(radius: min(3, 2.5 * spread))(template, in: scan, prior: prior) {
      let other = stage(template, onto: scan, from: start, prior: prior, firstRadius: radius)
      if other.energy < best.energy { best = other }
    }
    return best
  }

  private func isSeen(
    _ sight: Sight, _ alignment: TemplateAlignment.Result, _ prior: PosePrior, _ state: TrackState
  ) -> Bool {
    sight.explained >= 3 && sight.fitness >= minimumFitness
      && Double(sight.pointsInBox) > 0.1 * state.usualPoints
      && prior.squaredDistance(alignment.pose.values) <= gate
  }

  private func update(_ state: inout TrackState, _ pose: PlanarPose, _ covariance: Matrix4, _ frame: BoxFrame) {
    let moved = frame.turnedOut(Point3(pose.values.x, pose.values.y, pose.values.z))
    state.motion.condition(
      position: SIMD4(frame.center + moved, frame.yaw + pose.values.w),
      covariance: covariance.turned(cosine: frame.cosine, sine: frame.sine))
    state.placeBox()
    state.unseenScans = 0
  }
}
