import Geometry
import PointClouds

/// How well a position explains a cloud as seen from there.
///
/// `visible share - share of neighbouring normal pairs that the position turns to opposite sides + 0.3 x share of points
/// seen at more than 8.6 degrees above their surface`. Points are visible when no other point of their cell of a cube map
/// is nearer by more than a margin.
struct VisibilityScore: Sendable {
  /// The parts of a score, shares in [0, 1].
  struct Parts: Sendable {
    var visible: Float = 0
    var inconsistent: Float = 0
    var open: Float = 0
    /// The distance to the nearest point, metres.
    var clearance: Float = 0
    /// What speaks for the position whatever the angles.
    var explained: Float { visible - inconsistent }
    var value: Float { explained + 0.3 * open }
  }

  /// Points, metres.
  let points: [SIMD3<Float>]
  /// Their normals of either side.
  let normals: [SIMD3<Float>]
  /// Neighbouring points with the scalar product of their normals.
  let pairs: [(i: Int32, j: Int32, product: Float)]
  /// The middle of the points, and their root mean square distance from it.
  let center: SIMD3<Float>
  let radius: Float
  /// A point hides others that are farther by more than this, metres.
  let margin: Float
  /// Typical distance of the points, metres.
  let spacing: Float

  init(points: [SIMD3<Float>], normals: [SIMD3<Float>], spacing: Float, margin: Float) {
    self.points = points
    self.normals = normals
    self.spacing = spacing
    self.margin = margin
    let n = Float(max(1, points.count))
    let mean = points.reduce(SIMD3<Double>.zero) { $0 + SIMD3<Double>($1) } / Double(n)
    let middle = SIMD3<Float>(mean)
    center = middle
    radius = (points.reduce(Float.zero) { $0 + ($1 - middle).squaredLength } / n).squareRoot()
    pairs = Self.neighbors(points, normals, spacing)
  }

  /// Up to seven nearest neighbours of every fourth point.
  private static func neighbors(
    _ points: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ spacing: Float
  ) -> [(i: Int32, j: Int32, product: Float)] {
    let grid = FixedRadiusGrid(points, cell: 2 * spacing)
    var pairs: [(i: Int32, j: Int32, product: Float)] = []
    var near: [(distance: Float, index: Int32)] = []
    for i in stride(from: 0, to: points.count, by: 4) {
      near.removeAll(keepingCapacity: true)
      grid.forEachNeighbor(of: points[i], radius: 3 * spacing) { j, d in
        if grid.indices[j] != Int32(i) { near.append((d, grid.indices[j])) }
      }
      near.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
      for e in near.prefix(7) { pairs.append((Int32(i), e.index, normals[i].dot(normals[Int(e.index)]))) }
    }
    return pairs
  }

  /// The score of a position.
  func callAsFunction(_ c: SIMD3<Float>) -> Parts {
    let n = points.count
    guard n > 0 else { return Parts() }
    let reach = ((c - center).squaredLength + radius * radius).squareRoot()
    let face = Int(max(12, min(96, reach / (1.5 * spacing))))
    var parts = Parts()
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 6 * face * face) { map in
      withUnsafeTemporaryAllocation(of: (cell: Int32, range: Float, side: Float).self, capacity: n) { seen in
        map.initialize(repeating: .infinity)
        var (open, clearance) = (0, Float.infinity)
        for i in 0..<n {
          let d = points[i] - c
          let range = d.length
          let side = -d.dot(normals[i])
          let cell = CubeMap.cell(of: d, face: face)
          if range < map[cell] { map[cell] = range }
          if abs(side) > 0.15 * range { open += 1 }
          if range < clearance { clearance = range }
          seen.initializeElement(at: i, to: (Int32(truncatingIfNeeded: cell), range, side))
        }
        var visible = 0
        for i in 0..<n where seen[i].range < map[Int(seen[i].cell)] + margin { visible += 1 }
        var (against, all) = (Float.zero, Float.zero)
        for p in pairs {
          let weight = abs(p.product)
          all += weight
          if seen[Int(p.i)].side * seen[Int(p.j)].side * p.product < 0 { against += weight }
        }
        parts.visible = Float(visible) / Float(n)
        parts.open = Float(open) / Float(n)
        parts.inconsistent = all > 0 ? against / all : 0
        parts.clearance = clearance
      }
    }
    return parts
  }

  /// The share of points whose normals two positions turn to the same side.
  func agreement(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    var same = 0
    for i in points.indices where (a - points[i]).dot(normals[i]) * (b - points[i]).dot(normals[i]) >= 0 { same += 1 }
    return points.isEmpty ? 1 : Float(same) / Float(points.count)
  }

  /// How far the surface bulges towards a position: the mean of `normal . (point - center) / radius` with the normals
  /// turned to it.
  func convexity(_ c: SIMD3<Float>) -> Float {
    var sum = Float.zero
    for i in points.indices {
      let outward = normals[i].dot(points[i] - center)
      sum += (c - points[i]).dot(normals[i]) >= 0 ? outward : -outward
    }
    return points.isEmpty || radius == 0 ? 0 : sum / (Float(points.count) * radius)
  }
}
