import Geometry

/// What a sensor looked through: the nearest range in every direction, on the six faces of a cube around the viewpoint.
///
/// A point that a pose puts well before the nearest surface in its direction stands where the sensor saw nothing: the pose
/// violates free space. Directions in which nothing was seen say nothing.
struct FreeSpaceMap: Sendable {
  /// Cells along an edge of a face; 48 makes about 1.9 degrees.
  private static let resolution = 48
  private let viewpoint: SIMD3<Float>
  private let ranges: [Float]
  /// How many bytes the ranges take.
  var byteCount: Int { ranges.byteCount }

  /// The map of a cloud seen from a viewpoint, both in the same coordinates.
  init(_ points: [SIMD3<Float>], from viewpoint: SIMD3<Float>) {
    self.viewpoint = viewpoint
    var ranges = [Float](repeating: .infinity, count: 6 * Self.resolution * Self.resolution)
    for p in points {
      let d = p - viewpoint
      let r = d.length
      if r > 0 {
        let k = CubeMap.cell(of: d, face: Self.resolution)
        ranges[k] = min(ranges[k], r)
      }
    }
    self.ranges = ranges
  }

  /// True when the point lies more than `margin` metres before the nearest surface seen in its direction.
  @inline(__always)
  func isViolated(by p: SIMD3<Float>, margin: Float) -> Bool {
    let d = p - viewpoint
    let r = d.length
    guard r > 0 else { return false }
    let seen = ranges[CubeMap.cell(of: d, face: Self.resolution)]
    return seen.isFinite && r < seen - margin
  }
}
