import Geometry

/// Fuses the frames of a short path into one cloud in the frame of the first, as the fragments of 3DMatch are made.
public struct Fragment: Sendable {
  /// The edge of the cells whose points are averaged, metres.
  public var voxel: Double
  /// Cells with fewer points are dropped: a lone point is mostly noise.
  public var minimumPoints: Int

  /// Cells of 2 cm with two points or more.
  public init(voxel: Double = 0.02, minimumPoints: Int = 2) {
    self.voxel = voxel
    self.minimumPoints = minimumPoints
  }

  /// The averages of the cells, in the order in which the cells were first hit.
  public func callAsFunction(_ scans: [Scan]) -> PointCloud {
    guard let first = scans.first else { return PointCloud(positions: []) }
    var cells: [SIMD3<Int32>: Int32] = [:]
    var sums: [SIMD4<Double>] = []
    for scan in scans {
      let firstFromSensor = first.worldFromSensor.inverse * scan.worldFromSensor
      for i in 0..<scan.cloud.count {
        let p = firstFromSensor(scan.cloud.position(i))
        let key = SIMD3<Int32>((p / voxel).rounded(.down))
        if let cell = cells[key] {
          sums[Int(cell)] += SIMD4(p, 1)
        } else {
          cells[key] = Int32(sums.count)
          sums.append(SIMD4(p, 1))
        }
      }
    }
    let positions = sums.compactMap { s -> SIMD3<Float>? in
      s.w >= Double(minimumPoints) ? SIMD3<Float>(Point3(s.x, s.y, s.z) / s.w) : nil
    }
    return PointCloud(positions: positions, sensorPosition: .zero)
  }
}
