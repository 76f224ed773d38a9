import Geometry

extension Surface {
  /// The smallest range beyond `nearest` and below `farthest` at which the ray meets the surface, and the normal
  /// there, neither normalised nor turned towards the ray; nil when there is none.
  @inline(__always)
  func intersection(_ ray: Ray, beyond nearest: Double, below farthest: Double) -> (range: Double, normal: Point3)? {
    let o = localFromWorld * (ray.origin - center)
    let d = localFromWorld * ray.direction
    let found: (range: Double, normal: Point3)?
    switch shape {
    case .box: found = Self.box(o, d, nearest)
    case .ellipsoid: found = Self.ball(o, d, nearest)
    case .cylinder: found = Self.cylinder(o, d, nearest)
    case .disc, .triangle:
      let t = -o.z / d.z
      guard t > nearest, t < farthest else { return nil }
      let (x, y) = (o.x + t * d.x, o.y + t * d.y)
      let inside = shape == .disc ? x * x + y * y <= 1 : x >= 0 && y >= 0 && x + y <= 1
      found = inside ? (t, Point3(0, 0, 1)) : nil
    }
    guard let found, found.range < farthest else { return nil }
    // Normals map by the inverse transpose.
    let (m, n) = (localFromWorld, found.normal)
    return (found.range, Point3(m.x.dot(n), m.y.dot(n), m.z.dot(n)))
  }

  @inline(__always)
  private static func box(_ o: Point3, _ d: Point3, _ nearest: Double) -> (range: Double, normal: Point3)? {
    var (enter, leave) = (-Double.infinity, Double.infinity)
    var (enterAxis, leaveAxis) = (0, 0)
    for k in 0..<3 {
      if d[k] == 0 {
        if abs(o[k]) > 1 { return nil }
        continue
      }
      let inverse = 1 / d[k]
      let half = abs(inverse)
      let middle = -o[k] * inverse
      if middle - half > enter { (enter, enterAxis) = (middle - half, k) }
      if middle + half < leave { (leave, leaveAxis) = (middle + half, k) }
    }
    guard enter <= leave, leave > nearest else { return nil }
    let outside = enter > nearest
    var normal = Point3.zero
    normal[outside ? enterAxis : leaveAxis] = 1
    return (outside ? enter : leave, normal)
  }

  @inline(__always)
  private static func ball(_ o: Point3, _ d: Point3, _ nearest: Double) -> (range: Double, normal: Point3)? {
    let (a, b, c) = (d.dot(d), o.dot(d), o.dot(o) - 1)
    let discriminant = b * b - a * c
    guard discriminant >= 0 else { return nil }
    let root = discriminant.squareRoot()
    var t = (-b - root) / a
    if t <= nearest { t = (-b + root) / a }
    return t > nearest ? (t, o + d * t) : nil
  }

  @inline(__always)
  private static func cylinder(_ o: Point3, _ d: Point3, _ nearest: Double) -> (range: Double, normal: Point3)? {
    var best: (range: Double, normal: Point3)?
    let a = d.x * d.x + d.y * d.y
    if a > 0 {
      let b = o.x * d.x + o.y * d.y
      let discriminant = b * b - a * (o.x * o.x + o.y * o.y - 1)
      guard discriminant >= 0 else { return nil }
      let root = discriminant.squareRoot()
      func side(_ t: Double) {
        guard t > nearest, best == nil else { return }
        let p = o + d * t
        if abs(p.z) <= 1 { best = (t, Point3(p.x, p.y, 0)) }
      }
      side((-b - root) / a)
      side((-b + root) / a)
    }
    if d.z != 0 {
      func cap(_ t: Double) {
        guard t > nearest, t < best?.range ?? .infinity else { return }
        let (x, y) = (o.x + d.x * t, o.y + d.y * t)
        if x * x + y * y <= 1 { best = (t, Point3(0, 0, 1)) }
      }
      cap((-1 - o.z) / d.z)
      cap((1 - o.z) / d.z)
    }
    return best
  }
}
