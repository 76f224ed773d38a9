import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// For every cell of a dense grid around a cloud the index of a nearest point, spread outwards from the occupied cells:
/// one look-up in place of a search, for the many poses that have to be checked.
///
/// The answer is exact for the cell's centre up to about half a cell, which is what checks at several cells' tolerance need.
struct DenseNearestGrid: Sendable {
  /// The edge of a cell, metres; larger than asked for where the cloud is too wide for 16 M cells.
  let cell: Float
  private let lower: SIMD3<Float>
  private let size: SIMD3<Int32>
  private let nearest: Cells
  /// How many bytes the cells take.
  var byteCount: Int { 4 * Int(size.x) * Int(size.y) * Int(size.z) }

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

  /// The place of the cell around a point, or -1 outside the grid.
  @inline(__always)
  private func place(of p: SIMD3<Float>) -> Int {
    let c = (p - lower) / cell
    guard c.x >= 0, c.y >= 0, c.z >= 0, c.x < Float(size.x), c.y < Float(size.y), c.z < Float(size.z) else { return -1 }
    return (Int(c.z) &* Int(size.y) &+ Int(c.y)) &* Int(size.x) &+ Int(c.x)
  }

  /// Moves points and looks each of them up: a block of look-ups waits for the memory once, not once each.
  @inline(__always)
  func lookUp(
    _ points: UnsafeBufferPointer<SIMD3<Float>>, moved by: FastTransform,
    _ body: (_ point: Int, _ moved: SIMD3<Float>, _ nearest: Int) -> Void
  ) {
    let block = 64
    withUnsafeTemporaryAllocation(of: (moved: SIMD3<Float>, nearest: Int).self, capacity: block) { found in
      for start in stride(from: 0, to: points.count, by: block) {
        let count = min(block, points.count - start)
        for k in 0..<count {
          let x = by(points[start + k])
          found.initializeElement(at: k, to: (x, place(of: x)))
        }
        for k in 0..<count {
          let place = found[k].nearest
          let value = Int(nearest.values[max(place, 0)]) - 1
          found[k].nearest = place < 0 ? -1 : value
        }
        for k in 0..<count { body(start + k, found[k].moved, found[k].nearest) }
      }
    }
  }

  /// One more than the index of a point for every cell, zero where there is none: memory that the system gives zeroed,
  /// so that cells far from all points are never touched.
  private final class Cells: @unchecked Sendable {
    let values: UnsafeMutablePointer<Int32>

    init(_ count: Int) {
      guard let memory = calloc(max(1, count), 4) else { preconditionFailure("no memory for \(count) cells") }
      values = memory.bindMemory(to: Int32.self, capacity: max(1, count))
    }

    deinit { free(values) }
  }

  /// Breadth-first from the occupied cells; a cell takes the candidate nearest to its centre among its neighbours' points.
  private static func spread(
    _ points: [SIMD3<Float>], lower: SIMD3<Float>, cell: Float, size: SIMD3<Int32>, reach: Int
  ) -> Cells {
    let (nx, ny, nz) = (size.x, size.y, size.z)
    let cells = Cells(Int(nx) * Int(ny) * Int(nz))
    points.withUnsafeBufferPointer { points in
      let nearest = cells.values
      // Cells of the round at work hold the negative of what they will hold.
      var (front, fresh): ([SIMD4<Int32>], [SIMD4<Int32>]) = ([], [])
      @inline(__always)
      func offer(_ point: Int32, to k: Int, _ x: Int32, _ y: Int32, _ z: Int32) {
        let old = nearest[k]
        if old == 0 {
          nearest[k] = -point
          fresh.append(SIMD4(x, y, z, Int32(truncatingIfNeeded: k)))
        } else if old != -point {
          let center = lower + cell * (SIMD3(Float(x), Float(y), Float(z)) + 0.5)
          let a = (points[Int(point) &- 1] - center).squaredLength
          if a < (points[Int(-old) &- 1] - center).squaredLength { nearest[k] = -point }
        }
      }
      for i in points.indices {
        let c = SIMD3<Int32>((points[i] - lower) / cell)
        let k = (Int(c.z) * Int(ny) + Int(c.y)) * Int(nx) + Int(c.x)
        offer(Int32(truncatingIfNeeded: i &+ 1), to: k, c.x, c.y, c.z)
      }
      for round in 0...reach {
        for c in fresh { nearest[Int(c.w)] = -nearest[Int(c.w)] }
        if round == reach { break }
        swap(&front, &fresh)
        fresh.removeAll(keepingCapacity: true)
        for c in front {
          let point = nearest[Int(c.w)]
          for w in max(0, c.z &- 1)...min(nz &- 1, c.z &+ 1) {
            for v in max(0, c.y &- 1)...min(ny &- 1, c.y &+ 1) {
              let row = (Int(w) &* Int(ny) &+ Int(v)) &* Int(nx)
              for u in max(0, c.x &- 1)...min(nx &- 1, c.x &+ 1) where nearest[row &+ Int(u)] <= 0 {
                offer(point, to: row &+ Int(u), u, v, w)
              }
            }
          }
        }
      }
    }
    return cells
  }
}
