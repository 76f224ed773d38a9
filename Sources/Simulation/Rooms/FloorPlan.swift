import Geometry

/// The free floor of a room: rectangles that furniture has taken.
struct FloorPlan {
  let width: Double
  let depth: Double
  private var taken: [(lower: SIMD2<Double>, upper: SIMD2<Double>)] = []

  init(width: Double, depth: Double) {
    self.width = width
    self.depth = depth
  }

  /// Takes a rectangle when it lies in the room and is free; false otherwise.
  mutating func take(centerX x: Double, _ y: Double, sizeX: Double, _ sizeY: Double) -> Bool {
    let lower = SIMD2(x - sizeX / 2, y - sizeY / 2)
    let upper = SIMD2(x + sizeX / 2, y + sizeY / 2)
    guard lower.min() >= -1e-9, upper.x <= width + 1e-9, upper.y <= depth + 1e-9 else { return false }
    for t in taken where all(lower .< t.upper) && all(t.lower .< upper) { return false }
    taken.append((lower, upper))
    return true
  }
}
