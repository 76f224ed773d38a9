import Geometry
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Follows one object through a sequence of scans from its first box with a trained ``BoxDenoiser``.
///
/// Motion predicts the box; the network places it right in one pass; prediction and answer are fused by their variances.
/// The points of the object so far, laid onto the scan from there, refine what the network has found (``alignment``).
/// Where the network does not believe its own box, the object is not seen: the box keeps its course, the search region grows
/// and the network tries several prior boxes at once until one of them is believed again.
public struct NetworkTracker: BoxTracker {
  /// The network.
  public let network: TrainedDenoiser
  /// What refines answers by aligned points, for better boxes and some milliseconds more; nil leaves them as they are.
  public var alignment: ICPTracker? = ICPTracker()
  /// When the network leaves blocks out; nil where it runs them all.
  public var earlyExit: EarlyExit?
  /// How objects move. Answers are steadier than alignments, so velocities are believed to last.
  public var motion = ObjectMotions(
    relative: ObjectMotion(acceleration: [0.08, 0.03, 0.03], persistence: [0.98, 0.5, 0.5], heightJitter: 0.1),
    overGround: ObjectMotion(
      acceleration: [0.03, 0.015, 0.03], accelerationPerMetre: 0.03, persistence: [0.98, 0.8, 0.5], heightJitter: 0.03))
  /// A box is believed from this expected overlap on.
  public var minimumOverlap = 0.3
  /// After scans without sight it takes this overlap.
  public var returningOverlap = 0.5
  /// A template joins the memory from this overlap on.
  public var memoryOverlap = 0.75
  /// A template joins the memory from this certainty of sight on.
  public var memorySight = 0.9
  /// A box is believed from this certainty of sight on.
  public var minimumSight = 0.5
  /// The largest squared distance (Mahalanobis) of a believed pose from the prediction, by both covariances.
  public var gate = 25.0
  /// How objects move while they are not seen: they keep their course. A search that grew as fast as vehicles may swerve would
  /// soon take in others.
  public var coasting = ObjectMotions(
    relative: ObjectMotion(acceleration: [0.02, 0.03, 0.03], persistence: [1, 0.5, 0.5], heightJitter: 0.1),
    overGround: ObjectMotion(acceleration: [0.02, 0.015, 0.03], persistence: [1, 0.8, 0.5], heightJitter: 0.03))
  /// From this standard deviation of x or y on, several prior boxes are tried, metres.
  public var wideSearch = 0.6
  /// After so many scans without sight an object is looked for on its course: until then it may be swerving.
  public var courseAfter = 3
  /// An object that is this far from its course has left it: the squared distance (Mahalanobis).
  public var courseGate = 25.0
  /// How much less the course believes an answer than the network does: errors of one scan resemble those of the next, so
  /// their variances count so many times.
  public var courseCaution = 4.0
  /// How much that distance counts where several answers compete.
  public var motionWeight = 0.3

  /// The most that the search region grows by while the object is not seen; networks are trained up to it.
  public static let widestSearch = 1.5

  /// A tracker with a network.
  public init(_ network: TrainedDenoiser) { self.network = network }

  /// Starts with the first scan and its box.
  public func start(_ cloud: PointCloud, box: Box3) throws(TrackingError) -> TrackState {
    var state = try (alignment ?? ICPTracker()).start(cloud, box: box)
    state.appearance = VisualMemory(BoxTemplate(cloud, box: box), box: box)
    state.course = state.motion
    return state
  }

  /// One scan further.
  public func callAsFunction(_ cloud: PointCloud, _ state: inout TrackState) -> TrackedBox {
    follow(cloud, &state).found
  }

  /// One scan further, with what the network was asked on the way.
  package struct Step {
    /// The box.
    package var found: TrackedBox
    /// What the network was asked, about the predicted box first.
    package var questions: [TrackerQuestion] = []
    /// The question whose answer was believed most.
    package var best: Int?
  }

  /// One scan further; tells also what the network was asked on the way, so that it can be trained on it.
  package func follow(_ cloud: PointCloud, _ state: inout TrackState) -> Step {
    let last = state.box
    predict(&state)
    guard var memory = state.appearance else { return Step(found: state.tracked(nil)) }
    memory.grow()
    let questions = questions(cloud, last, state, memory)
    let best = best(questions, state)
    let found = take(best?.answer, cloud, &state, &memory)
    state.appearance = memory
    return Step(found: found, questions: questions, best: best?.number)
  }

  /// Moves the box to an answer where it is believed.
  private func take(
    _ answer: Answer?, _ cloud: PointCloud, _ state: inout TrackState, _ memory: inout VisualMemory
  ) -> TrackedBox {
    guard let answer,
      let fused = state.motion.fused(
        offset: Self.offset(answer.box, from: state.motion.position), covariance: answer.covariance)
    else { return state.tracked(nil) }
    let points = cloud.standing(in: answer.box)
    let needed = state.unseenScans > 2 ? returningOverlap : minimumOverlap
    guard answer.overlap >= needed, answer.sight >= minimumSight, points >= 3, answer.distance <= gate
    else { return state.tracked(points: points, fitness: answer.overlap) }
    state.motion = fused
    keepCourse(&state, answer)
    state.placeBox()
    state.unseenScans = 0
    alignment?.refine(cloud, &state, remembers: answer.overlap > memoryOverlap)
    state.usualPoints += 0.3 * (Double(points) - state.usualPoints)
    memory.insert(state.box, score: answer.overlap)
    if memory.isDue, answer.overlap > memoryOverlap, answer.sight > memorySight,
      Double(points) >= max(10, 0.3 * state.usualPoints)
    {
      memory.insert(BoxTemplate(cloud, box: state.box))
    }
    return state.tracked(points: points, fitness: answer.overlap)
  }

  /// The box of the next scan; that of an object that was long not seen keeps its course.
  private func predict(_ state: inout TrackState) {
    if var course = state.course {
      coasting.predict(&course, isOverGround: state.isOverGround, length: state.box.size.x)
      state.course = course
    }
    state.advance(state.unseenScans == 0 ? motion : coasting)
    guard state.unseenScans == courseAfter + 1, let course = state.course else { return }
    state.motion = course
    state.placeBox()
  }

  /// Draws the course to an answer that was believed; to the motion where the object has left its course or was out of sight.
  private func keepCourse(_ state: inout TrackState, _ answer: Answer) {
    let covariance = answer.covariance * courseCaution
    guard state.unseenScans <= courseAfter, let course = state.course else {
      state.course = state.motion
      return
    }
    let offset = Self.offset(answer.box, from: course.position)
    let distance = course.squaredDistance(offset: offset, covariance: covariance) ?? .infinity
    let fused = distance <= courseGate ? course.fused(offset: offset, covariance: covariance) : nil
    state.course = fused ?? state.motion
  }

  /// How far a box is from a position: x, y, z in metres and the turn in [-π, π] radians.
  private static func offset(_ box: Box3, from position: SIMD4<Double>) -> SIMD4<Double> {
    SIMD4(box.center - Point3(position.x, position.y, position.z), Heading.turn(box.yawRadians - position.w))
  }

  /// What the network says of one prior box, in the axes of the scan.
  private struct Answer {
    var box: Box3
    var covariance: Matrix4
    var overlap: Double
    var sight: Double
    /// The squared distance (Mahalanobis) from the prediction.
    var distance: Double

    /// How much is believed of it: less where the object would have moved oddly.
    func belief(_ weight: Double) -> Double { overlap * sight * exp(-0.5 * weight * distance) }
  }

  /// A question for each prior box around which there is anything.
  private func questions(
    _ cloud: PointCloud, _ last: Box3, _ state: TrackState, _ memory: VisualMemory
  ) -> [TrackerQuestion] {
    let widening = min(Self.widestSearch, 1 + 0.25 * Double(state.unseenScans - 1))
    return hypotheses(last, state).compactMap { prior in
      let input = DenoisingInput(
        cloud, prior: prior, templates: memory.templates, past: memory.past, shape: network.denoiser.shape,
        widening: widening)
      return input.search.count > 0 ? TrackerQuestion(prior: prior, widening: widening, input: input) : nil
    }
  }

  /// The answer that is believed most, and the number of its question; nil where nothing is asked.
  private func best(_ questions: [TrackerQuestion], _ state: TrackState) -> (answer: Answer, number: Int)? {
    guard !questions.isEmpty else { return nil }
    let answers = network.denoiser(questions.map(\.input), network.parameters, exit: earlyExit)
    var best: (answer: Answer, number: Int)?
    for (number, found) in answers.enumerated() {
      guard let pose = found.boxes.last else { continue }
      let prior = questions[number].prior
      let frame = BoxFrame(prior)
      let box = prior.placed(pose)
      let own = Matrix4(diagonal: SIMD4<Double>(found.variances)).turned(cosine: frame.cosine, sine: frame.sine)
      let offset = Self.offset(box, from: state.motion.position)
      guard let distance = state.motion.squaredDistance(offset: offset, covariance: own) else { continue }
      let answer = Answer(
        box: box, covariance: own, overlap: Double(found.overlap), sight: Double(found.sight),
        distance: distance)
      if answer.belief(motionWeight) > best?.answer.belief(motionWeight) ?? -1 { best = (answer, number) }
    }
    return best
  }

  /// The boxes to start from: the predicted one; where it is uncertain, also the last one and some around.
  private func hypotheses(_ last: Box3, _ state: TrackState) -> [Box3] {
    let spread = min(3, state.spread)
    guard spread > wideSearch || state.unseenScans > 2 else { return [state.box] }
    var boxes = [state.box]
    var still = state.box
    still.center = last.center
    boxes.append(still)
    let frame = BoxFrame(state.box)
    for (along, across) in [(1.0, 0.0), (-1, 0), (2, 0), (-2, 0), (0, 1), (0, -1)] {
      var other = state.box
      other.center += frame.turnedOut(Point3(along, across, 0) * max(spread, 0.8))
      boxes.append(other)
    }
    return boxes
  }
}
