import Geometry
import Registration

/// Keypoints on the walls and the floor of a room, each with a descriptor of its own, and a moved part of them.
struct PlantedRoom {
  static let voxel: Float = 0.05
  let source, target: Features
  let truth = RigidTransform(
    rotation: Rotation3(rotationVector: Point3(0.3, -0.8, 1.1)), translation: Point3(0.4, -0.2, 0.7))

  /// - Parameter sameDescriptors: false: the target's descriptors have nothing to do with the source's.
  init(seed: UInt64, sameDescriptors: Bool = true) {
    var numbers = FeatureNumbers(state: seed)
    func uniform(_ range: ClosedRange<Float>) -> Float { .random(in: range, using: &numbers) }
    var (points, normals): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
    for k in 0..<1500 {
      var p = SIMD3(uniform(0...3), uniform(0...3), uniform(0...3))
      let axis = k % 3
      p[axis] = 0
      var n = SIMD3<Float>.zero
      n[axis] = 1
      points.append(p)
      normals.append(n)
    }
    func descriptors(_ n: Int) -> [Float] { (0..<n * 16).map { _ in uniform(-1...1) } }
    let own = descriptors(points.count)
    // The target sees the half of the room with large x and y.
    let kept = points.indices.filter { points[$0].x + points[$0].y > 1.5 }
    let noisy = kept.flatMap { i in (0..<16).map { own[i * 16 + $0] + uniform(-0.2...0.2) } }
    func features(_ points: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ descriptors: [Float]) -> Features {
      Features(
        keypoints: points, normals: normals, indices: points.indices.map { Int32($0) }, descriptors: descriptors,
        dimension: 16)
    }
    let truth = truth
    source = features(points, normals, own)
    target = features(
      kept.map { SIMD3<Float>(truth(Point3(points[$0]))) },
      kept.map { SIMD3<Float>(truth.rotation(Point3(normals[$0]))) },
      sameDescriptors ? noisy : descriptors(kept.count))
  }
}
