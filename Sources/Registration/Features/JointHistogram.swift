import Geometry

/// A soft histogram over 5 shells of distance x 6 bins of the cosine between the normal and the direction to the neighbour
/// x 6 bins of the cosine between both normals, 180 values.
///
/// Every neighbour is divided linearly between the two nearest bins of each axis; bins beyond the ends count to the
/// end bins. The sum is scaled to 1 and replaced by its square root (Hellinger map). It needs no reference frame.
struct JointHistogram {
  static let (shells, directions, cosines) = (5, 6, 6)
  static let dimension = 180

  // One more bin on either side of every axis takes what is folded back at the end.
  private static let (rowStride, shellStride, padded) = (8, 64, 7 * 64)
  private var bins = [Float](repeating: 0, count: 448)

  /// Clears all bins.
  mutating func reset() { for k in bins.indices { bins[k] = 0 } }

  /// Counts the listed neighbours of the oriented point (q, normal) that are closer than `radius`; `weights` per sorted
  /// point, one each when nil.
  mutating func add(
    _ neighbors: NeighborList, of q: SIMD3<Float>, normal m: SIMD3<Float>, radius: Float, in points: OrientedPoints,
    weights: UnsafePointer<Float>? = nil
  ) {
    let limit = radius * radius
    let perShell = Float(Self.shells) / radius
    let grid = points.grid
    let (list, distances) = (neighbors.points, neighbors.squaredDistances)
    bins.withUnsafeMutableBufferPointer { bins in
      for k in 0..<neighbors.count where distances[k] < limit {
        let j = Int(list[k])
        let d = distances[k].squareRoot()
        let (dx, dy, dz) = (grid.xs[j] - q.x, grid.ys[j] - q.y, grid.zs[j] - q.z)
        let elevation = (dx * m.x + dy * m.y + dz * m.z) / d
        let agreement = points.nx[j] * m.x + points.ny[j] * m.y + points.nz[j] * m.z
        // Positions on the padded axes: bin k of an axis has its middle at k + 1.
        let c0 = min(5.9999, d * perShell + 0.5)
        let c1 = max(0, min(6.9999, elevation * 3 + 3.5))
        let c2 = max(0, min(6.9999, agreement * 3 + 3.5))
        let (i0, i1, i2) = (Int32(c0), Int32(c1), Int32(c2))
        let (f0, f1, f2) = (c0 - Float(i0), c1 - Float(i1), c2 - Float(i2))
        let w = weights?[j] ?? 1
        let base = bins.baseAddress! + Int(i0) * Self.shellStride + Int(i1) * Self.rowStride + Int(i2)
        let (w0, w1) = (w * (1 - f0), w * f0)
        let (w00, w01, w10, w11) = (w0 * (1 - f1), w0 * f1, w1 * (1 - f1), w1 * f1)
        base[0] += w00 * (1 - f2)
        base[1] += w00 * f2
        base[8] += w01 * (1 - f2)
        base[9] += w01 * f2
        base[64] += w10 * (1 - f2)
        base[65] += w10 * f2
        base[72] += w11 * (1 - f2)
        base[73] += w11 * f2
      }
    }
  }

  /// Writes the 180 roots of shares; zero when nothing was counted.
  mutating func write(_ out: UnsafeMutablePointer<Float>) {
    func fold(_ k: Int, _ n: Int) -> Int { min(max(k - 1, 0), n - 1) }
    for k in 0..<Self.dimension { out[k] = 0 }
    var total: Float = 0
    for s in 0..<7 {
      for e in 0..<8 {
        for c in 0..<8 {
          let value = bins[s * Self.shellStride + e * Self.rowStride + c]
          let at =
            (fold(s, Self.shells) * Self.directions + fold(e, Self.directions)) * Self.cosines + fold(c, Self.cosines)
          out[at] += value
          total += value
        }
      }
    }
    let scale = total > 0 ? 1 / total : 0
    for k in 0..<Self.dimension { out[k] = (out[k] * scale).squareRoot() }
  }
}
