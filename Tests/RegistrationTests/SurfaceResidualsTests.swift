import Geometry
import Registration
import Testing

@Suite struct SurfaceResidualsTests {
  /// A grid of points on a tilted plane through the origin.
  private let normal = Point3(0.2, -0.3, 1).normalized
  private var plane: PointCloud {
    let (u, v) = (Point3(1, 0, -0.2).normalized, Point3(0, 1, 0.3))
    let across = (v - u * v.dot(u)).normalized
    var points: [Point3] = []
    for i in -20...20 { for j in -20...20 { points.append(u * (0.1 * Double(i)) + across * (0.1 * Double(j))) } }
    let origin = Point3(5e5, 5e6, 100)
    return PointCloud(positions: points.map { SIMD3<Float>($0) }, origin: origin)
  }

  @Test(
    "over a plane the residual is the height, whatever the spacing of its points", arguments: [0, 0.01, -0.07, 0.15])
  func heights(height: Double) throws {
    let target = plane
    let places = [0, 333, 700, 840].map { target.position($0) + Point3(0.03, 0.01, 0) }
    let moved = places.map { p in p - normal * (p - target.origin).dot(normal) + normal * height }
    for residual in SurfaceResiduals(reach: 0.2)(moved, on: target) {
      let value = try #require(residual)
      #expect(abs(value - abs(height)) < 1e-6)
    }
  }

  @Test("beyond the reach there is no surface, and broken points and empty clouds have none")
  func reach() {
    let target = plane
    let far = [target.origin + normal * 0.3, target.origin + Point3(9, 0, 0), Point3(.nan, 0, 0)]
    #expect(SurfaceResiduals(reach: 0.2)(far, on: target) == [nil, nil, nil])
    #expect(SurfaceResiduals(reach: 0.2)([.zero], on: PointCloud(positions: [])) == [nil])
    #expect(SurfaceResiduals(reach: 0)([target.origin], on: target) == [nil])
    #expect(SurfaceResiduals(reach: 1)([], on: target).isEmpty)
  }

  @Test("where the points span no plane it is the distance to the nearest")
  func line() throws {
    let points = (0..<50).map { SIMD3<Float>(Float($0) * 0.1, 0, 0) }
    let values = SurfaceResiduals(reach: 1)([Point3(1, 0.3, 0.4), Point3(1, 0, 0)], on: PointCloud(positions: points))
    let (off, on) = (try #require(values[0]), try #require(values[1]))
    #expect(abs(off - 0.5) < 1e-6 && on < 1e-6)
    for few in [1, 2] {
      let cloud = PointCloud(positions: Array(points.prefix(few)))
      #expect(SurfaceResiduals(reach: 1)([Point3(0, 0.5, 0)], on: cloud) == [0.5])
    }
    let same = PointCloud(positions: [SIMD3<Float>](repeating: .zero, count: 30))
    #expect(SurfaceResiduals(reach: 1)([Point3(0, 0, 0.25)], on: same) == [0.25])
  }
}
