import Geometry

/// For every cell of a dense grid around a cloud the index of a nearest point, spread outwards from the occupied cells:
/// one look-up in place of a search, for the many poses that have to be checked.
///
/// The answer is exact for the cell's centre up to about half a cell, which is what checks at several cells' tolerance need.
struct DenseNearestGrid: Sendable {
  /// The edge of a cell, metres; larger than asked for where the cloud is too wide for 16 M cells.
  let cell: Float
  private let lower: SIMD3<Float>
  private let size: SIMD3<Int32>
  private let nearest: [Int32]

  /// The grid over points (shape [count], not empty) that answers up to `reach` cells away from them.
  init(_ points: [SIMD3<Float>], cell wanted: Float, reach: Int) {
    var (low, high) = (SIMD3<Float>(repeating: .infinity), SIMD3<Float>(repeating: -.infinity))
    for p in points {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    var cell = wanted
    var cells = ((high - low) / cell).rounded(.down) + Float(2 * reach + 1)
    while cells.x * cells.y * cells.z > 16e6 {
      cell *= 1.25
      cells = ((high - low) / cell).rounded(.down) + Float(2 * reach + 1)
    }
    self.cell = cell
    lower = low - cell * Float(reach)
    size = SIMD3<Int32>(Int32(cells.x), Int32(cells.y), Int32(cells.z))
    nearest = Self.spread(points, lower: lower, cell: cell, size: size, reach: reach)
  }

  /// The index of a nearest point, or -1 beyond the reach.
  @inline(__always)
  func index(near p: SIMD3<Float>) -> Int {
    let c = (p - lower) / cell
    guard c.x >= 0, c.y >= 0, c.z >= 0, c.x < Float(size.x), c.y < Float(size.y), c.z < Float(size.z) else { return -1 }
    return Int(nearest[(Int(c.z) * Int(size.y) + Int(c.y)) * Int(size.x) + Int(c.x)])
  }

  /// Breadth-first from the occupied cells; a cell takes the candidate nearest to its centre among its neighbours' points.
  private static func spread(
    _ points: [SIMD3<Float>], lower: SIMD3<Float>, cell: Float, size: SIMD3<Int32>, reach: Int
  ) -> [Int32] {
    let (nx, ny, nz) = (Int(size.x), Int(size.y), Int(size.z))
    var nearest = [Int32](repeating: -1, count: nx * ny * nz)
    func offer(_ point: Int32, to k: Int, _ fresh: inout [Int32]) {
      let old = nearest[k]
      if old < 0 {
        nearest[k] = point
        fresh.append(Int32(k))
      } else if old != point {
        let center = lower + cell * (SIMD3(Float(k % nx), Float(k / nx % ny), Float(k / (nx * ny))) + 0.5)
        let (a, b) = ((points[Int(point)] - center).squaredLength, (points[Int(old)] - center).squaredLength)
        if a < b { nearest[k] = point }
      }
    }
    var front: [Int32] = []
    for i in points.indices {
      let c = (points[i] - lower) / cell
      offer(Int32(i), to: (Int(c.z) * ny + Int(c.y)) * nx + Int(c.x), &front)
    }
    for _ in 0..<reach {
      var offers: [(cell: Int32, point: Int32)] = []
      for k in front {
        let (x, y, z) = (Int(k) % nx, Int(k) / nx % ny, Int(k) / (nx * ny))
        for w in max(0, z - 1)...min(nz - 1, z + 1) {
          for v in max(0, y - 1)...min(ny - 1, y + 1) {
            for u in max(0, x - 1)...min(nx - 1, x + 1) {
              let neighbor = (w * ny + v) * nx + u
              if nearest[neighbor] < 0 { offers.append((Int32(neighbor), nearest[Int(k)])) }
            }
          }
        }
      }
      front.removeAll(keepingCapacity: true)
      for o in offers { offer(o.point, to: Int(o.cell), &front) }
    }
    return nearest
  }
}
