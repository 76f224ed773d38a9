import Geometry
import LinearAlgebra

/// Two scans of one scene with their exact relative pose: a registration problem with its answer.
///
/// The same kind, seed and settings give the same bits for any number of threads.
public struct SimulatedPair: Sendable {
  /// What is scanned, and by what.
  public enum Kind: String, CaseIterable, Sendable {
    /// Two fragments of a room by a depth camera; the source is turned at random.
    case room
    /// Two turns of a LiDAR some metres apart in a street.
    case street
    /// Two views of an object by a scanner; the source is turned and moved at random.
    case object
  }

  /// What may be chosen besides the kind and the seed.
  public struct Settings: Sendable {
    /// False: the sensors measure exactly and lose nothing.
    public var noise = true
    /// At most so many points per cloud, chosen at random in their order; nil keeps all.
    public var points: Int? = 36_000
    /// The overlap that is looked for among random pairs of viewpoints.
    public var overlap = 0.55...0.8

    /// The settings of `data/`.
    public init() {}
  }

  /// What was scanned.
  public let kind: Kind
  /// The scene.
  public let scene: Scene
  /// The cloud that moves.
  public let source: PointCloud
  /// The cloud that stays.
  public let target: PointCloud
  /// The true motion: `p_target = targetFromSource(p_source)`.
  public let targetFromSource: RigidTransform
  /// The pose of the target in the scene.
  public let worldFromTarget: RigidTransform
  /// The share of source points with a target point within ``overlapRadius``.
  public let overlap: Double
  /// See ``overlap``, metres.
  public var overlapRadius: Double { Self.radius(kind) }

  /// Simulates a pair. Viewpoints are drawn until a coarse preview has the wanted overlap, at most 60 times; the
  /// closest draw is kept.
  public init(_ kind: Kind, seed: UInt64, settings: Settings = Settings()) {
    let scene: Scene
    switch kind {
    case .room: scene = .room(seed: seed)
    case .street: scene = .street(seed: seed)
    case .object: scene = .object(seed: seed)
    }
    let views = Self.views(kind, scene, seed: seed, overlap: settings.overlap)
    var rng = SeededGenerator(seed: seed, path: 10)
    // The frame in which the source is handed out: the first sensor's for streets, an arbitrary one otherwise.
    var givenFromSensor = RigidTransform.identity
    switch kind {
    case .room: givenFromSensor.rotation = rng.rotation()
    case .object: givenFromSensor = RigidTransform(rotation: rng.rotation(), translation: rng.inBall() * 0.3)
    case .street: break
    }
    func cloud(_ poses: [RigidTransform], _ stream: UInt64) -> PointCloud {
      var draw = SeededGenerator(seed: seed, path: stream)
      let sensor = SensorRig(kind, exact: !settings.noise)
      return sensor.cloud(scene, poses, seed: draw.next()).thinned(to: settings.points, &draw)
    }
    let step = kind == .object ? 1e-5 : 1e-4
    self.kind = kind
    self.scene = scene
    source = cloud(views.source, 11).transformed(by: givenFromSensor).rounded(to: step)
    target = cloud(views.target, 12).rounded(to: step)
    worldFromTarget = views.target[0]
    targetFromSource = views.target[0].inverse * views.source[0] * givenFromSensor.inverse
    overlap = Simulation.overlap(
      of: source, in: target, targetFromSource: targetFromSource, radius: Self.radius(kind))
  }

  private static func radius(_ kind: Kind) -> Double {
    switch kind {
    case .room: 0.04
    case .street: 0.5
    case .object: 0.004
    }
  }

  private static func views(
    _ kind: Kind, _ scene: Scene, seed: UInt64, overlap wanted: ClosedRange<Double>
  ) -> (source: [RigidTransform], target: [RigidTransform]) {
    let preview = SensorRig(kind, exact: true).coarse
    var best: (miss: Double, source: [RigidTransform], target: [RigidTransform])?
    for attempt in 0..<60 {
      var rng = SeededGenerator(seed: seed, path: 13, UInt64(attempt))
      let views = Viewpoints(kind: kind, scene: scene).pair(&rng)
      let (a, b) = (preview.cloud(scene, views.source, seed: 0), preview.cloud(scene, views.target, seed: 0))
      let motion = views.target[0].inverse * views.source[0]
      let share = Simulation.overlap(of: a, in: b, targetFromSource: motion, radius: radius(kind) * 3)
      let miss = max(0, wanted.lowerBound - share, share - wanted.upperBound)
      if miss < best?.miss ?? .infinity { best = (miss, views.source, views.target) }
      if miss == 0 { break }
    }
    guard let best else { preconditionFailure("no attempt was made") }
    return (best.source, best.target)
  }
}

extension PointCloud {
  /// A random choice of at most `count` points, in their order (Knuth's selection sampling).
  fileprivate func thinned(to count: Int?, _ rng: inout SeededGenerator) -> PointCloud {
    guard let count, count < self.count else { return self }
    var (kept, needed) = ([Int32](), count)
    for i in 0..<self.count where rng.uniform() * Double(self.count - i) < Double(needed) {
      kept.append(Int32(i))
      needed -= 1
    }
    return selecting(kept)
  }

  /// The points on a grid, so that files compress and do not depend on the last bits of a platform's sine.
  fileprivate func rounded(to step: Double) -> PointCloud {
    PointCloud(
      positions: (0..<count).map { SIMD3<Float>((position($0) / step).rounded(.toNearestOrAwayFromZero) * step) },
      intensities: intensities?.map { ($0 * 255).rounded() / 255 }, sensorPosition: sensorPosition)
  }
}
