import Geometry

/// A cloud made ready for checking many poses: keypoints that are moved, a nearest-point grid and a free-space map that
/// they are held against.
struct CheckedCloud: Sendable {
  /// The points that are moved, with unit normals.
  private(set) var keypoints: [SIMD3<Float>]
  private(set) var normals: [SIMD3<Float>]
  /// All points at the working resolution with unit normals; the grid answers with their indices.
  let surface: PreparedCloud.Surface
  let grid: DenseNearestGrid
  let freeSpace: FreeSpaceMap

  /// A cloud with all its points as keypoints.
  init(_ cloud: PreparedCloud, voxel: Double) {
    keypoints = cloud.coarse.positions
    normals = cloud.coarse.normals
    surface = cloud.coarse
    grid = DenseNearestGrid(cloud.coarse.positions, cell: Float(voxel), reach: 5)
    freeSpace = FreeSpaceMap(
      cloud.viewpoint.kind == .opposite ? [] : cloud.coarse.positions, from: cloud.viewpoint.position)
  }

  /// The same cloud of which only the described keypoints are moved: many poses have to be checked.
  func reduced(to features: Features) -> CheckedCloud {
    var copy = self
    (copy.keypoints, copy.normals) = (features.keypoints, features.normals)
    return copy
  }

  /// How many bytes the grid and the map take; the points belong to the surface.
  var byteCount: Int { grid.byteCount + freeSpace.byteCount }
}

/// A rigid motion in single precision, as three columns and a translation, for inner loops.
struct FastTransform: Sendable {
  private let x, y, z: SIMD3<Float>
  let translation: SIMD3<Float>

  init(_ t: RigidTransform) {
    let m = t.rotation.matrix
    (x, y, z) = (SIMD3<Float>(m.x), SIMD3<Float>(m.y), SIMD3<Float>(m.z))
    translation = SIMD3<Float>(t.translation)
  }

  /// The direction turned.
  @inline(__always)
  func turn(_ v: SIMD3<Float>) -> SIMD3<Float> { x * v.x + y * v.y + z * v.z }
  /// The point moved.
  @inline(__always)
  func callAsFunction(_ p: SIMD3<Float>) -> SIMD3<Float> { turn(p) + translation }
}
