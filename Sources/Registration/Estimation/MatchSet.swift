import Geometry
import Solvers

/// The matched keypoints of two clouds, with their normals, as the estimation sees them.
package struct MatchSet: Sendable {
  let source, target: [SIMD3<Float>]
  let sourceNormals, targetNormals: [SIMD3<Float>]

  /// Matches from their points and unit normals, in the working frames; all four of one count.
  package init(
    source: [SIMD3<Float>], target: [SIMD3<Float>], sourceNormals: [SIMD3<Float>], targetNormals: [SIMD3<Float>]
  ) {
    (self.source, self.target) = (source, target)
    (self.sourceNormals, self.targetNormals) = (sourceNormals, targetNormals)
  }

  init(_ matches: [Match], source: Features, target: Features) {
    let (s, t) = (matches.map { Int($0.correspondence.source) }, matches.map { Int($0.correspondence.target) })
    self.source = s.map { source.keypoints[$0] }
    self.target = t.map { target.keypoints[$0] }
    sourceNormals = s.map { source.normals[$0] }
    targetNormals = t.map { target.normals[$0] }
  }

  /// The number of matches.
  package var count: Int { source.count }

  /// `Σ (1 - r/τ)` over the matches with residual r below τ, and their number.
  func support(of pose: RigidTransform, within tolerance: Double) -> (sum: Double, inliers: Int) {
    let (fast, tau) = (FastTransform(pose), Float(tolerance))
    var (sum, inliers): (Float, Int) = (0, 0)
    for i in source.indices {
      let squared = (fast(source[i]) - target[i]).squaredLength
      if squared < tau * tau {
        sum += 1 - squared.squareRoot() / tau
        inliers += 1
      }
    }
    return (Double(sum), inliers)
  }

  /// In how many cubes of the target, of an edge in metres, there are matches with a residual below a tolerance.
  func regions(of pose: RigidTransform, within tolerance: Double, edge: Double) -> Int {
    let (fast, tau, scale) = (FastTransform(pose), Float(tolerance), Float(1 / edge))
    var cubes = Set<SIMD3<Int32>>()
    for i in source.indices where (fast(source[i]) - target[i]).squaredLength < tau * tau {
      cubes.insert(SIMD3<Int32>((target[i] * scale).rounded(.down)))
    }
    return cubes.count
  }

  /// The pose after `rounds` of reweighted alignment, weight `1 / (1 + r²/τ²)` within τ.
  func refit(_ pose: RigidTransform, within tolerance: Double, rounds: Int, motion: MotionModel) -> RigidTransform {
    var pose = pose
    for _ in 0..<rounds {
      let fast = FastTransform(pose)
      let inverse = Float(1 / (tolerance * tolerance))
      var alignment = RigidAlignment()
      for i in source.indices {
        let r = (fast(source[i]) - target[i]).squaredLength * inverse
        if r < 1 { alignment.add(Point3(source[i]), Point3(target[i]), weight: Double(1 / (1 + r))) }
      }
      guard let better = alignment.transform(motion) else { break }
      pose = better
    }
    return pose
  }
}
