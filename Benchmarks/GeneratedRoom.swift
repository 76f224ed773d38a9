import Geometry

/// A furnished room of boxes and spheres that is scanned by rays in all directions.
struct GeneratedRoom {
  private let boxes: [(lower: SIMD3<Float>, upper: SIMD3<Float>)]
  private let spheres: [(center: SIMD3<Float>, radius: Float)]

  init() {
    var random = UniformNumbers(seed: 5)
    boxes = (0..<14).map { _ in
      let size = SIMD3(0.3 + random.next(), 0.3 + random.next(), 0.4 + 1.4 * random.next())
      let corner = SIMD3(random.next() * 7, random.next() * 5, 0)
      return (corner, corner + size)
    }
    spheres = (0..<5).map { _ in
      (SIMD3(1 + 6 * random.next(), 1 + 4 * random.next(), 1.8 + random.next()), 0.15 + 0.25 * random.next())
    }
  }

  /// The points that a sensor sees, in its own axes, with a noise of a few millimetres.
  func scan(from sensor: SIMD3<Float>, rays: Int, seed: UInt64) -> [SIMD3<Float>] {
    var random = UniformNumbers(seed: seed)
    return (0..<rays).map { _ in
      let d = random.direction()
      return d * (range(from: sensor, along: d) + 0.006 * (random.next() - 0.5))
    }
  }

  private func range(from o: SIMD3<Float>, along d: SIMD3<Float>) -> Float {
    // The walls are seen from inside: where the ray leaves the room.
    var best = interval(o, d, (.zero, SIMD3(8, 6, 3))).upperBound
    for box in boxes {
      let hit = interval(o, d, box)
      if hit.lowerBound > 0 && hit.lowerBound < hit.upperBound && hit.lowerBound < best { best = hit.lowerBound }
    }
    for s in spheres {
      let c = s.center - o
      let along = c.dot(d)
      let rest = s.radius * s.radius - (c.squaredLength - along * along)
      if along > 0 && rest > 0 { best = min(best, along - rest.squareRoot()) }
    }
    return best
  }

  /// Where a ray enters and leaves a box; the bounds are given in either order.
  private func interval(
    _ o: SIMD3<Float>, _ d: SIMD3<Float>, _ box: (lower: SIMD3<Float>, upper: SIMD3<Float>)
  ) -> (lowerBound: Float, upperBound: Float) {
    let (a, b) = ((box.lower - o) / d, (box.upper - o) / d)
    return (pointwiseMin(a, b).max(), pointwiseMax(a, b).min())
  }
}
