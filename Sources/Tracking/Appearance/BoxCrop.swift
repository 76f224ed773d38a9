import Geometry

/// The points of a scan within an upright box, in the frame of the box.
///
/// One pass over the scan in its order. Points with a coordinate that is not finite are left out.
struct BoxCrop: Sendable {
  /// Half the extent along the axes of the frame, metres.
  var halfExtents: SIMD2<Double>
  /// The lowest and the highest height above the middle of the frame, metres.
  var heights: ClosedRange<Double>

  func callAsFunction(_ cloud: PointCloud, in frame: BoxFrame) -> [SIMD3<Float>] {
    // Only a tiny part of a scan is near the box: a test against an upright square leaves the rest out at once.
    let offset = cloud.origin - frame.center
    let middle = SIMD3<Float>(-offset)
    let rounding = 1e-6 * (abs(offset.x) + abs(offset.y))
    let reach = Float((halfExtents * halfExtents).sum().squareRoot() * 1.001 + 1e-3 + rounding)
    var found: [SIMD3<Float>] = []
    cloud.positions.withUnsafeBufferPointer { positions in
      for p in positions {
        let d = p - middle
        guard abs(d.x) <= reach, abs(d.y) <= reach else { continue }
        let q = frame.turnedIn(Point3(p) + offset)
        if abs(q.x) <= halfExtents.x, abs(q.y) <= halfExtents.y, heights.contains(q.z) {
          found.append(SIMD3<Float>(q))
        }
      }
    }
    return found
  }
}

/// Cubic cells that thin points out.
enum PointCells {
  /// The first point of every occupied cell, in order; cells grow until no more than `limit` points are left.
  static func thinned(_ points: [SIMD3<Float>], cell: Double, limit: Int) -> [SIMD3<Float>] {
    var edge = Float(cell)
    var kept = points
    repeat {
      var seen = Set<SIMD3<Int32>>(minimumCapacity: kept.count)
      kept = kept.filter { seen.insert(PointCells.cell(of: $0, edge: edge)).inserted }
      edge *= 1.25
    } while kept.count > max(1, limit)
    return kept
  }

  /// The cell of a point; points farther away than 10⁹ cells share the outermost ones.
  static func cell(of p: SIMD3<Float>, edge: Float) -> SIMD3<Int32> {
    let scaled = (p / edge).rounded(.down)
    return SIMD3<Int32>(scaled.clamped(lowerBound: SIMD3(repeating: -1e9), upperBound: SIMD3(repeating: 1e9)))
  }
}
