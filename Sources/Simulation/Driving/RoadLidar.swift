import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A LiDAR on the roof of a car, of one of several makes, that looks at a part of the scene only.
///
/// Casting just the rays that may meet the surroundings of an object is what makes training sequences cheap.
struct RoadLidar: Sendable {
  /// Where the beams go.
  enum Pattern: Sendable {
    /// Rings of these elevations, radians, with shots so far apart, radians.
    case rings([Double], azimuthStep: Double)
    /// So many shots per square radian at random between two elevations, as scanners with rotating prisms have.
    case random(density: Double, elevations: ClosedRange<Double>)
  }

  let pattern: Pattern
  /// The standard deviation of a range, metres.
  let rangeSigma: Double
  /// The chance that any shot is lost.
  let dropout: Double
  /// The height above the road, metres.
  let height: Double

  /// Draws a make: 64, 32 or 16 rings, or random shots.
  init(_ rng: inout SeededGenerator) {
    func degrees(_ values: [Double]) -> [Double] { values.map { $0 * .pi / 180 } }
    let step = rng.uniform(0.16, 0.4) * .pi / 180
    switch rng.whole(0...9) {
    case 0...5:
      let rings = (0..<32).map { 2 - Double($0) / 3 } + (0..<32).map { -8.83 - Double($0) / 2 }
      pattern = .rings(degrees(rings), azimuthStep: step)
    case 6, 7: pattern = .rings(degrees((0..<32).map { 10.67 - 41.34 * Double($0) / 31 }), azimuthStep: step)
    case 8: pattern = .rings(degrees((0..<16).map { 15 - 2 * Double($0) }), azimuthStep: step / 2)
    default: pattern = .random(density: rng.uniform(6e3, 3e4), elevations: -0.45...0.2)
    }
    rangeSigma = rng.uniform(0.01, 0.03)
    dropout = rng.uniform(0.02, 0.2)
    height = rng.uniform(1.5, 1.95)
  }

  /// The part of the scene that is looked at: a cylinder about a vertical axis, in the frame of the sensor.
  struct Window: Sendable {
    /// The axis.
    var center: SIMD2<Double>
    /// The radius, metres.
    var radius: Double
    /// Heights, metres.
    var heights: ClosedRange<Double>

    /// Whether a point lies in it.
    func contains(_ p: Point3) -> Bool {
      let d = SIMD2(p.x, p.y) - center
      return (d * d).sum() <= radius * radius && heights.contains(p.z)
    }
  }

  /// The points measured in a window, in the frame of the sensor.
  func scan(
    _ scene: Scene, worldFromSensor: RigidTransform, window: Window, _ rng: inout SeededGenerator
  ) -> PointCloud {
    var (positions, intensities): ([SIMD3<Float>], [Float]) = ([], [])
    for sight in sights(window, &rng) {
      let ray = Ray(origin: worldFromSensor.translation, direction: worldFromSensor.rotation(sight))
      let isLost = rng.chance(dropout)
      guard let hit = scene.cast(ray, to: 90), hit.range >= 1, !isLost else { continue }
      let material = scene.surfaces[hit.surface].material
      let cosine = -hit.normal.dot(ray.direction)
      if rng.chance(Double(material.loss)) || rng.chance(max(0, 2 - cosine / 0.04)) { continue }
      let p = sight * (hit.range + rangeSigma * rng.gaussian())
      guard window.contains(p) else { continue }
      positions.append(SIMD3<Float>(p))
      intensities.append(
        min(1, max(0, material.reflectance * Float(cosine.squareRoot()) + Float(0.03 * rng.gaussian()))))
    }
    return PointCloud(positions: positions, intensities: intensities, sensorPosition: .zero)
  }

  /// The directions that may meet the window.
  private func sights(_ window: Window, _ rng: inout SeededGenerator) -> [Point3] {
    let distance = (window.center * window.center).sum().squareRoot()
    let near = max(1, distance - window.radius)
    let middle = atan2(window.center.y, window.center.x)
    let half = distance > window.radius ? asin(window.radius / distance) : .pi
    let lowest = atan2(window.heights.lowerBound, near)
    let highest = atan2(window.heights.upperBound, window.heights.upperBound > 0 ? near : distance + window.radius)
    var sights: [Point3] = []
    func add(_ azimuth: Double, _ elevation: Double) {
      let level = cos(elevation)
      sights.append(Point3(cos(azimuth) * level, sin(azimuth) * level, sin(elevation)))
    }
    switch pattern {
    case .rings(let elevations, let step):
      // Shots stand at whole steps from an offset that changes from turn to turn.
      let offset = rng.uniform() * step
      let (first, last) = (Int(((middle - half) / step).rounded(.up)), Int(((middle + half) / step).rounded(.down)))
      for elevation in elevations where lowest...highest ~= elevation {
        for k in first...max(first, last) { add(Double(k) * step + offset, elevation) }
      }
    case .random(let density, let elevations):
      let (low, high) = (max(lowest, elevations.lowerBound), min(highest, elevations.upperBound))
      guard low < high else { return [] }
      for _ in 0..<Int(min(20_000, density * 2 * half * (high - low))) {
        add(rng.uniform(middle - half, middle + half), rng.uniform(low, high))
      }
    }
    return sights
  }
}
