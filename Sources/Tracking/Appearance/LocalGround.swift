import Geometry

/// The ground around a box as a plane `z = height + slope·(x, y)` in the frame of the box.
///
/// A scanner that nods moves everything far away up and down together with the ground; the sides of an object say little
/// about its height, but the ground it stands on does.
struct LocalGround: Sendable {
  /// The height at the middle of the frame, metres.
  var height: Double
  /// The rise along x and y.
  var slope: SIMD2<Double>

  /// The height at a place of the frame.
  @inline(__always)
  func height(_ x: Double, _ y: Double) -> Double { height + slope.x * x + slope.y * y }

  /// The edge of the cells of which the lowest points count, metres.
  static let cell: Float = 0.6
  /// Cells within this height of the plane support it, metres.
  static let tolerance = 0.1
  /// The least number of cells that support a plane.
  static let support = 6

  /// Fits the plane to the lowest points of cells by iterated re-weighting; nil where too few cells agree.
  ///
  /// The residual r of a cell weighs `(s² / (s² + r²))²`; s falls from 0.4 m to 0.08 m. The slope is drawn towards zero, as
  /// if it were known to be zero to 0.05 and each cell to 1 m.
  /// - Parameters:
  ///   - expected: where the ground should be, metres.
  ///   - window: how far from there points may lie, metres.
  init?(_ points: [SIMD3<Float>], expected: Double, window: Double) {
    let cells = LocalGround.lowest(points, expected: expected, window: window)
    guard cells.count >= LocalGround.support else { return nil }
    // The lower third: most of what is not ground stands on it.
    var plane = Point3(cells.map(\.z).sorted()[cells.count / 3], 0, 0)
    for step in 0..<12 {
      let s = max(0.08, 0.4 * Double(11 - step) / 11)
      var normal = Matrix3(diagonal: Point3(1e-9, 400, 400))
      var right = Point3.zero
      for c in cells {
        let r = c.z - plane.x - plane.y * c.x - plane.z * c.y
        let robust = s * s / (s * s + r * r)
        let j = Point3(1, c.x, c.y)
        normal += Matrix3(outer: j, j * (robust * robust))
        right += j * (robust * robust * c.z)
      }
      guard let solved = LocalGround.solution(normal, right) else { return nil }
      plane = solved
    }
    height = plane.x
    slope = SIMD2(plane.y, plane.z)
    let supporting = cells.count { abs($0.z - plane.x - plane.y * $0.x - plane.z * $0.y) < LocalGround.tolerance }
    guard supporting >= LocalGround.support, plane.isFinite, max(abs(slope.x), abs(slope.y)) < 0.3 else { return nil }
  }

  /// The lowest point of every column of cells, in the order of the columns' first points.
  private static func lowest(_ points: [SIMD3<Float>], expected: Double, window: Double) -> [Point3] {
    var columns: [SIMD2<Int32>: Int] = [:]
    var cells: [Point3] = []
    for p in points where abs(Double(p.z) - expected) <= window {
      let place = PointCells.cell(of: p, edge: cell)
      let column = SIMD2(place.x, place.y)
      if let i = columns[column] {
        if Double(p.z) < cells[i].z { cells[i] = Point3(p) }
      } else {
        columns[column] = cells.count
        cells.append(Point3(p))
      }
    }
    return cells
  }

  /// The solution of a symmetric 3x3 system by Cramer's rule.
  private static func solution(_ m: Matrix3, _ b: Point3) -> Point3? {
    let cross = m.y.cross(m.z)
    let determinant = m.x.dot(cross)
    guard determinant > 1e-12 else { return nil }
    return Point3(b.dot(cross), m.x.dot(b.cross(m.z)), m.x.dot(m.y.cross(b))) / determinant
  }
}
