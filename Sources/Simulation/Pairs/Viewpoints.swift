import Geometry
import LinearAlgebra

/// Draws the poses of a pair of scans.
///
/// Poses are made of sums, products and roots only, and heights read from the scene are rounded, so that the truth of
/// a pair is the same on every platform.
struct Viewpoints {
  let kind: SimulatedPair.Kind
  let scene: Scene

  /// Poses (world from sensor) of the frames of the source and of the target.
  func pair(_ rng: inout SeededGenerator) -> (source: [RigidTransform], target: [RigidTransform]) {
    switch kind {
    case .room: room(&rng)
    case .street: street(&rng)
    case .object: object(&rng)
    }
  }

  // MARK: Rooms

  /// Two hand-held sweeps whose middles of view lie near each other.
  private func room(_ rng: inout SeededGenerator) -> (source: [RigidTransform], target: [RigidTransform]) {
    let focus = inside(&rng, height: 0.4...1.2, margin: 0.3)
    func sweep(_ focus: Point3) -> [RigidTransform] {
      var eye = Point3.zero
      for _ in 0..<40 {
        eye = inside(&rng, height: 1.1...1.8, margin: 0.5)
        let away = Point3(focus.x - eye.x, focus.y - eye.y, 0).length
        if away > 1.4, away < 3.6, clearance(eye) > 0.45 { break }
      }
      let view = focus - eye
      let side = Point3(view.y, -view.x, 0) * rng.sign()
      let lift = rng.uniform(-0.25, 0.25)
      let drift = Point3(rng.uniform(-0.35, 0.35), rng.uniform(-0.35, 0.35), rng.uniform(-0.15, 0.15))
      let reach = rng.uniform(0.35, 0.6)
      let frames = 9
      return (0..<frames).map { k in
        let s = 2 * Double(k) / Double(frames - 1) - 1
        let wobble = rng.inBall() * 0.04
        let at = eye + drift * s + wobble
        return lookAt(from: at, to: focus + side * (reach * s) + Point3(0, 0, lift * (1 - s * s)))
      }
    }
    let other = focus + Point3(rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7), rng.uniform(-0.2, 0.2))
    return (sweep(focus), sweep(other))
  }

  private func inside(_ rng: inout SeededGenerator, height: ClosedRange<Double>, margin: Double) -> Point3 {
    // The bounds of a room include 0.3 m of wall.
    let (a, b) = (scene.bounds.lower + 0.3 + margin, scene.bounds.upper - 0.3 - margin)
    return Point3(rng.uniform(a.x, b.x), rng.uniform(a.y, b.y), rng.uniform(height))
  }

  /// The distance to the nearest of the surfaces seen in 26 directions.
  private func clearance(_ p: Point3) -> Double {
    var least = Double.infinity
    for x in -1...1 {
      for y in -1...1 {
        for z in -1...1 where (x, y, z) != (0, 0, 0) {
          let direction = Point3(Double(x), Double(y), Double(z)).normalized
          if let hit = scene.cast(Ray(origin: p, direction: direction)) { least = min(least, hit.range) }
        }
      }
    }
    return least
  }

  // MARK: Streets

  /// Two places on the road, the second some metres ahead and turned.
  private func street(_ rng: inout SeededGenerator) -> (source: [RigidTransform], target: [RigidTransform]) {
    let x = rng.uniform(-22, 14)
    let ahead = rng.uniform(6, 13)
    func vehicle(_ x: Double, _ y: Double, _ halfYaw: Double) -> RigidTransform {
      // The ground, seen from below past whatever hangs over the lane, to the millimetre.
      let rise = scene.cast(Ray(origin: Point3(x, y, -50), direction: Point3(0, 0, 1)))?.range ?? 50
      let height = ((rise - 50 + 1.73) * 1000).rounded() / 1000
      // tan(yaw / 2) and small roll and pitch as the components of a quaternion.
      let q = (rng.uniform(-0.01, 0.01), rng.uniform(-0.012, 0.012), halfYaw)
      return RigidTransform(rotation: Rotation3(quaternion: 1, q.0, q.1, q.2), translation: Point3(x, y, height))
    }
    let turn = rng.sign() * rng.uniform(0.1, 0.35)
    let target = vehicle(x, rng.uniform(-1.6, 0), rng.uniform(-0.03, 0.03))
    let source = vehicle(x + ahead, rng.uniform(-1.6, 1.6), turn)
    return ([source], [target])
  }

  // MARK: Objects

  /// Two views from 0.5 - 0.6 m, some 30 to 80 degrees apart.
  private func object(_ rng: inout SeededGenerator) -> (source: [RigidTransform], target: [RigidTransform]) {
    func eye(_ from: Point3) -> RigidTransform {
      lookAt(from: from * rng.uniform(0.5, 0.6), to: rng.inBall() * 0.02)
    }
    let first = rng.direction()
    var second = rng.direction()
    while first.dot(second) < 0.2 || first.dot(second) > 0.85 { second = rng.direction() }
    return ([eye(first)], [eye(second)])
  }

  /// The pose of a camera (x right, y down, z forward) that looks from one point to another.
  private func lookAt(from eye: Point3, to focus: Point3) -> RigidTransform {
    let z = (focus - eye).normalized
    let up = abs(z.z) < 0.95 ? Point3(0, 0, 1) : Point3(0, 1, 0)
    let x = z.cross(up).normalized
    let y = z.cross(x)
    return RigidTransform(rotation: Rotation3(nearest: Matrix3(columns: x, y, z)), translation: eye)
  }
}
