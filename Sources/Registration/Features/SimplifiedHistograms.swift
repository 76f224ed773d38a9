import Geometry
import Parallelism

/// The simplified point feature histograms (SPFH) of all points at one or two radii: how often each bin of θ, α and φ
/// occurs among the pairs of a point with its neighbours.
///
/// Every pair is evaluated once and counted at both of its points, and at both radii. The counts are integers, so their
/// order does not matter; the layers of the grid are at least one radius thick, and every second one is worked on at a
/// time: a layer writes to itself and to the next one only.
struct SimplifiedHistograms: Sendable {
  /// Floats per histogram: three thirds of 11 bins, each padded to 12 by a zero.
  static let stride = 36

  /// Per radius, in ascending order of the radii: shares of every bin, each third sums to one (zero without neighbours),
  /// shape [count, stride] in the sorted order of the points.
  let shares: [[Float]]

  /// - Precondition: one or two ascending radii; the cells of the grid are no smaller.
  init(_ points: OrientedPoints, radii: [Float]) {
    precondition(radii.count == 1 || radii.count == 2 && radii[0] <= radii[1])
    precondition(points.grid.cell >= radii.last!)
    let (n, shells, stride) = (points.count, radii.count, Self.stride)
    let counts = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, n * shells * stride))
    counts.initialize(repeating: 0, count: max(1, n * shells * stride))
    defer { counts.deallocate() }
    let shared = UncheckedPointer(counts)
    for color in 0..<2 {
      let turn = points.grid.layers.filter { $0.coordinate & 1 == color }.map { $0.points }
      Parallel.forEachChunk(turn.count, grain: 1) { range in
        for s in range { for i in turn[s] { Self.count(i, points, radii, shared.base!) } }
      }
    }
    shares = (0..<shells).map { r in
      [Float](unsafeUninitializedCapacity: n * stride) { buffer, initialized in
        let out = UncheckedPointer(buffer.baseAddress)
        Parallel.forEachChunk(n, grain: 512) { range in
          for i in range { Self.normalize(shared.base! + i * shells * stride, upTo: r, out.base! + i * stride) }
        }
        initialized = n * stride
      }
    }
  }

  /// Counts the pairs of point i with all later points of the sorted order, per shell between the radii.
  @inline(__always)
  private static func count(
    _ i: Int, _ points: OrientedPoints, _ radii: [Float], _ counts: UnsafeMutablePointer<UInt32>
  ) {
    typealias V = SIMD4<Float>
    let (grid, shells, stride) = (points.grid, radii.count, Self.stride)
    let (xs, ys, zs, nx, ny, nz) = (grid.xs, grid.ys, grid.zs, points.nx, points.ny, points.nz)
    let radius = radii[shells - 1]
    let outer = V(repeating: radius * radius)
    // Points of the first shell are counted in the first histogram of a point, the others in the last.
    let inner = shells == 2 ? radii[0] * radii[0] : 0
    let last = (shells - 1) * stride
    let own = counts + i * shells * stride
    let (qx, qy, qz) = (V(repeating: xs[i]), V(repeating: ys[i]), V(repeating: zs[i]))
    let (mx, my, mz) = (V(repeating: nx[i]), V(repeating: ny[i]), V(repeating: nz[i]))
    let lanes = SIMD4<Int32>(0, 1, 2, 3)
    let tiny = V(repeating: radius * radius * 1e-12)
    grid.forEachRun(near: points.position(i), radius: radius) { range in
      var j = max(range.lowerBound, i + 1)
      while j < range.upperBound {
        let (dx, dy, dz) = (load4(xs + j) - qx, load4(ys + j) - qy, load4(zs + j) - qz)
        let d2 = dx * dx + dy * dy + dz * dz
        let rest = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: range.upperBound - j))
        let inside = (d2 .< outer) .& (d2 .> tiny) .& (lanes .< rest)
        if any(inside) {
          let f = PairFeature(dx, dy, dz, d2, mx, my, mz, load4(nx + j), load4(ny + j), load4(nz + j))
          let valid = inside .& f.isDefined
          for lane in 0..<4 where valid[lane] {
            let shell = d2[lane] < inner ? 0 : last
            let (a, b) = (own + shell, counts + ((j + lane) * shells * stride + shell))
            let (t, u, v) = (Int(f.theta[lane]), 12 + Int(f.alpha[lane]), 24 + Int(f.phi[lane]))
            a[t] &+= 1
            a[u] &+= 1
            a[v] &+= 1
            b[t] &+= 1
            b[u] &+= 1
            b[v] &+= 1
          }
        }
        j += 4
      }
    }
  }

  private static func normalize(
    _ counts: UnsafeMutablePointer<UInt32>, upTo shell: Int, _ out: UnsafeMutablePointer<Float>
  ) {
    var total: UInt32 = 0
    for k in 0..<12 { for s in 0...shell { total &+= counts[s * stride + k] } }
    let scale = total > 0 ? 1 / Float(total) : 0
    for k in 0..<stride {
      var sum: UInt32 = 0
      for s in 0...shell { sum &+= counts[s * stride + k] }
      (out + k).initialize(to: Float(sum) * scale)
    }
  }
}
