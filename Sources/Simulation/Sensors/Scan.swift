import Geometry
import Parallelism

/// What a sensor measured from one pose.
public struct Scan: Sendable {
  /// The points in the frame of the sensor, with intensities in [0, 1]; the sensor stands at the origin.
  public var cloud: PointCloud
  /// For each point the index of the surface that was hit, into ``Scene/surfaces``.
  public var surfaces: [Int32]
  /// Where the sensor stood.
  public var worldFromSensor: RigidTransform
}

/// One measured point.
struct ScanPoint: Sendable {
  var position: Point3
  var intensity: Float
  var surface: Int32
}

extension Scan {
  /// Joins rows that are measured each by one thread, in their order.
  init(rows: Int, worldFromSensor: RigidTransform, _ row: @Sendable (Int) -> [ScanPoint]) {
    let points = Parallel.map(rows, grain: 1, row).flatMap { $0 }
    cloud = PointCloud(
      positions: points.map { SIMD3<Float>($0.position) }, intensities: points.map(\.intensity), sensorPosition: .zero)
    surfaces = points.map(\.surface)
    self.worldFromSensor = worldFromSensor
  }
}
