import Geometry
import Testing

@Suite struct Box3OverlapTests {
  private func box(_ g: inout TestGenerator) -> Box3 {
    let size = g.point() * 0.9 + Point3(repeating: 1.2)
    return Box3(center: g.point(1.2), size: size, yawRadians: .random(in: -7...7, using: &g))
  }

  /// Whether a point lies in a box.
  private func contains(_ box: Box3, _ p: Point3) -> Bool {
    let q = Rotation3(radians: -box.yawRadians, about: Point3(0, 0, 1))(p - box.center)
    return abs(q.x) <= box.size.x / 2 && abs(q.y) <= box.size.y / 2 && abs(q.z) <= box.size.z / 2
  }

  @Test("the overlap agrees with counting points of a grid")
  func sampling() {
    var g = TestGenerator(state: 21)
    for _ in 0..<12 {
      let (a, b) = (box(&g), box(&g))
      var (both, any) = (0, 0)
      let steps = 48
      for i in 0..<steps {
        for j in 0..<steps {
          for k in 0..<steps {
            let p = (Point3(Double(i), Double(j), Double(k)) + 0.5) * (6 / Double(steps)) - 3
            let (inA, inB) = (contains(a, p), contains(b, p))
            both += inA && inB ? 1 : 0
            any += inA || inB ? 1 : 0
          }
        }
      }
      #expect(abs(a.intersectionOverUnion(with: b) - Double(both) / Double(any)) < 0.02)
    }
  }

  @Test("equal boxes overlap fully, the order does not matter, a motion about z changes nothing")
  func laws() {
    var g = TestGenerator(state: 22)
    for _ in 0..<200 {
      let (a, b) = (box(&g), box(&g))
      let overlap = a.intersectionOverUnion(with: b)
      #expect(abs(a.intersectionOverUnion(with: a) - 1) < 1e-12)
      #expect(abs(overlap - b.intersectionOverUnion(with: a)) < 1e-12)
      #expect(overlap >= 0 && overlap <= 1)
      let (turn, shift) = (Double.random(in: -4...4, using: &g), g.point(50))
      let motion = RigidTransform(rotation: Rotation3(radians: turn, about: Point3(0, 0, 1)), translation: shift)
      func moved(_ box: Box3) -> Box3 {
        Box3(center: motion(box.center), size: box.size, yawRadians: box.yawRadians + turn)
      }
      #expect(abs(moved(a).intersectionOverUnion(with: moved(b)) - overlap) < 1e-12)
      // A half turn leaves a box as it is; a quarter turn swaps length and width.
      let half = Box3(center: a.center, size: a.size, yawRadians: a.yawRadians + .pi)
      #expect(abs(half.intersectionOverUnion(with: a) - 1) < 1e-12)
      let swapped = Box3(
        center: a.center, size: Point3(a.size.y, a.size.x, a.size.z), yawRadians: a.yawRadians - .pi / 2)
      #expect(abs(swapped.intersectionOverUnion(with: a) - 1) < 1e-12)
    }
  }

  @Test("boxes in closed form: shifted, nested, crossed, touching, one above the other")
  func closedForm() {
    let unit = Box3(center: .zero, size: Point3(1, 1, 1), yawRadians: 0)
    func overlap(_ center: Point3, _ size: Point3, _ yaw: Double = 0) -> Double {
      unit.intersectionOverUnion(with: Box3(center: center, size: size, yawRadians: yaw))
    }
    #expect(abs(overlap(Point3(0.5, 0, 0), Point3(1, 1, 1)) - 1.0 / 3) < 1e-15)
    #expect(abs(overlap(.zero, Point3(2, 2, 2)) - 0.125) < 1e-15)
    // A square turned by 45 degrees leaves a regular octagon of area 2 (√2 - 1).
    let octagon = 2 * (2.0.squareRoot() - 1)
    #expect(abs(overlap(.zero, Point3(1, 1, 1), .pi / 4) - octagon / (2 - octagon)) < 1e-15)
    #expect(overlap(Point3(1, 0, 0), Point3(1, 1, 1)) == 0)
    #expect(overlap(Point3(0, 0, 1), Point3(1, 1, 1)) == 0)
    #expect(overlap(Point3(0, 0, 5), Point3(1, 1, 1)) == 0)
    #expect(abs(overlap(Point3(0, 0, 0.25), Point3(1, 1, 1)) - 0.6) < 1e-15)
  }

  @Test("boxes without volume or with numbers that are not finite overlap nothing")
  func degenerate() {
    let unit = Box3(center: .zero, size: Point3(1, 1, 1), yawRadians: 0)
    for size in [Point3(0, 1, 1), Point3(1, 0, 1), Point3(1, 1, 0), Point3.zero] {
      let flat = Box3(center: .zero, size: size, yawRadians: 0.3)
      #expect(flat.intersectionOverUnion(with: unit) == 0 && unit.intersectionOverUnion(with: flat) == 0)
      #expect(flat.intersectionOverUnion(with: flat) == 0)
    }
    for bad in [Double.nan, .infinity, -.infinity, 1e308] {
      for box in [
        Box3(center: Point3(bad, 0, 0), size: Point3(1, 1, 1), yawRadians: 0),
        Box3(center: .zero, size: Point3(1, 1, bad), yawRadians: 0),
        Box3(center: .zero, size: Point3(bad, bad, bad), yawRadians: 0),
        Box3(center: Point3(0, 0, bad), size: Point3(1, 1, 1), yawRadians: 0),
      ] {
        #expect((0...1).contains(box.intersectionOverUnion(with: unit)))
        #expect((0...1).contains(unit.intersectionOverUnion(with: box)))
      }
      let turned = Box3(center: .zero, size: Point3(1, 1, 1), yawRadians: bad)
      #expect((0...1).contains(unit.intersectionOverUnion(with: turned)))
    }
  }

  @Test("golden: the overlaps of an independent program")
  func golden() {
    func overlap(_ a: [Double], _ b: [Double]) -> Double {
      func box(_ v: [Double]) -> Box3 {
        Box3(center: Point3(v[0], v[1], v[2]), size: Point3(v[3], v[4], v[5]), yawRadians: v[6])
      }
      return box(a).intersectionOverUnion(with: box(b))
    }
    #expect(abs(overlap([0, 0, 0, 4, 2, 1.5, 0], [0.5, 0.2, 0.1, 4, 2, 1.5, 0.3]) - 0.5539730959420173) < 1e-13)
    #expect(
      abs(overlap([10, -5, 1, 3.9, 1.6, 1.5, 1.2], [10.4, -4.6, 0.8, 4.2, 1.7, 1.6, -1.9]) - 0.47877467506021804)
        < 1e-13)
    #expect(
      abs(overlap([0, 0, 0, 0.6, 0.5, 1.8, 2], [0.3, 0.1, 0.2, 0.6, 0.5, 1.8, 0.1]) - 0.20745006830770218) < 1e-13)
  }
}
