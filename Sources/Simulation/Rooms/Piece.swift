import Geometry
import LinearAlgebra

/// A piece of furniture that stands along a wall.
enum Piece: CaseIterable {
  case sofa, armchair, bed, desk, shelf, cabinet, wardrobe, lamp, plant, chair

  /// The floor it takes: along the wall and into the room, metres.
  func footprint(_ rng: inout SeededGenerator) -> (width: Double, depth: Double) {
    switch self {
    case .sofa: (rng.uniform(1.6, 2.3), 1)
    case .armchair: (rng.uniform(0.9, 1.1), 1)
    case .bed: (rng.pick([0.9, 1.4, 1.6]) + 0.1, 2.15)
    case .desk: (rng.uniform(1.1, 1.6), 0.7)
    case .shelf: (rng.uniform(0.7, 1.5), rng.uniform(0.24, 0.34))
    case .cabinet: (rng.uniform(0.8, 1.7), rng.uniform(0.4, 0.5))
    case .wardrobe: (rng.uniform(0.9, 1.6), 0.6)
    case .lamp: (0.4, 0.4)
    case .plant: (0.5, 0.5)
    case .chair: (0.55, 0.6)
    }
  }
}

extension SceneBuilder {
  /// The piece on its footprint.
  mutating func furniture(_ piece: Piece, width w: Double, depth d: Double, _ rng: inout SeededGenerator) {
    switch piece {
    case .sofa, .armchair: sofa(width: w, &rng)
    case .bed: bed(width: w - 0.1, &rng)
    case .desk:
      desk(width: w, depth: d, &rng)
      place(rng.uniform(-0.2, 0.2), 0.5, yawDegrees: 180 + rng.uniform(-40, 40)) { $0.chair(&rng) }
    case .shelf: shelf(width: w, depth: d, height: rng.uniform(1.1, 2.15), &rng)
    case .cabinet: cabinet(width: w, depth: d, height: rng.uniform(0.5, 1.1), &rng)
    case .wardrobe: cabinet(width: w, depth: d, height: rng.uniform(1.8, 2.2), &rng)
    case .lamp: floorLamp(&rng)
    case .plant: plant(height: rng.uniform(0.7, 1.6), &rng)
    case .chair: chair(&rng)
    }
  }

  /// The sill of a window, sometimes with a radiator below or a curtain beside it.
  mutating func windowTrim(_ o: Opening, ceiling: Double, _ rng: inout SeededGenerator) {
    let (x0, x1, sill) = (o.x.lowerBound, o.x.upperBound, o.z.lowerBound)
    box(from: Point3(x0 - 0.05, -o.depth, sill - 0.03), to: Point3(x1 + 0.05, 0.08, sill), .wood)
    place((x0 + x1) / 2, 0) { if rng.chance(0.7) { $0.radiator(width: (x1 - x0) * 0.8, height: sill - 0.15) } }
    place((x0 + x1) / 2, -0.05, sill) { $0.clutter(width: x1 - x0 - 0.2, depth: 0.06, count: rng.whole(0...3), &rng) }
    for x in [x0 - 0.12, x1 + 0.12] where rng.chance(0.5) {
      place(x, 0, 0.1) { $0.curtain(width: rng.uniform(0.25, 0.45), height: o.z.upperBound + 0.05, &rng) }
    }
  }
}
