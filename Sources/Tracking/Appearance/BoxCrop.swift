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

extension PointCloud {
  /// How many points a box holds above its lowest part, where the ground may be.
  func standing(in box: Box3) -> Int {
    let half = box.size / 2
    return BoxCrop(
      halfExtents: SIMD2(half.x, half.y), heights: min(0.2, 0.6 * half.z) - half.z...half.z)(self, in: BoxFrame(box))
      .count
  }
}
