import Geometry
import Registration
import Testing

/// A wavy sheet with analytic normals.
private func sheet(_ count: Int, phase: Double) -> PreparedCloud.Surface {
  var (positions, normals) = ([SIMD3<Float>](), [SIMD3<Float>]())
  for i in 0..<count {
    for j in 0..<count {
      let (x, y) = ((Double(i) + phase) / Double(count) * 4 - 2, (Double(j) + 0.7 * phase) / Double(count) * 4 - 2)
      // z = a sin(2x) + b cos(3y) + c xy, written with its polynomial stand-ins to stay free of libm.
      let z = 0.3 * (2 * x - x * x * x / 2) + 0.2 * (1 - y * y * y * y / 4) + 0.1 * x * y
      let slope = Point3(-0.3 * (2 - 1.5 * x * x) - 0.1 * y, 0.2 * y * y * y - 0.1 * x, 1)
      positions.append(SIMD3<Float>(Point3(x, y, z)))
      normals.append(SIMD3<Float>(slope.normalized))
    }
  }
  return PreparedCloud.Surface(positions: positions, normals: normals)
}

@Suite struct SurfaceAlignmentTests {
  private let align = SurfaceAlignment(gate: 0.2, tolerance: 1e-9)

  @Test func aCloudOnItselfStaysWhereItIs() {
    let cloud = sheet(60, phase: 0)
    let result = align(cloud, on: cloud, from: .identity)
    #expect(result.converged && result.rmse == 0)
    #expect(result.transform.translation.length == 0 && result.transform.rotation.angleDegrees == 0)
  }

  @Test func differentStartsEndInOnePose() {
    let (source, target) = (sheet(60, phase: 0.4), sheet(60, phase: 0))
    let starts = [Point3(0.02, -0.01, 0.03), Point3(-0.03, 0.02, -0.02), Point3(0.01, 0.03, 0.01)].enumerated().map {
      RigidTransform(rotation: Rotation3(rotationVector: Point3(0.005, -0.004, 0.006) * Double($0)), translation: $1)
    }
    let ends = starts.map { align(source, on: target, from: $0) }
    for end in ends {
      #expect(end.converged)
      // The same surface, sampled elsewhere.
      #expect(end.transform.translation.length < 2e-3 && end.transform.rotation.angleDegrees < 0.1)
      let difference = end.transform * ends[0].transform.inverse
      #expect(difference.translation.length < 1e-6 && difference.rotation.angleDegrees < 1e-5)
    }
  }

  @Test func theSideOfTheNormalsDoesNotMatter() {
    let (source, target) = (sheet(50, phase: 0.3), sheet(50, phase: 0))
    let flipped = PreparedCloud.Surface(positions: target.positions, normals: target.normals.map { -$0 })
    let start = RigidTransform(translation: Point3(0.02, 0, 0.02))
    let (a, b) = (align(source, on: target, from: start), align(source, on: flipped, from: start))
    #expect((a.transform * b.transform.inverse).translation.length < 1e-9)
  }

  @Test func farCloudsDoNotConverge() {
    let cloud = sheet(20, phase: 0)
    let result = align(cloud, on: cloud, from: RigidTransform(translation: Point3(0, 0, 50)))
    #expect(!result.converged && result.inliers == 0)
  }
}
