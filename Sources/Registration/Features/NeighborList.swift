/// The neighbours of one point, ascending in the sorted order; its memory is reused from point to point.
///
/// Four more entries, the first point at an infinite distance, may be read behind the last one.
final class NeighborList {
  /// How many neighbours there are.
  private(set) var count = 0
  /// Sorted points.
  private(set) var points: UnsafeMutablePointer<Int32>
  /// Their squared distances.
  private(set) var squaredDistances: UnsafeMutablePointer<Float>
  private var capacity = 1024

  init() {
    points = .allocate(capacity: capacity)
    squaredDistances = .allocate(capacity: capacity)
  }

  deinit {
    points.deallocate()
    squaredDistances.deallocate()
  }

  /// Takes the points closer than `radius` to q; q itself and its duplicates are left out.
  func collect(around q: SIMD3<Float>, radius: Float, in cloud: OrientedPoints) {
    typealias V = SIMD4<Float>
    let (xs, ys, zs) = (cloud.grid.xs, cloud.grid.ys, cloud.grid.zs)
    let (qx, qy, qz) = (V(repeating: q.x), V(repeating: q.y), V(repeating: q.z))
    let outer = V(repeating: radius * radius)
    let tiny = V(repeating: radius * radius * 1e-12)
    let lanes = SIMD4<Int32>(0, 1, 2, 3)
    var n = 0
    cloud.grid.forEachRun(near: q, radius: radius) { range in
      if n + range.count + 4 > capacity { grow(n, to: n + range.count + 4) }
      let (points, distances) = (self.points, squaredDistances)
      var j = range.lowerBound
      while j < range.upperBound {
        let (dx, dy, dz) = (load4(xs + j) - qx, load4(ys + j) - qy, load4(zs + j) - qz)
        let d2 = dx * dx + dy * dy + dz * dz
        let rest = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: range.upperBound - j))
        let inside = (d2 .< outer) .& (d2 .> tiny) .& (lanes .< rest)
        if any(inside) {
          // Every lane is written; the next one overwrites it unless it counts.
          let steps = SIMD4<Int32>.zero.replacing(with: 1, where: inside)
          for lane in 0..<4 {
            points[n] = Int32(truncatingIfNeeded: j + lane)
            distances[n] = d2[lane]
            n += Int(steps[lane])
          }
        }
        j += 4
      }
    }
    count = n
    for lane in n..<n + 4 { (points[lane], squaredDistances[lane]) = (0, .infinity) }
  }

  private func grow(_ used: Int, to least: Int) {
    let size = max(least, 2 * capacity)
    let (p, d) = (
      UnsafeMutablePointer<Int32>.allocate(capacity: size), UnsafeMutablePointer<Float>.allocate(capacity: size)
    )
    p.update(from: points, count: used)
    d.update(from: squaredDistances, count: used)
    points.deallocate()
    squaredDistances.deallocate()
    (points, squaredDistances, capacity) = (p, d, size)
  }
}
