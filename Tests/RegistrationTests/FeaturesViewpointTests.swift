import Geometry
import PointClouds
import Registration
import Testing

/// Axis-aligned boxes seen from one place: rays that start at the eye end at the first face.
private struct Boxes {
  var boxes: [(lower: Point3, upper: Point3)]

  /// Where the ray first passes a face, and the normal of that face towards the eye.
  func hit(_ eye: Point3, _ d: Point3) -> (point: Point3, normal: Point3)? {
    var best: (t: Double, axis: Int)?
    for box in boxes {
      for axis in 0..<3 where d[axis] != 0 {
        for plane in [box.lower[axis], box.upper[axis]] {
          let t = (plane - eye[axis]) / d[axis]
          guard t > 1e-9, t < best?.t ?? .infinity else { continue }
          let p = eye + t * d
          let inside = (0..<3).allSatisfy { $0 == axis || (p[$0] >= box.lower[$0] && p[$0] <= box.upper[$0]) }
          if inside { best = (t, axis) }
        }
      }
    }
    guard let best else { return nil }
    var normal = Point3.zero
    normal[best.axis] = d[best.axis] > 0 ? -1 : 1
    return (eye + best.t * d, normal)
  }
}

private struct Scan {
  var points: [SIMD3<Float>] = []
  var normals: [SIMD3<Float>] = []

  /// Moves the scan and thins it to a voxel cloud; returns it with estimated normals and the true ones.
  func prepared(_ motion: RigidTransform, voxel: Float) -> (x: [SIMD3<Float>], n: [SIMD3<Float>], truth: [SIMD3<Float>])
  {
    let cloud = PointCloud(
      positions: points.map { SIMD3<Float>(motion(Point3($0))) },
      normals: normals.map { SIMD3<Float>(motion.rotation.matrix * Point3($0)) })
    let thin = VoxelGrid(size: voxel)(cloud)
    let surface = NormalEstimation(radius: 2 * voxel)(thin.positions, support: cloud.positions)
    return (thin.positions, surface.normals, thin.normals!)
  }
}

private func agreement(_ scan: (x: [SIMD3<Float>], n: [SIMD3<Float>], truth: [SIMD3<Float>]), _ view: Viewpoint)
  -> Double
{
  var normals = scan.n
  view.orient(&normals, of: scan.x)
  var (same, all) = (0, 0)
  for i in normals.indices where abs(normals[i].dot(scan.truth[i])) > 0.5 {
    all += 1
    if normals[i].dot(scan.truth[i]) > 0 { same += 1 }
  }
  return Double(same) / Double(max(1, all))
}

private func furnishedRoom(_ seed: UInt64) -> (scan: Scan, eye: Point3) {
  var numbers = FeatureNumbers(state: seed)
  var room = Boxes(boxes: [(Point3(-2.5, -2, 0), Point3(2.5, 2, 2.6))])
  for _ in 0..<6 {
    let c = Point3(2.1, 1.6, 0) * numbers.vector()
    let s = Point3(0.3, 0.3, 0.5) + 0.2 * numbers.vector()
    if abs(c.x) + abs(c.y) > 1.2 {
      room.boxes.append((Point3(c.x - s.x, c.y - s.y, 0.01), Point3(c.x + s.x, c.y + s.y, s.z * 2)))
    }
  }
  let eye = Point3(0.3, -0.2, 1.3)
  var scan = Scan()
  for _ in 0..<60_000 {
    let d = numbers.vector()
    guard d.length < 1, d.length > 0.1, let hit = room.hit(eye, d.normalized) else { continue }
    scan.points.append(SIMD3<Float>(hit.point + 0.002 * numbers.vector()))
    scan.normals.append(SIMD3<Float>(hit.normal))
  }
  return (scan, eye)
}

@Suite struct FeaturesViewpointTests {
  @Test(arguments: 0..<4)
  func interiorsFromAnUnknownPlace(seed: Int) {
    let (scan, _) = furnishedRoom(UInt64(seed))
    var numbers = FeatureNumbers(state: 100 + UInt64(seed))
    let moved = scan.prepared(numbers.motion(20), voxel: 0.05)
    let view = ViewpointSearch(voxel: 0.05)(moved.x, normals: moved.n)
    #expect(agreement(moved, view) >= 0.95)
  }

  @Test(arguments: 0..<4)
  func trueOriginIsAccepted(seed: Int) {
    let (scan, eye) = furnishedRoom(UInt64(seed))
    var numbers = FeatureNumbers(state: 200 + UInt64(seed))
    let turn = RigidTransform(rotation: Rotation3(rotationVector: numbers.vector(2)))
    let moved = scan.prepared(turn * RigidTransform(translation: -eye), voxel: 0.05)
    let view = ViewpointSearch(voxel: 0.05)(moved.x, normals: moved.n)
    #expect(view.kind == .origin && view.position == .zero)
    #expect(agreement(moved, view) >= 0.99)
    let stated = ViewpointSearch(voxel: 0.05)(moved.x, normals: moved.n, stated: SIMD3(0.1, 0, 0))
    #expect(stated.kind == .stated && stated.position == SIMD3(0.1, 0, 0))
    let wrong = ViewpointSearch(voxel: 0.05)(moved.x, normals: moved.n, stated: SIMD3(30, 20, 0), origin: nil)
    #expect(wrong.kind == .virtual)
  }

  @Test(arguments: 0..<4)
  func sphereFromOutside(seed: Int) {
    var numbers = FeatureNumbers(state: 300 + UInt64(seed))
    var scan = Scan()
    while scan.points.count < 20_000 {
      let d = numbers.vector()
      guard d.length < 1, d.length > 0.1 else { continue }
      // Seen from (3, 0, 0): the cap that faces the eye.
      let p = d.normalized
      if p.x < 1.0 / 3 { continue }
      scan.points.append(SIMD3<Float>(p * 0.15))
      scan.normals.append(SIMD3<Float>(p))
    }
    let moved = scan.prepared(numbers.motion(1.5), voxel: 0.008)
    let view = ViewpointSearch(voxel: 0.008)(moved.x, normals: moved.n)
    #expect(agreement(moved, view) >= 0.95)
  }

  @Test(arguments: 0..<4)
  func boxFromOutside(seed: Int) {
    var numbers = FeatureNumbers(state: 400 + UInt64(seed))
    let box = Boxes(boxes: [(Point3(-0.1, -0.15, -0.12), Point3(0.1, 0.15, 0.12))])
    let eye = Point3(0.9, 0.8, 0.7)
    var scan = Scan()
    while scan.points.count < 20_000 {
      let aim = Point3(0.1, 0.15, 0.12) * numbers.vector()
      guard let hit = box.hit(eye, (aim - eye).normalized) else { continue }
      scan.points.append(SIMD3<Float>(hit.point))
      scan.normals.append(SIMD3<Float>(hit.normal))
    }
    let moved = scan.prepared(numbers.motion(1.5), voxel: 0.008)
    let view = ViewpointSearch(voxel: 0.008)(moved.x, normals: moved.n)
    #expect(agreement(moved, view) >= 0.95)
  }

  @Test func outliersDisturbNothing() {
    let (scan, _) = furnishedRoom(1)
    var moved = scan.prepared(.identity, voxel: 0.05)
    for far in [SIMD3<Float>(1e30, 0, 0), SIMD3(-1e9, 1e20, 3), SIMD3(.nan, 0, 0)] {
      moved.x.append(far)
      moved.n.append(SIMD3(0, 0, 1))
      moved.truth.append(.zero)
    }
    let view = ViewpointSearch(voxel: 0.05)(
      moved.x, normals: moved.n, stated: SIMD3(-3e38, 3e38, 0), origin: SIMD3(1e20, 0, 0))
    #expect(view.kind == .virtual && view.position.isFinite)
    #expect(agreement(moved, view) >= 0.95)
  }

  @Test func nothingToSee() {
    let view = ViewpointSearch(voxel: 0.1)([SIMD3(1, 1, 1)], normals: [.zero], stated: SIMD3(1, 2, 3))
    #expect(view.kind == .stated && view.position == SIMD3(1, 2, 3) && view.confidence == 0)
    #expect(ViewpointSearch(voxel: 0.1)([], normals: []).kind == .origin)
  }
}

/// A wall with a box before it, seen from the origin: what the box hides is missing.
@Suite struct DirectSightTests {
  private static func scan(step: Float) -> (positions: [SIMD3<Float>], normals: [SIMD3<Float>]) {
    var (positions, normals) = ([SIMD3<Float>](), [SIMD3<Float>]())
    for y in stride(from: Float(-4), to: 4, by: step) {
      for z in stride(from: Float(-2), to: 2, by: step) {
        if abs(y) < 0.5 && abs(z) < 0.5 { positions.append(SIMD3(5, y, z)) }
        if abs(y) >= 1 || abs(z) >= 1 { positions.append(SIMD3(10, y, z)) }
      }
    }
    normals = positions.map { _ in SIMD3(1, 0, 0) }
    return (positions, normals)
  }

  @Test func theSensorHidesNothingAndOtherPlacesDo() {
    let (positions, normals) = Self.scan(step: 0.05)
    let sight = DirectSight(voxel: 0.1)
    #expect(sight.hiddenShare(of: positions, normals: normals, from: .zero) < 0.005)
    #expect(sight.hiddenShare(of: positions, normals: normals, from: SIMD3(3, 1, 0)) > 0.02)
  }

  @Test func cellsOfTheCubeCoverEveryDirection() {
    for x in -3...3 {
      for y in -3...3 {
        for z in -3...3 {
          let k = CubeMap.cell(of: SIMD3(Float(x), Float(y), Float(z)), face: 8)
          #expect((0..<6 * 64).contains(k))
        }
      }
    }
    let faces = Set(
      [SIMD3<Float>(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1)]
        .map { CubeMap.cell(of: $0, face: 8) / 64 })
    #expect(faces.count == 6)
  }
}
