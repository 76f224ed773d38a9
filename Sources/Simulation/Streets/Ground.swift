import Geometry
import LinearAlgebra

/// The ground of a street along x: a road with camber between two raised pavements, and gardens beyond.
struct Ground: Sendable {
  let length: Double
  /// Half the width of the road.
  let road: Double
  /// How wide the pavements are.
  let pavement: Double
  let kerb: Double
  private let slope: Double
  private let crossSlope: Double
  private let curvature: Double
  private let noise: ValueNoise

  init(_ rng: inout SeededGenerator) {
    length = 130
    road = rng.uniform(4.4, 5.4)
    pavement = rng.uniform(1.6, 3)
    kerb = rng.uniform(0.09, 0.16)
    slope = rng.uniform(-0.04, 0.04)
    crossSlope = rng.uniform(-0.02, 0.02)
    curvature = rng.uniform(-0.0004, 0.0004)
    noise = ValueNoise(seed: rng.next())
  }

  /// The |y| at which the gardens begin.
  var gardenEdge: Double { road + pavement }

  /// The height of the ground, metres.
  func callAsFunction(_ x: Double, _ y: Double) -> Double {
    let base = slope * x + crossSlope * y + curvature * x * x
    let across = abs(y)
    if across <= road { return base - 0.015 * across + 0.012 * noise(Point3(x, y, 0) * 0.4) }
    if across <= gardenEdge { return base + kerb - 0.015 * road + 0.01 * noise(Point3(x, y, 3) * 0.6) }
    let inside = min(1, (across - gardenEdge) / 3)
    return base + kerb - 0.015 * road
      + inside * (0.3 * noise(Point3(x, y, 7) * 0.15) + 0.08 * noise(Point3(x, y, 9) * 0.7))
  }
}

extension SceneBuilder {
  /// The surfaces of the ground.
  mutating func ground(_ g: Ground) {
    let x = -g.length / 2...g.length / 2
    heightField(x: x, y: -g.road...g.road, step: 1.3, .asphalt) { g($0, $1) }
    for s in [-1.0, 1] {
      // The strips begin a hair beyond their edge, where the height is already their own.
      func strip(_ a: Double, _ b: Double, _ step: Double, _ m: Material) {
        heightField(x: x, y: min(s * a, s * b)...max(s * a, s * b), step: step, m) { x, y in
          g(x, y + (abs(abs(y) - a) < 1e-6 ? s * 1e-6 : 0))
        }
      }
      strip(g.road, g.gardenEdge, 1.3, .concrete)
      strip(g.gardenEdge, 45, 1.3, .grass)
      for k in 0..<Int(g.length) {
        let (x0, x1) = (Double(k) - g.length / 2, Double(k) + 1 - g.length / 2)
        let y = s * g.road
        let low = [x0, x1].map { Point3($0, y, g($0, y) - 0.05) }
        let high = [x0, x1].map { Point3($0, y, g($0, y + s * 1e-6)) }
        triangle(low[0], low[1], high[1], .concrete)
        triangle(low[0], high[1], high[0], .concrete)
      }
    }
  }
}
