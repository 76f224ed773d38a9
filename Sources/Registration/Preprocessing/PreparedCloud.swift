import Geometry
import PointClouds

/// A cloud at the two resolutions that registration works on, with normals: `v` for features, hypotheses and checks,
/// `v/2` for the refinement.
package struct PreparedCloud: Sendable {
  /// Points with unit normals, zero where the surroundings fix none.
  package struct Surface: Sendable {
    package let positions: [SIMD3<Float>]
    package let normals: [SIMD3<Float>]
    /// How many bytes the points take.
    var byteCount: Int { positions.byteCount + normals.byteCount }
    /// The same points with their normals on the other side.
    var turned: Surface { Surface(positions: positions, normals: normals.map { -$0 }) }

    /// Points with one normal each.
    package init(positions: [SIMD3<Float>], normals: [SIMD3<Float>]) {
      self.positions = positions
      self.normals = normals
    }
  }

  /// One point per voxel of edge v; normals point to the viewpoint.
  package let coarse: Surface
  /// One point per voxel of edge v/2; normals point to the viewpoint.
  package let fine: Surface
  /// Where the cloud was seen from, in its working frame.
  let viewpoint: Viewpoint
  /// The median share of the smallest eigenvalue in the scatter of a point's surroundings, in [0, 1/3]: near 0 on smooth
  /// surfaces, a quarter in a cloud of noise.
  let roughness: Float

  /// Thins a cloud, estimates its normals and turns them to the side it was seen from.
  /// - Throws: when fewer than three voxels are filled, or no point has a normal.
  init(_ frame: WorkingFrame, voxel: Double, name: String) throws(RegistrationError) {
    let v = Float(voxel)
    let finePositions = VoxelGrid(size: v / 2).means(of: frame.cloud.positions).positions
    let coarsePositions = VoxelGrid(size: v).means(of: frame.cloud.positions).positions
    guard coarsePositions.count >= 3 else {
      throw RegistrationError(
        "\(name): voxel \(voxel) m leaves \(coarsePositions.count) point\(coarsePositions.count == 1 ? "" : "s"); "
          + "choose a smaller one")
    }
    let grid = FixedRadiusGrid(finePositions, cell: v)
    let estimate = NormalEstimation(radius: 2 * v)(coarsePositions, grid: grid)
    var coarseNormals = estimate.normals
    let curvatures = coarseNormals.indices.filter { coarseNormals[$0].squaredLength > 0.5 }.map(estimate.curvature)
      .sorted()
    roughness = curvatures.isEmpty ? 0 : curvatures[curvatures.count / 2]
    var fineNormals = NormalEstimation(radius: 1.5 * v)(finePositions, grid: grid).normals
    viewpoint = ViewpointSearch(voxel: v)(
      coarsePositions, normals: coarseNormals,
      stated: frame.cloud.sensorPosition.map { SIMD3<Float>($0 - frame.cloud.origin) },
      origin: SIMD3<Float>(-frame.cloud.origin), dense: (finePositions, fineNormals))
    viewpoint.orient(&coarseNormals, of: coarsePositions)
    viewpoint.orient(&fineNormals, of: finePositions)
    coarse = Surface(positions: coarsePositions, normals: coarseNormals)
    fine = Surface(positions: finePositions, normals: fineNormals)
  }

  private init(coarse: Surface, fine: Surface, viewpoint: Viewpoint, roughness: Float) {
    (self.coarse, self.fine, self.viewpoint, self.roughness) = (coarse, fine, viewpoint, roughness)
  }

  /// The cloud as it is when its surfaces were seen from the other side than the viewpoint says.
  var turned: PreparedCloud {
    PreparedCloud(coarse: coarse.turned, fine: fine.turned, viewpoint: viewpoint.opposite, roughness: roughness)
  }
}
