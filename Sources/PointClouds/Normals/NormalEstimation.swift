import Geometry
import Parallelism

/// Surface normals by principal component analysis of the points within a radius.
///
/// The normal is the eigenvector of the smallest eigenvalue of the covariance of the neighbours (Hoppe et al. 1992). The
/// neighbours may come from another cloud: voxel means take theirs from the full resolution. With fewer than three
/// neighbours, or with neighbours on one line, there is no normal and the entry is **zero**.
public struct NormalEstimation: Sendable {
  /// Neighbours are closer than this, metres.
  public var radius: Float

  /// An estimation from the neighbours within `radius`, which must be positive and finite.
  public init(radius: Float) {
    precondition(radius > 0 && radius.isFinite, "normal radius \(radius): must be positive and finite")
    self.radius = radius
  }

  /// The local surface at every point.
  public struct Surface: Sendable {
    /// Unit normals of either side; zero where invalid. Shape [count].
    public var normals: [SIMD3<Float>]
    /// Eigenvalues of the covariance of the neighbours, ascending, square metres. Shape [count].
    public var eigenvalues: [SIMD3<Float>]
    /// How many neighbours were used. Shape [count].
    public var counts: [Int32]

    /// The share of the smallest eigenvalue in their sum, in [0, 1/3]: 0 on a plane.
    public func curvature(_ i: Int) -> Float {
      let sum = eigenvalues[i].sum()
      return sum > 0 ? eigenvalues[i].x / sum : 0
    }
  }

  /// The surface at every point of `positions`, from the points of `support` (the positions themselves when nil).
  public func callAsFunction(_ positions: [SIMD3<Float>], support: [SIMD3<Float>]? = nil) -> Surface {
    let grid = FixedRadiusGrid(support ?? positions, cell: radius)
    return self(positions, grid: grid)
  }

  /// The surface at every point of `positions`, from the points of a grid.
  public func callAsFunction(_ positions: [SIMD3<Float>], grid: FixedRadiusGrid) -> Surface {
    let n = positions.count
    var normals = [SIMD3<Float>](repeating: .zero, count: n)
    var eigenvalues = [SIMD3<Float>](repeating: .zero, count: n)
    var counts = [Int32](repeating: 0, count: n)
    normals.withUnsafeMutableBufferPointer { normals in
      eigenvalues.withUnsafeMutableBufferPointer { eigenvalues in
        counts.withUnsafeMutableBufferPointer { counts in
          let (normals, eigenvalues) = (
            UncheckedPointer(normals.baseAddress), UncheckedPointer(eigenvalues.baseAddress)
          )
          let counts = UncheckedPointer(counts.baseAddress)
          Parallel.forEachChunk(n, grain: 256) { range in
            for i in range {
              let moments = grid.moments(around: positions[i], radius: radius)
              counts.base![i] = Int32(moments.count)
              guard moments.count >= 3, let axes = moments.axes else { continue }
              eigenvalues.base![i] = axes.eigenvalues
              normals.base![i] = axes.normal
            }
          }
        }
      }
    }
    return Surface(normals: normals, eigenvalues: eigenvalues, counts: counts)
  }

  /// Turns every normal to the side of the sensor: `n . (sensor - p) >= 0`.
  public static func orient(
    _ normals: inout [SIMD3<Float>], of positions: [SIMD3<Float>], towards sensor: SIMD3<Float>
  ) {
    precondition(normals.count == positions.count, "\(normals.count) normals for \(positions.count) points")
    for i in normals.indices where normals[i].dot(sensor - positions[i]) < 0 { normals[i] = -normals[i] }
  }
}

/// The sums of a neighbourhood relative to its query point.
struct NeighborhoodMoments {
  var count = 0
  var sum = SIMD3<Float>.zero
  var (xx, xy, xz, yy, yz, zz): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)

  /// The principal axes of the covariance; nil where the points lie on one line.
  var axes: PrincipalAxes? {
    let m = 1 / Double(count)
    let (x, y, z) = (Double(sum.x) * m, Double(sum.y) * m, Double(sum.z) * m)
    let axes = PrincipalAxes(
      xx: Double(xx) * m - x * x, xy: Double(xy) * m - x * y, xz: Double(xz) * m - x * z,
      yy: Double(yy) * m - y * y, yz: Double(yz) * m - y * z, zz: Double(zz) * m - z * z)
    return axes.eigenvalues.y > 1e-5 * axes.eigenvalues.z ? axes : nil
  }
}

extension FixedRadiusGrid {
  /// The moments of the points closer than `radius` to `q`, four at a time.
  @inline(__always)
  func moments(around q: SIMD3<Float>, radius: Float) -> NeighborhoodMoments {
    typealias V = SIMD4<Float>
    let limit = V(repeating: radius * radius)
    let (qx, qy, qz) = (V(repeating: q.x), V(repeating: q.y), V(repeating: q.z))
    let lanes = SIMD4<Int32>(0, 1, 2, 3)
    var (n, sx, sy, sz) = (SIMD4<Int32>.zero, V.zero, V.zero, V.zero)
    var (xx, xy, xz, yy, yz, zz) = (V.zero, V.zero, V.zero, V.zero, V.zero, V.zero)
    forEachRun(near: q, radius: radius) { range in
      var j = range.lowerBound
      while j < range.upperBound {
        var x = UnsafeRawPointer(xs + j).loadUnaligned(as: V.self) - qx
        var y = UnsafeRawPointer(ys + j).loadUnaligned(as: V.self) - qy
        var z = UnsafeRawPointer(zs + j).loadUnaligned(as: V.self) - qz
        let inside =
          (x * x + y * y + z * z .< limit)
          .& (lanes .< SIMD4(repeating: Int32(truncatingIfNeeded: range.upperBound - j)))
        j += 4
        if !any(inside) { continue }
        x.replace(with: 0, where: .!inside)
        y.replace(with: 0, where: .!inside)
        z.replace(with: 0, where: .!inside)
        n.replace(with: n &+ 1, where: inside)
        sx += x
        sy += y
        sz += z
        xx += x * x
        xy += x * y
        xz += x * z
        yy += y * y
        yz += y * z
        zz += z * z
      }
    }
    var m = NeighborhoodMoments()
    m.count = Int(n.wrappedSum())
    m.sum = SIMD3(sx.sum(), sy.sum(), sz.sum())
    (m.xx, m.xy, m.xz) = (xx.sum(), xy.sum(), xz.sum())
    (m.yy, m.yz, m.zz) = (yy.sum(), yz.sum(), zz.sum())
    return m
  }
}
