import Geometry
import Glibc
import PointClouds

/// Draws the two clouds of a ModelNet or ModelLoNet pair from one model, as RPMNet and Predator do (Z. J. Yew and G. H. Lee,
/// CVPR 2020; S. Huang et al., CVPR 2021).
///
/// A pair is drawn from the generator of NumPy that is seeded with the model's index: source and target are cropped by a plane
/// across a random direction; the source is moved; both are resampled to 717 points, jittered by N(0, 0.01) clipped at 0.05,
/// and shuffled. The generator is seeded anew before the crop, the motion and the resampling. The draws are those of NumPy to
/// the bit; coordinates, which are computed in single precision there, agree to its rounding.
public struct ModelNetPairs: Sendable {
  /// How many points each cloud has. RPMNet's own ModelLoNet would have 512; published figures use 717.
  package static let points = 717

  /// A reader of parts.
  public init() {}

  /// The cloud that a part of an HDF5 file stands for.
  /// - Throws: ``CloudFileError`` when the file is damaged or lacks the row.
  public func callAsFunction(_ path: String, _ part: CloudReference.Part) throws(CloudFileError) -> PointCloud {
    let model = try model(path, row: part.row)
    let pair = Self.draw(model, seed: part.seed, keptShare: part.keptShare)
    let points = part.isSource ? pair.source : pair.target
    guard !points.isEmpty else {
      throw CloudFileError(.unusable, path, "nothing of model \(part.row) is left by the crop")
    }
    return PointCloud(positions: points)
  }

  /// The whole model of a row, in the frame of the targets that are drawn from it.
  package func model(_ path: String, row: Int) throws(CloudFileError) -> [SIMD3<Float>] {
    let model = try HDF5File(path).points(row: row)
    guard model.count >= 8, model.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) else {
      throw CloudFileError(.unusable, path, "model \(row) has fewer than 8 points or one that is not finite")
    }
    return model
  }

  /// From source to target: the inverse of the motion that the source was given.
  public static func truth(seed: UInt32) -> RigidTransform { motion(seed: seed).transform.inverse }

  /// The motion of the source: each angle from U(0, 45°), R = Rx Ry Rz, t from U(-0.5, 0.5)³, in single precision.
  private static func motion(seed: UInt32) -> (rows: [SIMD4<Float>], transform: RigidTransform) {
    var random = MersenneTwister(seed: seed)
    let angles = (0..<3).map { _ in random.uniform() * .pi * 45 / 180 }
    let rotation =
      Rotation3(radians: angles[0], about: Point3(1, 0, 0)) * Rotation3(radians: angles[1], about: Point3(0, 1, 0))
      * Rotation3(radians: angles[2], about: Point3(0, 0, 1))
    let t = (0..<3).map { _ in random.uniform(-0.5, 0.5) }
    let m = rotation.matrix
    let rows = (0..<3).map { SIMD4<Float>(Float(m[$0, 0]), Float(m[$0, 1]), Float(m[$0, 2]), Float(t[$0])) }
    func double(_ k: Int) -> Point3 { Point3(Double(rows[k].x), Double(rows[k].y), Double(rows[k].z)) }
    let nearest = Rotation3(nearest: Matrix3(rows: double(0), double(1), double(2)))
    let shift = Point3(Double(rows[0].w), Double(rows[1].w), Double(rows[2].w))
    return (rows, RigidTransform(rotation: nearest, translation: shift))
  }

  /// Both clouds of a pair.
  package static func draw(
    _ model: [SIMD3<Float>], seed: UInt32, keptShare: Double
  ) -> (source: [SIMD3<Float>], target: [SIMD3<Float>]) {
    var random = MersenneTwister(seed: seed)
    var source = crop(model, keptShare, &random)
    var target = crop(model, keptShare, &random)
    let rows = motion(seed: seed).rows
    source = source.map { p in
      let moved = rows.map { $0.x * p.x + $0.y * p.y + $0.z * p.z + $0.w }
      return SIMD3(moved[0], moved[1], moved[2])
    }
    random = MersenneTwister(seed: seed)
    source = resample(source, &random)
    target = resample(target, &random)
    jitter(&source, &random)
    jitter(&target, &random)
    // The reference is shuffled first.
    target = random.permutation(target.count).map { target[$0] }
    source = random.permutation(source.count).map { source[$0] }
    return (source, target)
  }

  /// The points beyond the plane across a random direction that leaves the kept share; half lies beyond the centroid.
  private static func crop(
    _ points: [SIMD3<Float>], _ keptShare: Double, _ random: inout MersenneTwister
  ) -> [SIMD3<Float>] {
    let phi = random.uniform(0, 2 * .pi)
    let theta = acos(random.uniform(-1, 1))
    let direction = Point3(sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta))
    let centroid = points.reduce(SIMD3<Float>(), +) / Float(points.count)
    let distances = points.map { p in
      let d = p - centroid
      return Double(d.x) * direction.x + Double(d.y) * direction.y + Double(d.z) * direction.z
    }
    let limit = keptShare == 0.5 ? 0 : percentile(distances, 1 - Double(Float(keptShare)))
    return zip(points, distances).filter { $0.1 > limit }.map(\.0)
  }

  /// The value below which a share of the values lies, between two of them by linear interpolation.
  private static func percentile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = min(max(share, 0), 1) * Double(sorted.count - 1)
    let below = Int(place)
    let (a, b) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let part = place - Double(below)
    return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part)
  }

  /// Exactly ``points`` of the points: without repetition where there are enough, else all of them and some again.
  private static func resample(_ points: [SIMD3<Float>], _ random: inout MersenneTwister) -> [SIMD3<Float>] {
    guard !points.isEmpty else { return [] }
    let chosen = random.permutation(points.count).prefix(Self.points).map { points[$0] }
    let lacking = Self.points - chosen.count
    if lacking <= 0 { return chosen }
    return chosen + (0..<lacking).map { _ in points[random.integer(upTo: UInt32(points.count - 1))] }
  }

  private static func jitter(_ points: inout [SIMD3<Float>], _ random: inout MersenneTwister) {
    for k in points.indices {
      for axis in 0..<3 {
        let noise = min(max(0.01 * random.normal(), -0.05), 0.05)
        points[k][axis] = Float(Double(points[k][axis]) + noise)
      }
    }
  }
}
