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
    typealias V = SIMD4<Float>
    let limit = V(repeating: radius * radius)
    let perShell = Float(Self.shells) / radius
    let grid = points.grid
    let (list, distances) = (neighbors.points, neighbors.squaredDistances)
    bins.withUnsafeMutableBufferPointer { bins in
      let bins = UnsafeMutableRawPointer(bins.baseAddress!)
      for k in stride(from: 0, to: neighbors.count, by: 4) {
        // Behind the last neighbour the list goes on with points at an infinite distance.
        let d2 = load4(distances + k)
        let valid = d2 .< limit
        if !any(valid) { continue }
        let (j0, j1, j2, j3) = (Int(list[k]), Int(list[k + 1]), Int(list[k + 2]), Int(list[k + 3]))
        func gather(_ p: UnsafePointer<Float>) -> V { V(p[j0], p[j1], p[j2], p[j3]) }
        let d = d2.squareRoot()
        let (dx, dy, dz) = (gather(grid.xs) - q.x, gather(grid.ys) - q.y, gather(grid.zs) - q.z)
        let elevation = (dx * m.x + dy * m.y + dz * m.z) / d
        let agreement = gather(points.nx) * m.x + gather(points.ny) * m.y + gather(points.nz) * m.z
        // Positions on the padded axes: bin k of an axis has its middle at k + 1.
        let (i0, f0) = Self.split(d * perShell + 0.5, 5.9999)
        let (i1, f1) = Self.split(elevation * 3 + 3.5, 6.9999)
        let (i2, f2) = Self.split(agreement * 3 + 3.5, 6.9999)
        let w = weights.map(gather) ?? V(repeating: 1)
        let (w0, w1) = (w * (1 - f0), w * f0)
        let (w00, w01, w10, w11) = (w0 * (1 - f1), w0 * f1, w1 * (1 - f1), w1 * f1)
        let offsets = i0 &* Int32(4 * Self.shellStride) &+ i1 &* Int32(4 * Self.rowStride) &+ i2 &* 4
        for lane in 0..<4 where valid[lane] {
          let at = bins + Int(offsets[lane])
          let share = SIMD2(1 - f2[lane], f2[lane])
          Self.add(share * w00[lane], at)
          Self.add(share * w01[lane], at + 4 * Self.rowStride)
          Self.add(share * w10[lane], at + 4 * Self.shellStride)
          Self.add(share * w11[lane], at + 4 * (Self.shellStride + Self.rowStride))
        }
      }
    }
  }

  /// The bin below a position on a padded axis, clamped to [0, end], and how far the position lies towards the next one.
  @inline(__always)
  private static func split(_ position: SIMD4<Float>, _ end: Float) -> (SIMD4<Int32>, SIMD4<Float>) {
    let raised = position.replacing(with: 0, where: position .< 0)
    let c = raised.replacing(with: end, where: raised .> end)
    // Rounding by 1.5 x 2²³ leaves the integer in the low bits; a position on a bin may count wholly to the next one.
    let shifted = c - 0.5 + 12_582_912
    return (unsafeBitCast(shifted, to: SIMD4<Int32>.self) &- 0x4B40_0000, c - (shifted - 12_582_912))
  }

  @inline(__always)
  private static func add(_ values: SIMD2<Float>, _ at: UnsafeMutableRawPointer) {
    at.storeBytes(of: at.loadUnaligned(as: SIMD2<Float>.self) + values, as: SIMD2<Float>.self)
  }

  /// Writes the 180 roots of shares; zero when nothing was counted.
  mutating func write(_ out: UnsafeMutablePointer<Float>) {
    bins.withUnsafeBytes { bins in
      func row(_ s: Int, _ e: Int) -> SIMD8<Float> {
        bins.loadUnaligned(fromByteOffset: 4 * (s * Self.shellStride + e * Self.rowStride), as: SIMD8<Float>.self)
      }
      // The first two and the last two entries of every axis belong to its end bins.
      func rows(_ e: Int, _ s: Int) -> SIMD8<Float> {
        s == 0 ? row(0, e) + row(1, e) : s == Self.shells - 1 ? row(s + 1, e) + row(s + 2, e) : row(s + 1, e)
      }
      var sum = SIMD8<Float>.zero
      for s in 0..<Self.shells {
        for e in 0..<Self.directions {
          let r =
            e == 0
            ? rows(0, s) + rows(1, s) : e == Self.directions - 1 ? rows(e + 1, s) + rows(e + 2, s) : rows(e + 1, s)
          sum += r
          let at = out + (s * Self.directions + e) * Self.cosines
          (at[0], at[1], at[2], at[3], at[4], at[5]) = (r[0] + r[1], r[2], r[3], r[4], r[5], r[6] + r[7])
        }
      }
      let total = sum.sum()
      let scale = total > 0 ? 1 / total : 0
      for k in stride(from: 0, to: Self.dimension, by: 4) {
        let roots = (load4(out + k) * scale).squareRoot()
        UnsafeMutableRawPointer(out + k).storeBytes(of: roots, as: SIMD4<Float>.self)
      }
    }
  }
}
