import Geometry

/// Whether a whole cloud can have been seen from one place: a sensor records one return per direction, so from where it
/// stood next to nothing is hidden behind something else; from any other place in the scene much is.
///
/// Directions are told apart by the cells of a cube map with 256 cells along an edge (0.35 degrees). A point is hidden when
/// another one of its cell is nearer by more than 1.5 voxels and what its own surface spans in depth within a cell.
public struct DirectSight: Sendable {
  /// Edge of the working voxel, metres.
  public let voxel: Float

  /// A test for clouds of the given voxel edge, metres.
  public init(voxel: Float) { self.voxel = voxel }

  private static let face = 256

  /// The share of points hidden from `c`, in [0, 1]; zero when no point has a normal.
  /// - Parameters:
  ///   - positions: metres, shape [count].
  ///   - normals: unit, of either side, zero where invalid (left out), shape [count].
  public func hiddenShare(of positions: [SIMD3<Float>], normals: [SIMD3<Float>], from c: SIMD3<Float>) -> Float {
    let valid = positions.indices.filter { normals[$0].squaredLength > 0.5 }
    guard !valid.isEmpty else { return 0 }
    var nearest = [Float](repeating: .infinity, count: 6 * Self.face * Self.face)
    for i in valid {
      let d = positions[i] - c
      let k = CubeMap.cell(of: d, face: Self.face)
      nearest[k] = min(nearest[k], d.length)
    }
    let width = 2 / Float(Self.face)
    var hidden = 0
    for i in valid {
      let d = positions[i] - c
      let range = d.length
      let slope = min(30, range / max(abs(d.dot(normals[i])), 1e-20))
      if range > nearest[CubeMap.cell(of: d, face: Self.face)] + 1.5 * voxel + width * range * slope { hidden += 1 }
    }
    return Float(hidden) / Float(valid.count)
  }
}

/// Directions as cells of the six faces of a cube.
public enum CubeMap {
  /// The cell of a direction, in 0..<6 face²; any cell for the zero vector.
  @inline(__always)
  public static func cell(of d: SIMD3<Float>, face: Int) -> Int {
    let a = SIMD3(abs(d.x), abs(d.y), abs(d.z))
    var (side, u, v, w) = (d.x > 0 ? 0 : 1, d.y, d.z, a.x)
    if a.y > w { (side, u, v, w) = (d.y > 0 ? 2 : 3, d.x, d.z, a.y) }
    if a.z > w { (side, u, v, w) = (d.z > 0 ? 4 : 5, d.x, d.y, a.z) }
    let half = 0.5 * Float(face)
    let scale = half / max(w, 1e-30)
    let (x, y) = (min(face - 1, max(0, Int(u * scale + half))), min(face - 1, max(0, Int(v * scale + half))))
    return (side * face + x) * face + y
  }
}
