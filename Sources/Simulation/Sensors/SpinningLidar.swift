import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A LiDAR whose beams turn about z. Its frame: x forward, y left, z up. One scan is one turn without motion.
public struct SpinningLidar: Sendable {
  /// The elevation of each beam.
  public var elevationsDegrees: [Double]
  /// The turn between two shots.
  public var azimuthStepDegrees = 0.25
  /// Ranges that are measured, metres.
  public var range = 1.5...80.0
  /// The standard deviation of a range, metres; 0 measures exactly and loses nothing.
  public var rangeSigma = 0.02
  /// The chance that any shot is lost.
  public var dropout = 0.02
  /// Below this cosine between ray and normal the echo is lost, gradually from twice of it.
  public var grazingCosine = 0.04

  /// Beams like those of an HDL-64E: +2 to -8.33 degrees in thirds, -8.83 to -24.33 in halves.
  public init() {
    elevationsDegrees = (0..<32).map { 2 - Double($0) / 3 } + (0..<32).map { -8.83 - Double($0) / 2 }
  }

  /// One turn. The seed belongs to this scan; every beam draws from its own stream of it.
  public func scan(_ scene: Scene, worldFromSensor: RigidTransform, seed: UInt64) -> Scan {
    let shots = Int((360 / azimuthStepDegrees).rounded())
    let azimuths = (0..<shots).map { k in
      let a = 2 * Double.pi * Double(k) / Double(shots)
      return SIMD2(cos(a), sin(a))
    }
    return Scan(rows: elevationsDegrees.count, worldFromSensor: worldFromSensor) { beam in
      var rng = SeededGenerator(seed: seed, path: UInt64(beam))
      var points: [ScanPoint] = []
      points.reserveCapacity(shots)
      let elevation = elevationsDegrees[beam] * .pi / 180
      let (level, rise) = (cos(elevation), sin(elevation))
      for azimuth in azimuths {
        let sight = Point3(azimuth.x * level, azimuth.y * level, rise)
        let ray = Ray(origin: worldFromSensor.translation, direction: worldFromSensor.rotation(sight))
        guard let hit = scene.cast(ray, to: range.upperBound), hit.range >= range.lowerBound else { continue }
        let material = scene.surfaces[hit.surface].material
        let cosine = -hit.normal.dot(ray.direction)
        var (measured, intensity) = (hit.range, material.reflectance * Float(cosine.squareRoot()))
        if rangeSigma > 0 {
          let grazing = max(0, 2 - cosine / max(grazingCosine, 1e-9))
          if rng.chance(dropout) || rng.chance(Double(material.loss)) || rng.chance(grazing) { continue }
          measured += rangeSigma * rng.gaussian()
          intensity = min(1, max(0, intensity + Float(0.03 * rng.gaussian())))
        }
        points.append(ScanPoint(position: sight * measured, intensity: intensity, surface: Int32(hit.surface)))
      }
      return points
    }
  }
}
