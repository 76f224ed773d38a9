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

  /// A cloud whose keypoints are moved; all of its points where there are no features.
  init(_ cloud: PreparedCloud, features: Features? = nil, voxel: Double) {
    keypoints = features?.keypoints ?? cloud.coarse.positions
    normals = features?.normals ?? cloud.coarse.normals
    surface = cloud.coarse
    grid = DenseNearestGrid(cloud.coarse.positions, cell: Float(voxel), reach: 5)
    freeSpace = FreeSpaceMap(cloud.coarse.positions, from: cloud.viewpoint.position)
  }

  /// The same cloud with all its points as keypoints, for a closer look at few poses.
  var whole: CheckedCloud {
    var copy = self
    (copy.keypoints, copy.normals) = (surface.positions, surface.normals)
    return copy
  }
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
