import Geometry

/// Points as 16-bit fractions of their box: what a page embeds.
///
/// Along every axis a code is the nearest of 65 536 equal places, so that no coordinate is off by more than
/// `size / 65535 / 2`. Points that are not finite, and those more than three extents outside the middle 98 % of the
/// others, are left out: one stray point would cost the rest their digits.
package struct QuantizedPoints: Sendable {
  /// The corner of the box with the smallest coordinates.
  package let lower: Point3
  /// The edge lengths of the box.
  package let size: Point3
  /// Codes of x, y and z of every point, shape [count * 3].
  package let codes: [UInt16]
  /// One value per point, as given: 0 to 254, or 255 for none; nil when none were given.
  package let values: [UInt8]?
  /// How many points were left out.
  package let leftOut: Int

  /// Codes of points.
  /// - Parameter values: one per point, kept for the points that are kept.
  package init(_ points: [Point3], values: [UInt8]? = nil) {
    precondition(values?.count ?? points.count == points.count, "\(values?.count ?? 0) values, \(points.count) points")
    let room = QuantizedPoints.room(points)
    let kept = points.indices.filter { k in
      let p = points[k]
      return p.isFinite && all(p .>= room.lower) && all(p .<= room.upper)
    }
    let box = BoundingBox(kept.lazy.map { points[$0] })
    let (low, size) = (box.isEmpty ? Point3.zero : box.lower, box.size)
    lower = low
    self.size = size
    codes = kept.flatMap { k -> [UInt16] in
      (0..<3).map { axis in
        guard size[axis] > 0 else { return 0 }
        return UInt16(min(max((points[k][axis] - low[axis]) / size[axis] * 65535, 0), 65535).rounded())
      }
    }
    self.values = values.map { values in kept.map { values[$0] } }
    leftOut = points.count - kept.count
  }

  /// The number of points.
  package var count: Int { codes.count / 3 }

  /// A point as its codes say.
  package func position(_ i: Int) -> Point3 {
    lower + size * Point3(Double(codes[3 * i]), Double(codes[3 * i + 1]), Double(codes[3 * i + 2])) / 65535
  }

  /// The codes as little-endian bytes.
  var bytes: [UInt8] { codes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }

  /// Where points may lie: the middle 98 % of each axis, widened by three times its length.
  private static func room(_ points: [Point3]) -> (lower: Point3, upper: Point3) {
    let finite = points.filter(\.isFinite)
    guard !finite.isEmpty else { return (.zero, .zero) }
    var (lower, upper) = (Point3.zero, Point3.zero)
    var longest = 0.0
    for axis in 0..<3 {
      let values = finite.map { $0[axis] }.sorted()
      let skip = values.count / 100
      (lower[axis], upper[axis]) = (values[skip], values[values.count - 1 - skip])
      longest = max(longest, upper[axis] - lower[axis])
    }
    let margin = Point3(repeating: longest > 0 && longest < .infinity ? 3 * longest : 0)
    return longest > 0 ? (lower - margin, upper + margin) : (lower, upper)
  }
}
