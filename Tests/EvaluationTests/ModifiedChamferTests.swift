import Evaluation
import Geometry
import Testing

@Suite struct ModifiedChamferTests {
  @Test("the distance agrees with its definition, every point against every point of the moved model")
  func bruteForce() throws {
    func cloud(_ count: Int, _ step: Double) -> [Point3] {
      (0..<count).map { k in
        let t = step * Double(k)
        return Point3(t.truncatingRemainder(dividingBy: 1), (t * 7.3).truncatingRemainder(dividingBy: 1), t * 0.01)
          - 0.5
      }
    }
    let (model, source, target) = (cloud(150, 0.618), cloud(60, 0.37), cloud(80, 0.71))
    let truth = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0.4, -0.2, 0.6)), translation: Point3(0.3, 0.1, -0.5))
    let estimate = truth.perturbed(
      by: Twist(rotation: Point3(0.1, 0.05, -0.2), translation: Point3(0.05, 0, 0.1)), about: .zero)
    func mean(_ points: [Point3], _ others: [Point3]) -> Double {
      points.reduce(0) { sum, p in sum + others.map { (p - $0).squaredLength }.min()! } / Double(points.count)
    }
    let moved = model.map { (estimate * truth.inverse)($0) }
    let expected = mean(source.map { estimate($0) }, model) + mean(target, moved)
    let found = try #require(
      ModifiedChamferDistance(model: model)(source: source, target: target, estimate: estimate, truth: truth))
    // Where two points of the model are equally near in single precision, the other one may be taken.
    #expect(abs(found - expected) < 1e-7)
  }

  @Test("numbers that are not finite give no distance")
  func notFinite() {
    let chamfer = ModifiedChamferDistance(model: [.zero])
    let far = RigidTransform(translation: Point3(.nan, 0, 0))
    #expect(chamfer(source: [.zero], target: [.zero], estimate: far, truth: .identity) == nil)
    #expect(chamfer(source: [Point3(1e300, 0, 0)], target: [.zero], estimate: .identity, truth: .identity) == nil)
  }
}
