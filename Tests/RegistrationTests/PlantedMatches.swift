import Geometry
import Solvers

/// Correspondences of a known motion, with noise, among random ones.
struct PlantedMatches {
  var (source, target): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
  var (sourceNormals, targetNormals): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
  var isRight: [Bool] = []
  let motion: RigidTransform

  /// `share` of `count` correspondences in a room of 10 m follow the motion, displaced by at most `noise` metres.
  init(_ count: Int, share: Double, noise: Double = 0.03, seed: UInt64) {
    var numbers = FeatureNumbers(state: seed)
    motion = numbers.motion(4)
    let right = Int((Double(count) * share).rounded())
    for i in 0..<count {
      let (p, n) = (numbers.vector(5), numbers.vector().normalized)
      isRight.append(i < right)
      source.append(SIMD3(p))
      sourceNormals.append(SIMD3(n))
      target.append(SIMD3(i < right ? motion(p) + numbers.vector(noise / 2) : numbers.vector(5) + motion.translation))
      targetNormals.append(SIMD3(i < right ? motion.rotation(n) : numbers.vector().normalized))
    }
  }

  func graph() -> ConsensusGraph {
    ConsensusGraph(
      source: source, target: target, sourceNormals: sourceNormals, targetNormals: targetNormals,
      tolerance: .init(length: 0.1, minimumLength: 0.15))
  }

  /// Whether a motion is the planted one: below a degree, and below 5 cm at the middle of the room.
  func isPlanted(_ found: RigidTransform) -> Bool {
    (found.rotation.inverse * motion.rotation).angleDegrees < 1
      && (found.translation - motion.translation).length < 0.05
  }
}
