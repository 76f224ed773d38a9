import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pinhole camera that measures depth, as structured-light cameras do. Its frame: x right, y down, z forward.
public struct DepthCamera: Sendable {
  /// The faults of its depth z (Khoshelham, Oude Elberink 2012; Nguyen et al. 2012).
  public struct Noise: Sendable {
    /// The standard deviation is `constant + quadratic · z²`, metres.
    public var constant: Double
    /// See ``constant``; per metre.
    public var quadratic: Double
    /// Depth comes in steps of its inverse: an eighth of a pixel over focal length times baseline, 1/m; 0 for none.
    public var inverseDepthStep: Double
    /// Below this cosine between ray and normal a measurement is lost, gradually from twice of it.
    public var grazingCosine: Double
    /// The chance that any pixel is lost.
    public var holes: Double

    /// The faults of a structured-light camera.
    public init(
      constant: Double = 0.0008, quadratic: Double = 0.0015, inverseDepthStep: Double = 0.0029,
      grazingCosine: Double = 0.1, holes: Double = 0.02
    ) {
      self.constant = constant
      self.quadratic = quadratic
      self.inverseDepthStep = inverseDepthStep
      self.grazingCosine = grazingCosine
      self.holes = holes
    }
  }

  /// Pixels per row.
  public var width = 320
  /// Pixels per column.
  public var height = 240
  /// The horizontal field of view; pixels are square.
  public var fieldOfViewDegrees = 58.0
  /// Depths that are measured, metres.
  public var depthRange = 0.4...4.5
  /// The faults; nil measures exactly and loses nothing.
  public var noise: Noise? = Noise()

  /// A camera of 320 x 240 pixels, 58 x 45 degrees.
  public init() {}

  /// A scanner for small objects at arm's length: 300 x 300 pixels, 30 degrees, 0.3 mm of noise.
  public static var objectScanner: DepthCamera {
    var camera = DepthCamera()
    (camera.width, camera.height, camera.fieldOfViewDegrees) = (300, 300, 30)
    camera.depthRange = 0.2...1.2
    camera.noise = Noise(constant: 0.0003, quadratic: 0.0003, inverseDepthStep: 0, grazingCosine: 0.12, holes: 0.01)
    return camera
  }

  /// One frame. The seed belongs to this frame; every row draws from its own stream of it.
  public func scan(_ scene: Scene, worldFromSensor: RigidTransform, seed: UInt64) -> Scan {
    let focal = Double(width) / 2 / tan(fieldOfViewDegrees * .pi / 360)
    return Scan(rows: height, worldFromSensor: worldFromSensor) { row in
      var rng = SeededGenerator(seed: seed, path: UInt64(row))
      var points: [ScanPoint] = []
      points.reserveCapacity(width)
      let y = (Double(row) + 0.5 - Double(height) / 2) / focal
      for column in 0..<width {
        let sight = Point3((Double(column) + 0.5 - Double(width) / 2) / focal, y, 1)
        let unit = sight.normalized
        let ray = Ray(origin: worldFromSensor.translation, direction: worldFromSensor.rotation(unit))
        guard let hit = scene.cast(ray, to: depthRange.upperBound / unit.z) else { continue }
        let material = scene.surfaces[hit.surface].material
        let cosine = -hit.normal.dot(ray.direction)
        guard let z = measure(hit.range * unit.z, cosine, material, &rng), depthRange.contains(z) else { continue }
        points.append(
          ScanPoint(
            position: sight * z, intensity: material.reflectance * Float(cosine), surface: Int32(hit.surface)))
      }
      return points
    }
  }

  /// The depth that is reported; nil when it is lost.
  private func measure(
    _ z: Double, _ cosine: Double, _ material: Material, _ rng: inout SeededGenerator
  ) -> Double? {
    guard let noise else { return z }
    let grazing = max(0, 2 - cosine / max(noise.grazingCosine, 1e-9))
    if rng.chance(noise.holes) || rng.chance(Double(material.loss)) || rng.chance(grazing) { return nil }
    let noisy = z + (noise.constant + noise.quadratic * z * z) * rng.gaussian()
    guard noise.inverseDepthStep > 0, noisy > 0 else { return noisy }
    let steps = (1 / (noisy * noise.inverseDepthStep)).rounded()
    return steps > 0 ? 1 / (steps * noise.inverseDepthStep) : nil
  }
}
