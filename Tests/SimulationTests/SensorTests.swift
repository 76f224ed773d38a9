import Geometry
import LinearAlgebra
import Testing

import Simulation

@Suite struct SensorTests {
  /// A wide wall of one material, 2 m before the camera.
  private func wall(_ material: Material = Material(reflectance: 0.5), distance: Double = 2) -> Scene {
    var builder = SceneBuilder()
    builder.box(from: Point3(-50, -50, distance), to: Point3(50, 50, distance + 1), material)
    return builder.scene
  }

  private func statistics(_ values: [Double]) -> (mean: Double, sigma: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    return (mean, variance.squareRoot())
  }

  @Test func anExactCameraMeasuresTheWallInEveryPixel() {
    var camera = DepthCamera()
    camera.noise = nil
    let cloud = camera.scan(wall(), worldFromSensor: .identity, seed: 1).cloud
    #expect(cloud.count == 320 * 240)
    #expect(cloud.positions.allSatisfy { abs($0.z - 2) < 1e-6 })
    // The field of view: 58 degrees between the outer edges of the pixels.
    let reach = cloud.positions.map(\.x).max().map(Double.init) ?? 0
    #expect(abs(reach - 2 * 0.554309 * 319 / 320) < 1e-4)
  }

  @Test(arguments: [1.0, 2, 4]) func depthNoiseGrowsAsStated(_ z: Double) {
    var camera = DepthCamera()
    camera.noise = DepthCamera.Noise(
      constant: 0.001, quadratic: 0.002, inverseDepthStep: 0, grazingCosine: 0.1, holes: 0.1)
    let cloud = camera.scan(wall(distance: z), worldFromSensor: .identity, seed: 3).cloud
    let (mean, sigma) = statistics(cloud.positions.map { Double($0.z) })
    let expected = 0.001 + 0.002 * z * z
    // Five standard errors.
    let n = Double(cloud.count)
    #expect(abs(mean - z) < 5 * expected / n.squareRoot())
    #expect(abs(sigma / expected - 1) < 5 / (2 * n).squareRoot())
    #expect(abs(n / (320 * 240) - 0.9) < 5 * (0.09 / (320.0 * 240)).squareRoot())
  }

  @Test func disparityComesInSteps() {
    var camera = DepthCamera()
    camera.noise = DepthCamera.Noise()
    let cloud = camera.scan(wall(distance: 3), worldFromSensor: .identity, seed: 3).cloud
    let steps = cloud.positions.map { 1 / Double($0.z) / 0.0029 }
    #expect(steps.allSatisfy { abs($0 - $0.rounded()) < 1e-3 })
    #expect(Set(steps.map { $0.rounded() }).count > 2)
  }

  @Test func grazingAndLossyAndFarSurfacesAreLost() {
    let full = Double(320 * 240)
    // A plane 5 cm below the line of sight, from 1 m on: the cosine is 0.05 at most, half the grazing limit.
    var builder = SceneBuilder()
    builder.box(from: Point3(-1, 0.05, 1), to: Point3(1, 0.06, 4), Material(reflectance: 0.5))
    var exact = DepthCamera()
    exact.noise = nil
    let top = { (p: SIMD3<Float>) in p.z > 1.01 }
    let seen = exact.scan(builder.scene, worldFromSensor: .identity, seed: 1).cloud.positions.filter(top).count
    let kept = DepthCamera().scan(builder.scene, worldFromSensor: .identity, seed: 1).cloud.positions.filter(top).count
    #expect(seen > 500 && kept < seen / 20)
    let glass = DepthCamera().scan(wall(Material(reflectance: 0.1, loss: 0.7)), worldFromSensor: .identity, seed: 1)
      .cloud.count
    #expect(abs(Double(glass) / full - 0.98 * 0.3) < 0.01)
    #expect(DepthCamera().scan(wall(distance: 5), worldFromSensor: .identity, seed: 1).cloud.isEmpty)
  }

  @Test func lidarRangesAndIntensities() {
    // A ball around the sensor: every shot hits it at a right angle.
    var builder = SceneBuilder()
    builder.sphere(.zero, 20, Material(reflectance: 0.6))
    var lidar = SpinningLidar()
    let noisy = lidar.scan(builder.scene, worldFromSensor: .identity, seed: 4).cloud
    let (mean, sigma) = statistics(noisy.positions.map { Double($0.length) })
    let n = Double(noisy.count)
    #expect(abs(mean - 20) < 5 * 0.02 / n.squareRoot())
    #expect(abs(sigma / 0.02 - 1) < 5 / (2 * n).squareRoot())
    #expect(abs(n / (64 * 1440) - 0.98) < 0.003)
    let shine = statistics((noisy.intensities ?? []).map(Double.init))
    #expect(abs(shine.mean - 0.6) < 0.001 && abs(shine.sigma - 0.03) < 0.001)
    lidar.rangeSigma = 0
    let exact = lidar.scan(builder.scene, worldFromSensor: .identity, seed: 4).cloud
    #expect(exact.count == 64 * 1440)
    #expect(exact.positions.allSatisfy { abs($0.length - 20) < 1e-5 })
    lidar.range = 1.5...19
    #expect(lidar.scan(builder.scene, worldFromSensor: .identity, seed: 4).cloud.isEmpty)
  }

  @Test func aFragmentAveragesItsFrames() {
    let camera = DepthCamera()
    let poses = (0..<6).map { RigidTransform(translation: Point3(0.02 * Double($0), 0, 0)) }
    let scans = poses.enumerated().map { camera.scan(wall(), worldFromSensor: $1, seed: UInt64($0)) }
    let fused = Fragment(voxel: 0.04, minimumPoints: 2)(scans)
    let single = statistics(scans[0].cloud.positions.map { Double($0.z) }).sigma
    let averaged = statistics(fused.positions.map { Double($0.z) }).sigma
    #expect(fused.count > 500)
    #expect(averaged < single)
  }

  @Test func scansDoNotDependOnTheSeedOfTheirNeighbours() {
    let scans = [UInt64(1), 2, 1].map {
      DepthCamera().scan(wall(), worldFromSensor: .identity, seed: $0).cloud.positions
    }
    #expect(scans[0] == scans[2] && scans[0] != scans[1])
  }
}
