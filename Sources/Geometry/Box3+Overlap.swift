#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Box3 {
  /// The volume of the common part over the volume of both together, from 0 (apart) to 1 (equal).
  ///
  /// The part in common is the intersection of the two rectangles seen from above, times the common interval of height.
  /// Zero when a box has no volume or a number is not finite.
  public func intersectionOverUnion(with other: Box3) -> Double {
    let common = footprintIntersection(with: other) * heightIntersection(with: other)
    let union = volume + other.volume - common
    guard common > 0, union > 0, union.isFinite else { return 0 }
    return min(common / union, 1)
  }

  /// The common interval of height, metres.
  private func heightIntersection(with other: Box3) -> Double {
    // Relative to this box, so that survey coordinates cost no digits.
    let offset = other.center.z - center.z
    let top = min(size.z / 2, offset + other.size.z / 2)
    let bottom = max(-size.z / 2, offset - other.size.z / 2)
    return max(0, top - bottom)
  }

  /// The common area of the two rectangles seen from above, square metres: the other rectangle in the frame of this one,
  /// clipped at its four sides (Sutherland and Hodgman, 1974).
  private func footprintIntersection(with other: Box3) -> Double {
    var polygon = other.footprint(seenFrom: self)
    guard polygon.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return 0 }
    for axis in 0..<2 {
      for side in [1.0, -1.0] {
        polygon = Box3.clipped(polygon, axis: axis, side: side, limit: size[axis] / 2)
      }
    }
    return Box3.area(polygon)
  }

  /// The four corners of the rectangle, counter-clockwise, in the frame of another: origin at its center, x its length.
  private func footprint(seenFrom frame: Box3) -> [SIMD2<Double>] {
    let (c, s) = (cos(frame.yawRadians), sin(frame.yawRadians))
    let offset = center - frame.center
    let middle = SIMD2(c * offset.x + s * offset.y, c * offset.y - s * offset.x)
    let turn = yawRadians - frame.yawRadians
    let along = SIMD2(cos(turn), sin(turn)) * (size.x / 2)
    let across = SIMD2(-sin(turn), cos(turn)) * (size.y / 2)
    return [middle + along + across, middle - along + across, middle - along - across, middle + along - across]
  }

  /// The part of a convex polygon in which `side · coordinate <= limit`.
  private static func clipped(
    _ polygon: [SIMD2<Double>], axis: Int, side: Double, limit: Double
  ) -> [SIMD2<Double>] {
    var out: [SIMD2<Double>] = []
    for (i, p) in polygon.enumerated() {
      let q = polygon[(i + 1) % polygon.count]
      let (inP, inQ) = (limit - side * p[axis], limit - side * q[axis])
      if inP >= 0 { out.append(p) }
      if (inP >= 0) != (inQ >= 0) {
        var crossing = p + (q - p) * (inP / (inP - inQ))
        crossing[axis] = side * limit
        out.append(crossing)
      }
    }
    return out
  }

  /// The area of a convex polygon.
  private static func area(_ polygon: [SIMD2<Double>]) -> Double {
    guard polygon.count >= 3 else { return 0 }
    var twice = 0.0
    for (i, p) in polygon.enumerated() {
      let q = polygon[(i + 1) % polygon.count]
      twice += p.x * q.y - q.x * p.y
    }
    return abs(twice) / 2
  }
}
