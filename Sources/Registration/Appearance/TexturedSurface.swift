import Geometry
import Parallelism
import PointClouds

/// A surface with a smooth brightness on it: per point the brightness and its gradient along the surface.
///
/// The brightness C of a point is the mean over the points within a radius r. Its gradient d solves
/// `min Σ (d·(q' - p) - (C(q) - C(p)))²` over these points, q' their projections on the tangent plane, and lies in that plane
/// (Park, Zhou, Koltun, ICCV 2017, eq. 10).
struct TexturedSurface: Sendable {
  /// Points with unit normals.
  let positions, normals: [SIMD3<Float>]
  /// Smoothed brightness, per point.
  let brightness: [Float]
  /// Its gradient per metre, per point; zero where it is not known.
  let gradients: [SIMD3<Float>]

  /// Smooths the brightness of the points that have a normal.
  init(_ surface: PreparedCloud.Surface, brightness values: [Float], radius: Float) {
    let valid = surface.normals.indices.filter { surface.normals[$0].squaredLength > 0.5 }
    let positions = valid.map { surface.positions[$0] }
    let normals = valid.map { surface.normals[$0] }
    let raw = valid.map { values[$0] }
    let grid = FixedRadiusGrid(positions, cell: radius * 1.0001)
    let smooth = Parallel.map(positions.count, grain: 64) { i -> Float in
      var (sum, count): (Float, Float) = (0, 0)
      grid.forEachNeighbor(of: positions[i], radius: radius) { j, _ in
        sum += raw[Int(grid.indices[j])]
        count += 1
      }
      return count > 0 ? sum / count : raw[i]
    }
    gradients = Parallel.map(positions.count, grain: 64) { i in
      Self.gradient(at: i, positions, normals[i], smooth, grid, radius)
    }
    (self.positions, self.normals, brightness) = (positions, normals, smooth)
  }

  private static func gradient(
    at i: Int, _ positions: [SIMD3<Float>], _ normal: SIMD3<Float>, _ values: [Float], _ grid: FixedRadiusGrid,
    _ radius: Float
  ) -> SIMD3<Float> {
    let u = normal.anyPerpendicular
    let v = normal.cross(u)
    var (uu, uv, vv, gu, gv): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
    grid.forEachNeighbor(of: positions[i], radius: radius) { j, _ in
      let k = Int(grid.indices[j])
      let d = positions[k] - positions[i]
      let (a, b, c) = (d.dot(u), d.dot(v), values[k] - values[i])
      uu += a * a
      uv += a * b
      vv += b * b
      gu += a * c
      gv += b * c
    }
    let determinant = uu * vv - uv * uv
    // Neighbours along a line say nothing across it.
    guard determinant > 0.01 * uu * vv, determinant > 0 else { return .zero }
    let (a, b) = ((vv * gu - uv * gv) / determinant, (uu * gv - uv * gu) / determinant)
    return u * a + v * b
  }
}

extension SIMD3<Float> {
  /// A unit vector at a right angle to a unit vector.
  fileprivate var anyPerpendicular: SIMD3<Float> {
    let axis: SIMD3<Float> = abs(x) < 0.6 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)
    return cross(axis).normalized
  }
}
