import Geometry
import LinearAlgebra
import Testing

import Simulation

@Suite struct SceneTests {
  private static let grey = Material(reflectance: 0.5)

  /// Shapes of all kinds at random.
  private static func jumble(_ count: Int, seed: UInt64) -> [Surface] {
    var rng = SeededGenerator(seed: seed)
    var builder = SceneBuilder()
    for k in 0..<count {
      let (p, q) = (rng.inBall() * 5, rng.inBall() * 5)
      let size = Point3(rng.uniform(0.1, 0.8), rng.uniform(0.1, 0.8), rng.uniform(0.1, 0.8))
      switch k % 5 {
      case 0: builder.box(p, size, grey, turned: rng.rotation())
      case 1: builder.ellipsoid(p, size, grey, turned: rng.rotation())
      case 2: builder.cylinder(from: p, to: p + rng.direction() * size.x, radius: size.y, grey)
      case 3: builder.disc(p, normal: rng.direction(), radius: size.x, grey)
      default: builder.triangle(p, q, p + rng.direction(), grey)
      }
    }
    return builder.surfaces
  }

  @Test(arguments: [1, 2, 4, 200]) func theHierarchyFindsWhatBruteForceFinds(_ count: Int) {
    let scene = Scene(Self.jumble(count, seed: UInt64(count)))
    var rng = SeededGenerator(seed: 9)
    var hits = 0
    let alone = scene.surfaces.map { Scene([$0]) }
    for k in 0..<4000 {
      // Also from inside, and along the axes.
      var direction = rng.direction()
      if k % 10 == 0 { direction = k % 20 == 0 ? Point3(0, 0, -1) : Point3(1, 0, 0) }
      let ray = Ray(origin: rng.inBall() * 7, direction: direction)
      let found = scene.cast(ray)
      let brute = alone.compactMap { $0.cast(ray)?.range }.min()
      #expect(found?.range == brute)
      guard let found else { continue }
      hits += 1
      #expect(abs(found.normal.length - 1) < 1e-12)
      #expect(found.normal.dot(direction) <= 0)
    }
    #expect(hits >= (count == 200 ? 500 : 1))
  }

  @Test func closedForms() throws {
    func hit(_ body: (inout SceneBuilder) -> Void, _ origin: Point3, _ direction: Point3) -> Hit? {
      var builder = SceneBuilder()
      body(&builder)
      return builder.scene.cast(Ray(origin: origin, direction: direction.normalized))
    }
    // A sphere of radius 2 from outside, from inside and past it.
    let sphere: (inout SceneBuilder) -> Void = { $0.sphere(Point3(10, 0, 0), 2, Self.grey) }
    let front = try #require(hit(sphere, .zero, Point3(1, 0, 0)))
    #expect(abs(front.range - 8) < 1e-12 && (front.normal - Point3(-1, 0, 0)).length < 1e-12)
    let inside = try #require(hit(sphere, Point3(10, 0, 0), Point3(0, 1, 0)))
    #expect(abs(inside.range - 2) < 1e-12 && (inside.normal - Point3(0, -1, 0)).length < 1e-12)
    #expect(hit(sphere, Point3(0, 2.001, 0), Point3(1, 0, 0)) == nil)
    let chord = try #require(hit(sphere, Point3(0, 1, 0), Point3(1, 0, 0)))
    #expect(abs(chord.range - (10 - 3.0.squareRoot())) < 1e-12)
    // A cube of edge 2, turned by 45 degrees about z, shows an edge at distance 10 - sqrt(2).
    let turn = Rotation3(radians: .pi / 4, about: Point3(0, 0, 1))
    let box = try #require(
      hit({ $0.box(Point3(10, 0, 0), Point3(2, 2, 2), Self.grey, turned: turn) }, Point3(0, 0.1, 0), Point3(1, 0, 0)))
    #expect(abs(box.range - (10 - 2.0.squareRoot() + 0.1)) < 1e-12)
    // A cylinder from its end and from its side.
    let cylinder: (inout SceneBuilder) -> Void = {
      $0.cylinder(from: Point3(0, 0, 1), to: Point3(0, 0, 3), radius: 0.5, Self.grey)
    }
    #expect(abs(try #require(hit(cylinder, Point3(0.1, 0, 0), Point3(0, 0, 1))).range - 1) < 1e-12)
    #expect(abs(try #require(hit(cylinder, Point3(4, 0, 2), Point3(-1, 0, 0))).range - 3.5) < 1e-12)
    #expect(hit(cylinder, Point3(4, 0, 3.01), Point3(-1, 0, 0)) == nil)
    // An ellipsoid at slant: p = s (1, 1, 0), s² (1/4 + 1) = 1.
    let ellipsoid = try #require(
      hit({ $0.ellipsoid(.zero, Point3(2, 1, 1), Self.grey) }, Point3(5, 5, 0), Point3(-1, -1, 0)))
    #expect(abs(ellipsoid.range - (5 - 0.8.squareRoot()) * 2.0.squareRoot()) < 1e-12)
    #expect((ellipsoid.normal - Point3(0.25, 1, 0).normalized).length < 1e-12)
  }

  @Test func emptyScenesAndTrianglesWithoutArea() {
    var builder = SceneBuilder()
    builder.triangle(.zero, Point3(1, 0, 0), Point3(2, 0, 0), Self.grey)
    #expect(builder.surfaces.isEmpty)
    #expect(builder.scene.cast(Ray(origin: .zero, direction: Point3(1, 0, 0))) == nil)
    #expect(builder.scene.bounds.isEmpty)
  }

  @Test func aRangeLimitHidesWhatLiesBeyond() {
    var builder = SceneBuilder()
    builder.sphere(Point3(10, 0, 0), 1, Self.grey)
    let ray = Ray(origin: .zero, direction: Point3(1, 0, 0))
    #expect(builder.scene.cast(ray, to: 8.9) == nil)
    #expect(builder.scene.cast(ray, to: 9.1) != nil)
    #expect(abs((builder.scene.cast(ray, from: 9.5)?.range ?? 0) - 11) < 1e-12)
  }

  @Test func placesNest() throws {
    var builder = SceneBuilder()
    builder.place(1, 2, 3, yawDegrees: 90) { $0.place(1, 0) { $0.sphere(Point3(1, 0, 0), 0.5, Self.grey) } }
    builder.sphere(.zero, 0.5, Self.grey)
    #expect((builder.surfaces[0].bounds.center - Point3(1, 4, 3)).length < 1e-12)
    #expect(builder.surfaces[1].bounds.center.length < 1e-12)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func anObjectIsClosedAndOfHandSize(_ seed: UInt64) {
    let scene = Scene.object(seed: seed)
    #expect((0.12...0.4).contains(scene.bounds.size.max()))
    // No ray from inside the body escapes.
    var rng = SeededGenerator(seed: seed)
    for _ in 0..<2000 { #expect(scene.cast(Ray(origin: .zero, direction: rng.direction())) != nil) }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func aRoomIsClosed(_ seed: UInt64) {
    let scene = Scene.room(seed: seed)
    var rng = SeededGenerator(seed: seed)
    let middle = Point3(scene.bounds.center.x, scene.bounds.center.y, 1.6)
    for _ in 0..<2000 { #expect(scene.cast(Ray(origin: middle, direction: rng.direction()), to: 12) != nil) }
    #expect(scene.surfaces.count > 300)
  }

  @Test func scenesDifferBetweenSeedsAndRepeat() {
    for make in [Scene.room(seed:), Scene.street(seed:), Scene.object(seed:)] {
      let (a, b, again) = (make(1), make(2), make(1))
      #expect(a.bounds == again.bounds && a.surfaces.count == again.surfaces.count)
      #expect(a.bounds != b.bounds)
    }
  }
}
