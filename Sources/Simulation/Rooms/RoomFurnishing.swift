import Geometry
import LinearAlgebra

extension RoomGenerator {
  /// Furniture along the walls, then a group in the middle, then things on the floor.
  mutating func furnish(_ rng: inout SeededGenerator) {
    var pieces = Piece.allCases.shuffled(using: &rng)
    pieces += [.shelf, .cabinet, .plant, .armchair].shuffled(using: &rng)
    for piece in pieces {
      let (w, d) = piece.footprint(&rng)
      for _ in 0..<12 {
        let side = wall(rng.whole(0...3))
        guard side.length > w + 0.1 else { continue }
        let gap = rng.uniform(0.02, 0.1)
        let along = side.yawDegrees == 0 || side.yawDegrees == 180
        let (cx, cy) = local(side, rng.uniform(w / 2 + 0.03, side.length - w / 2 - 0.03), d / 2 + gap)
        guard plan.take(centerX: cx, cy, sizeX: along ? w : d, along ? d : w) else { continue }
        builder.place(cx, cy, yawDegrees: side.yawDegrees + rng.uniform(-2, 2)) {
          $0.furniture(piece, width: w, depth: d, &rng)
        }
        break
      }
    }
    middleGroup(&rng)
    for _ in 0..<rng.whole(3...7) {
      let (x, y) = (rng.uniform(0.3, size.x - 0.3), rng.uniform(0.3, size.y - 0.3))
      guard plan.take(centerX: x, y, sizeX: 0.4, 0.4) else { continue }
      builder.place(x, y, yawDegrees: rng.uniform(0, 360)) {
        switch rng.whole(0...3) {
        case 0: $0.cylinder(from: .zero, to: Point3(0, 0, 0.32), radius: 0.14, .metal)
        case 1: $0.sphere(Point3(0, 0, 0.13), 0.13, .fabric)
        default:
          let s = Point3(rng.uniform(0.2, 0.4), rng.uniform(0.2, 0.35), rng.uniform(0.15, 0.4))
          $0.box(Point3(0, 0, s.z / 2), s, .paper)
        }
      }
    }
  }

  private mutating func middleGroup(_ rng: inout SeededGenerator) {
    let (w, d) = (rng.uniform(0.9, 1.6), rng.uniform(0.6, 0.9))
    let low = rng.chance(0.35)
    for _ in 0..<20 {
      let (x, y) = (size.x * rng.uniform(0.3, 0.7), size.y * rng.uniform(0.3, 0.7))
      guard plan.take(centerX: x, y, sizeX: w + 0.5, d + 0.9) else { continue }
      builder.place(x, y, yawDegrees: rng.uniform(-25, 25)) {
        $0.table(width: w, depth: d, height: low ? rng.uniform(0.38, 0.5) : rng.uniform(0.71, 0.77), &rng)
        for side in [0.0, 180] where !low {
          for s in [-1.0, 1] where rng.chance(0.8) {
            let flip = side == 0 ? -1.0 : 1
            let at = (s * w * 0.25 + rng.uniform(-0.08, 0.08), flip * (d / 2 + rng.uniform(0.05, 0.3)))
            $0.place(at.0, at.1, yawDegrees: side + rng.uniform(-30, 30)) { $0.chair(&rng) }
          }
        }
      }
      return
    }
  }
}
