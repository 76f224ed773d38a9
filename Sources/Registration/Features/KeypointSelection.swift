import PointClouds

/// An even choice of points: in every cell of a grid the point nearest to the mean of the cell.
public struct KeypointSelection: Sendable {
  /// The edge of a cell, metres.
  public var cell: Float
  /// The most keypoints wanted; the cells grow until no more remain.
  public var limit: Int

  /// A selection with the given cell edge (metres, positive) and the most keypoints wanted.
  public init(cell: Float, limit: Int = 4500) {
    self.cell = cell
    self.limit = max(1, limit)
  }

  /// The indices of the chosen points, ascending, and the cell edge that was used.
  /// - Parameters:
  ///   - positions: metres, shape [count].
  ///   - eligible: which points may be chosen; all when nil.
  public func callAsFunction(
    _ positions: [SIMD3<Float>], where eligible: ((Int) -> Bool)? = nil
  ) -> (indices: [Int32], cell: Float) {
    let candidates = positions.indices.filter { eligible?($0) ?? true }.map(Int32.init)
    let points = candidates.map { positions[Int($0)] }
    var cell = self.cell
    for _ in 0..<64 {
      let chosen = nearestToMeans(points, cell: cell)
      if chosen.count <= limit { return (chosen.map { candidates[Int($0)] }, cell) }
      // On a surface the number of cells falls with the square of their edge.
      let larger = cell * max(1.02, (Float(chosen.count) / Float(limit)).squareRoot())
      if !larger.isFinite { break }
      cell = larger
    }
    return (Array(nearestToMeans(points, cell: cell).prefix(limit)).map { candidates[Int($0)] }, cell)
  }

  private func nearestToMeans(_ points: [SIMD3<Float>], cell: Float) -> [Int32] {
    let (voxels, means) = VoxelGrid(size: cell).assign(points)
    var best = [(index: Int32, distance: Float)](repeating: (-1, .infinity), count: means.positions.count)
    for (i, voxel) in voxels.enumerated() where voxel >= 0 {
      let d = (points[i] - means.positions[Int(voxel)]).squaredLength
      if d < best[Int(voxel)].distance || best[Int(voxel)].index < 0 { best[Int(voxel)] = (Int32(i), d) }
    }
    return best.map { $0.index }.sorted()
  }
}
