import Geometry

/// How an object looked in one scan: the points in and just around its box, in the frame of the box.
public struct BoxTemplate: Sendable {
  let points: [SIMD3<Float>]
  let distance: Double

  /// Cuts a template out of a scan.
  public init(_ cloud: PointCloud, box: Box3) {
    let half = box.size * 0.55
    points = BoxCrop(halfExtents: SIMD2(half.x, half.y), heights: -half.z...half.z)(cloud, in: BoxFrame(box))
    distance = box.center.length
  }

  /// Whether nothing was seen.
  public var isEmpty: Bool { points.isEmpty }
}

extension DenoisingInput {
  /// A box of the trajectory, in the axes of the scan.
  public struct PastBox: Sendable {
    /// The box.
    public var box: Box3
    /// How many scans ago.
    public var age: Int
    /// How much it was believed, from 0 to 1.
    public var score: Double

    /// A box of the trajectory.
    public init(box: Box3, age: Int, score: Double) { (self.box, self.age, self.score) = (box, age, score) }
  }

  /// What is seen around a prior box and what is remembered.
  /// - Parameters:
  ///   - templates: the first one first, at most three.
  ///   - past: the boxes before, the last one first, at most seven.
  ///   - widening: a factor of the search region.
  public init(
    _ cloud: PointCloud, prior: Box3, templates: [BoxTemplate], past: [PastBox], shape: DenoiserShape,
    widening: Double = 1
  ) {
    let cut = PillarCrop.Cut.search(prior.size, shape, widening: widening)
    let (half, frame) = (Point3(cut.half), BoxFrame(prior))
    let points = BoxCrop(halfExtents: SIMD2(half.x, half.y), heights: -half.z...half.z)(cloud, in: frame)
    self.init(
      search: PillarCrop(points, cut, size: prior.size, distance: prior.center.length, age: 0), size: prior.size)
    for (k, template) in templates.enumerated() {
      self.templates.append(
        PillarCrop(
          template.points, .template(prior.size, shape), size: prior.size, distance: template.distance,
          age: Float(1 + k)))
    }
    trajectory = past.map { past in
      Past(
        offset: SIMD4<Float>(past.box.seen(from: prior)), age: Float(past.age), score: Float(past.score))
    }
  }
}

extension DenoisingTarget {
  /// The right box as seen from the prior box. It counts as seen from three points above its lowest 0.2 m on.
  public init(_ truth: Box3, from prior: Box3, in cloud: PointCloud) {
    self.init(box: SIMD4<Float>(truth.seen(from: prior)), isSeen: cloud.standing(in: truth) >= 3)
  }
}

extension Box3 {
  /// Where the box is in the frame of another: x, y, z in metres and the turn in [-π, π] radians.
  func seen(from prior: Box3) -> SIMD4<Double> {
    let moved = BoxFrame(prior).turnedIn(center - prior.center)
    return SIMD4(moved, Heading.turn(yawRadians - prior.yawRadians))
  }

  /// The box that is so far away in the frame of this one, of the same size: the way back from ``seen(from:)``.
  package func placed(_ pose: SIMD4<Float>) -> Box3 {
    let moved = BoxFrame(self).turnedOut(Point3(Double(pose.x), Double(pose.y), Double(pose.z)))
    return Box3(center: center + moved, size: size, yawRadians: yawRadians + Double(pose.w))
  }
}
