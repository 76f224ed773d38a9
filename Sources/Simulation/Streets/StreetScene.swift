import Geometry
import LinearAlgebra

extension Scene {
  /// A residential street of 130 m along x with its middle at the origin: sloping ground, kerbs and pavements, houses
  /// behind gardens, parked cars, trees, hedges, fences, poles, benches and a few people. The lanes |y| < 2 are free.
  public static func street(seed: UInt64) -> Scene {
    var rng = SeededGenerator(seed: seed, path: 2)
    var street = StreetGenerator(&rng)
    for side in [-1.0, 1] {
      street.houses(side, &rng)
      street.frontage(side, &rng)
      street.kerbside(side, &rng)
    }
    return street.builder.scene
  }
}

/// A street that is being built.
struct StreetGenerator {
  var builder = SceneBuilder()
  private let ground: Ground
  /// How far the front of the houses lies behind the pavement.
  private let garden: Double

  init(_ rng: inout SeededGenerator) {
    ground = Ground(&rng)
    garden = rng.uniform(2.5, 6)
    builder.ground(ground)
  }

  private var half: Double { ground.length / 2 }

  /// Places something at (x, side * y) on the ground, its +y towards the road.
  private mutating func stand(
    _ x: Double, _ y: Double, _ side: Double, yawDegrees: Double = 0, _ body: (inout SceneBuilder) -> Void
  ) {
    builder.place(x, side * y, ground(x, side * y), yawDegrees: (side > 0 ? 180 : 0) + yawDegrees, body)
  }

  /// Houses in a row, with gaps that show what is behind.
  mutating func houses(_ side: Double, _ rng: inout SeededGenerator) {
    var x = -half - rng.uniform(0, 8)
    while x < half {
      let (w, d) = (rng.uniform(7, 15), rng.uniform(7, 11))
      let y = ground.gardenEdge + garden + rng.uniform(-1.2, 1.8)
      if rng.chance(0.88) {
        // The local x axis runs against the world's on the left side.
        stand(side > 0 ? x + w : x, y, side, yawDegrees: rng.uniform(-4, 4)) { $0.house(width: w, depth: d, &rng) }
      } else {
        for _ in 0..<3 { stand(x + rng.uniform(1, w - 1), y + rng.uniform(0, 6), side) { $0.tree(&rng) } }
      }
      x += w + (rng.chance(0.55) ? rng.uniform(2, 6) : 0.02)
    }
    for _ in 0..<7 {
      stand(rng.uniform(-half, half), ground.gardenEdge + garden + rng.uniform(13, 20), side) { $0.tree(&rng) }
    }
  }

  /// The border between pavement and garden, and what grows in the gardens.
  mutating func frontage(_ side: Double, _ rng: inout SeededGenerator) {
    let edge = ground.gardenEdge + 0.4
    var x = -half
    while x < half - 3 {
      let l = min(rng.uniform(3, 11), half - x)
      let start = side > 0 ? x + l : x
      switch rng.whole(0...4) {
      case 0: stand(start, edge, side) { $0.hedge(length: l, height: rng.uniform(0.8, 1.9), &rng) }
      case 1: stand(start, edge, side) { $0.fence(length: l, &rng) }
      case 2: stand(start, edge, side) { $0.gardenWall(length: l, &rng) }
      default: break
      }
      if rng.chance(0.45) { stand(x + l / 2, edge + rng.uniform(0.8, 2), side) { $0.bush(&rng) } }
      if rng.chance(0.25) { stand(x + l / 2, edge + rng.uniform(1, 2.2), side) { $0.tree(&rng) } }
      x += l + rng.uniform(0.8, 2.5)
    }
  }

  /// Parked cars, and what stands on the pavement.
  mutating func kerbside(_ side: Double, _ rng: inout SeededGenerator) {
    var x = -half + rng.uniform(2, 8)
    let busy = rng.uniform(0.35, 0.8)
    while x < half - 4 {
      if rng.chance(busy) {
        let y = ground.road - rng.uniform(0.95, 1.15)
        stand(x, y, side, yawDegrees: (rng.chance(0.85) ? 0 : 180) + rng.uniform(-3, 3)) { $0.car(&rng) }
      }
      x += rng.uniform(5.8, 8)
    }
    x = -half + rng.uniform(1, 6)
    while x < half - 2 {
      let y = ground.road + rng.uniform(0.4, 0.7)
      let inner = ground.gardenEdge - 0.5
      switch rng.whole(0...9) {
      case 0, 1: stand(x, y, side) { $0.lampPost(&rng) }
      case 2: stand(x, y, side) { $0.sign(&rng) }
      case 3, 4, 5: stand(x, y + 0.2, side) { $0.tree(&rng) }
      case 6: stand(x, inner, side) { $0.bench(&rng) }
      case 7: stand(x, rng.uniform(y, inner), side, yawDegrees: rng.uniform(0, 360)) { $0.person(&rng) }
      default: stand(x, inner, side, yawDegrees: rng.uniform(-8, 8)) { $0.smallFurniture(&rng) }
      }
      x += rng.uniform(2.5, 7)
    }
  }
}
