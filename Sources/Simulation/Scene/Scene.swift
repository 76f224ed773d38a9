import Geometry
import Parallelism

/// A set of surfaces that rays can be cast at.
///
/// Space is metric; rooms and streets stand on the plane z = 0 with z up. Generators: ``room(seed:)``,
/// ``street(seed:)`` and ``object(seed:)``; your own scenes come from a ``SceneBuilder``.
public struct Scene: Sendable {
  /// The surfaces, in an order that suits the search.
  public let surfaces: [Surface]
  /// The smallest box around all of them.
  public let bounds: BoundingBox
  private let nodes: [BoundingVolumes.Node]

  /// A scene; O(n log n).
  public init(_ surfaces: [Surface]) {
    let boxes = surfaces.map(\.bounds)
    let volumes = BoundingVolumes(boxes)
    self.surfaces = volumes.order.map { surfaces[Int($0)] }
    nodes = volumes.nodes
    bounds = BoundingBox(boxes.flatMap { [$0.lower, $0.upper] })
  }

  /// The first surface that a ray meets with a range in `nearest..<farthest`, from either side; nil when there is none.
  public func cast(_ ray: Ray, from nearest: Double = 1e-6, to farthest: Double = .infinity) -> Hit? {
    nodes.withUnsafeBufferPointer { nodes in
      surfaces.withUnsafeBufferPointer { Self.cast(ray, nearest, farthest, nodes, $0) }
    }
  }

  /// The first hits of many rays, by all threads.
  public func cast(_ rays: [Ray], to farthest: Double = .infinity) -> [Hit?] {
    Parallel.map(rays.count) { cast(rays[$0], to: farthest) }
  }

  private static func cast(
    _ ray: Ray, _ nearest: Double, _ farthest: Double, _ nodes: UnsafeBufferPointer<BoundingVolumes.Node>,
    _ surfaces: UnsafeBufferPointer<Surface>
  ) -> Hit? {
    guard !nodes.isEmpty else { return nil }
    let origin = SIMD4<Float>(SIMD3<Float>(ray.origin), 0)
    // A zero component becomes a tiny one, so that no NaN arises.
    var d = SIMD3<Float>(ray.direction)
    for k in 0..<3 where abs(d[k]) < 1e-12 { d[k] = 1e-12 }
    let inverse = SIMD4<Float>(1 / d, 0)
    let backwards = inverse .< 0
    var (best, normal, surface) = (farthest, Point3.zero, -1)
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 128) { stack in
      var (depth, current) = (0, Int32(0))
      while true {
        let node = nodes[Int(current)]
        let near = (node.lower.replacing(with: node.upper, where: backwards) - origin) * inverse
        let far = (node.upper.replacing(with: node.lower, where: backwards) - origin) * inverse
        let enter = max(max(near.x, near.y), max(near.z, 0))
        let leave = min(min(far.x, far.y), far.z)
        if enter <= leave * 1.000001, Double(enter) * 0.999999 <= best {
          if node.count == 0 {
            let nearer = backwards[Int(node.axis)] ? node.first : current + 1
            stack[depth] = backwards[Int(node.axis)] ? current + 1 : node.first
            depth += 1
            current = nearer
            continue
          }
          for i in Int(node.first)..<Int(node.first + node.count) {
            if let hit = surfaces[i].intersection(ray, beyond: nearest, below: best) {
              (best, normal, surface) = (hit.range, hit.normal, i)
            }
          }
        }
        if depth == 0 { break }
        depth -= 1
        current = stack[depth]
      }
      if surface < 0 { return nil }
      let n = normal.normalized
      return Hit(range: best, normal: n.dot(ray.direction) > 0 ? -n : n, surface: surface)
    }
  }
}
