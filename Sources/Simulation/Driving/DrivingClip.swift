import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A short drive past a road user, as a LiDAR on a moving car sees the surroundings of that road user: training data for
/// trackers, made as it is needed.
///
/// Everything follows from the seed: the make of the LiDAR and how its car moves and nods, the road user with others of
/// its kind near it, clutter, and somebody who may pass between. Every frame draws from its own stream, so frames can
/// be made in any order.
public struct DrivingClip: Sendable {
  /// What clips are like.
  public struct Settings: Sendable {
    /// How many frames there are.
    public var frames = 12
    /// The kinds of road users, drawn with equal chances.
    public var kinds = RoadUser.Kind.allCases
    /// How far away the road user may be in the first frame, metres.
    public var distances = 4.0...45.0
    /// How far around the road user points are kept, metres, beyond half its length.
    public var margin = 6.0
    /// The chance that others of the same kind are near the road user.
    public var company = 0.5
    /// The chance that somebody passes between the sensor and the road user.
    public var occlusion = 0.25
    /// The chance that frames are left out between two of the clip, up to four.
    public var skipping = 0.25

    /// The usual clips.
    public init() {}
  }

  /// One frame.
  public struct Frame: Sendable {
    /// The points around the road user, in the frame of the sensor (x forward, y left, z up).
    public var cloud: PointCloud
    /// The box as somebody would have labelled it: 3 % smaller to 6 % larger than the road user, by clip.
    public var box: Box3
    /// From the frame of the sensor to the ground, on which the clip's first sensor stands.
    public var worldFromSensor: RigidTransform
  }

  /// Whom the clip is about.
  public let subject: RoadUser
  /// The time between two frames, seconds.
  public let step: Double
  private let seed: UInt64
  private let lidar: RoadLidar
  private let ego: RoadMotion
  private let motion: RoadMotion
  private let others: [(user: RoadUser, motion: RoadMotion)]
  private let clutter: RoadClutter
  private let slope: SIMD2<Double>
  private let labelScale: Point3
  private let settings: Settings

  /// The clip of a seed.
  public init(seed: UInt64, settings: Settings = Settings()) {
    var rng = SeededGenerator(seed: seed, path: 1)
    (self.seed, self.settings) = (seed, settings)
    lidar = RoadLidar(&rng)
    step = 0.1 * Double(rng.chance(settings.skipping) ? rng.whole(2...5) : 1)
    slope = SIMD2(0.03 * rng.gaussian(), 0.02 * rng.gaussian())
    let subject = RoadUser(rng.pick(settings.kinds), &rng)
    self.subject = subject
    labelScale = Point3(rng.uniform(0.97, 1.06), rng.uniform(0.97, 1.06), rng.uniform(0.97, 1.05))
    // The sensor starts at the origin and drives towards +x.
    let driving = RoadMotion.Character(
      speed: rng.chance(0.35) ? 0 : rng.uniform(1, 10), speedDeviation: 0.5, turnDeviation: 0.02, isVehicle: true)
    ego = RoadMotion(.init(x: 0, y: 0, heading: 0), driving, step: step, count: settings.frames, &rng)
    let start = DrivingClip.start(settings, &rng)
    let character = RoadMotion.Character(subject.kind, &rng)
    let motion = RoadMotion(start, character, step: step, count: settings.frames, &rng)
    self.motion = motion
    var others = DrivingClip.companions(of: subject, motion, character, step, settings, &rng)
    if rng.chance(settings.occlusion) {
      others.append(DrivingClip.passer(ego, motion, step, settings.frames, &rng))
    }
    self.others = others
    clutter = RoadClutter(motion.poses, clearance: subject.size.y / 2 + 0.4, &rng)
  }

  /// How many frames there are.
  public var count: Int { settings.frames }

  /// The frame of a number from 0.
  public func frame(_ i: Int) -> Frame {
    var rng = SeededGenerator(seed: seed, path: 2, UInt64(i))
    let worldFromSensor = sensor(i, &rng)
    let pose = motion.poses[i]
    let sensorFromWorld = worldFromSensor.inverse
    let foot = Point3(pose.x, pose.y, ground(pose.x, pose.y))
    let center = sensorFromWorld(foot + Point3(0, 0, subject.size.z / 2))
    let ahead = sensorFromWorld.rotation(Point3(cos(pose.heading), sin(pose.heading), 0))
    let box = Box3(center: center, size: subject.size * labelScale, yawRadians: atan2(ahead.y, ahead.x))
    let radius = subject.size.x / 2 + settings.margin
    let window = RoadLidar.Window(
      center: SIMD2(center.x, center.y), radius: radius,
      heights: center.z - subject.size.z / 2 - 0.7...center.z + subject.size.z / 2 + 1)
    return Frame(
      cloud: lidar.scan(scene(i), worldFromSensor: worldFromSensor, window: window, &rng), box: box,
      worldFromSensor: worldFromSensor)
  }

  private func ground(_ x: Double, _ y: Double) -> Double { slope.x * x + slope.y * y }

  /// Where the sensor is in a frame; cars nod and sway.
  private func sensor(_ i: Int, _ rng: inout SeededGenerator) -> RigidTransform {
    let pose = ego.poses[i]
    let turn = Rotation3(radians: pose.heading, about: Point3(0, 0, 1))
    let sway = Rotation3(rotationVector: Point3(0.003 * rng.gaussian(), 0.005 * rng.gaussian(), 0))
    let height = ground(pose.x, pose.y) + lidar.height + 0.01 * rng.gaussian()
    return RigidTransform(rotation: turn * sway, translation: Point3(pose.x, pose.y, height))
  }

  private func scene(_ i: Int) -> Scene {
    var builder = SceneBuilder()
    let normal = Point3(-slope.x, -slope.y, 1).normalized
    let middle = motion.poses[i]
    builder.disc(Point3(middle.x, middle.y, ground(middle.x, middle.y)), normal: normal, radius: 120, .asphalt)
    for (user, path) in [(subject, motion)] + others.map({ ($0.user, $0.motion) }) {
      let pose = path.poses[i]
      builder.place(pose.x, pose.y, ground(pose.x, pose.y), yawDegrees: pose.heading * 180 / .pi) {
        // Two steps of 0.75 m, or a turn of the pedals in 4 m, make a period.
        user.build(&$0, phase: pose.path * 2 * .pi / (user.kind == .cyclist ? 4 : 1.5))
      }
    }
    clutter.build(&builder) { ground($0, $1) }
    return builder.scene
  }
}
