import Geometry

/// Holds one moved cloud against another: where do surfaces agree, and where does a point stand in free space?
///
/// A keypoint **agrees** when the nearest target point lies within 2 voxels and the normals within 37 degrees; it
/// **violates** free space when it has no partner and lies more than 4 voxels before what the target's sensor saw.
package struct HypothesisCheck: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double

  /// Counts over the keypoints, scaled to 2700 of them: the number at which the weights of the score were fitted.
  package struct Counts: Sendable {
    var agreeing = 0.0
    var violating = 0.0

    /// Counts, scaled.
    package init(agreeing: Double = 0, violating: Double = 0) {
      (self.agreeing, self.violating) = (agreeing, violating)
    }
  }

  /// A pose of `source` on `target` with what both directions say of it.
  func callAsFunction(_ pose: RigidTransform, source: CheckedCloud, target: CheckedCloud) -> ScoredPose {
    ScoredPose(
      transform: pose, forward: self(pose, moved: source, fixed: target),
      backward: self(pose.inverse, moved: target, fixed: source))
  }

  /// Checks the keypoints of `moved` under `pose` against `fixed`.
  func callAsFunction(_ pose: RigidTransform, moved: CheckedCloud, fixed: CheckedCloud) -> Counts {
    let fast = FastTransform(pose)
    let v = Float(voxel)
    var (agreeing, violating) = (0, 0)
    moved.keypoints.withUnsafeBufferPointer { keypoints in
      moved.normals.withUnsafeBufferPointer { normals in
        fixed.surface.positions.withUnsafeBufferPointer { positions in
          fixed.surface.normals.withUnsafeBufferPointer { fixedNormals in
            fixed.grid.lookUp(keypoints, moved: fast) { i, x, j in
              if j >= 0, (positions[j] - x).squaredLength < 4 * v * v {
                if fast.turn(normals[i]).dot(fixedNormals[j]) > 0.8 { agreeing += 1 }
              } else if fixed.freeSpace.isViolated(by: x, margin: 4 * v) {
                violating += 1
              }
            }
          }
        }
      }
    }
    let scale = 2700 / Double(max(moved.keypoints.count, 1))
    return Counts(agreeing: Double(agreeing) * scale, violating: Double(violating) * scale)
  }
}
