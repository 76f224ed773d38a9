import Geometry
import Parallelism
import PointClouds

/// Describes the surroundings of keypoints by FPFH and joint histograms at several radii, all in units of the voxel.
///
/// FPFH at 5 and 10 voxels over all points; joint histograms at 10 voxels over all points and at 20 voxels over a support
/// thinned to 2 voxels, every mean weighted by its members. The parts are concatenated and scaled to unit length:
/// 2 x 33 + 2 x 180 = 426 values. They do not change under rigid motions as long as the normals turn along.
///
/// Complexity: linear in the points, quadratic in the radii over the voxel.
public struct DescriptorExtractor: Sendable {
  /// The number of the descriptors that the default settings make. It rises when a change of the code or of the defaults
  /// changes the values by more than rounding; a ``DescriptorMap`` fitted before is refused then.
  public static let format = 1

  /// The edge of a voxel of the cloud, metres.
  public var voxel: Float
  /// Radii of FPFH in voxels, one or two.
  public var featureRadii: [Float] = [5, 10]
  /// Radius in voxels of the joint histogram over all points; at most the largest of FPFH.
  public var innerRadius: Float = 10
  /// Radius in voxels of the joint histogram over the thinned support.
  public var outerRadius: Float = 20
  /// How much coarser the thinned support is, in voxels; 1 keeps all points.
  public var thinning: Float = 2
  /// Cell of the keypoints in voxels, and the most keypoints.
  public var keypoints: (cell: Float, limit: Int) = (1.5, 4500)

  /// An extractor for clouds of the given voxel edge, metres.
  public init(voxel: Float) {
    precondition(voxel > 0 && voxel.isFinite, "voxel \(voxel): must be positive and finite")
    self.voxel = voxel
  }

  /// The length of a descriptor.
  public var dimension: Int { 33 * featureRadii.count + 2 * JointHistogram.dimension }

  /// The features of a voxelised cloud. Points without a normal (zero) are neither keypoints nor neighbours.
  /// - Parameters:
  ///   - positions: metres, shape [count].
  ///   - normals: unit, turned to the viewpoint, zero where invalid, shape [count].
  public func callAsFunction(_ positions: [SIMD3<Float>], normals: [SIMD3<Float>]) -> Features {
    precondition(positions.count == normals.count, "\(normals.count) normals for \(positions.count) points")
    let selection = KeypointSelection(cell: keypoints.cell * voxel, limit: keypoints.limit)
    let chosen = selection(positions) { positions[$0].isFinite && normals[$0].squaredLength > 0.5 }.indices
    return Features(
      keypoints: chosen.map { positions[Int($0)] }, normals: chosen.map { normals[Int($0)] }, indices: chosen,
      descriptors: describe(chosen, of: positions, normals: normals), dimension: dimension)
  }

  /// The descriptors of the given points, row-major [indices, dimension].
  public func describe(_ indices: [Int32], of positions: [SIMD3<Float>], normals: [SIMD3<Float>]) -> [Float] {
    let radii = featureRadii.sorted().map { $0 * voxel }
    let reach = max(radii.last!, innerRadius * voxel)
    let points = OrientedPoints(positions, normals: normals, cell: reach * 1.0001)
    let histograms = SimplifiedHistograms(points, radii: radii)
    let (coarse, weights) = thinned(positions, normals)
    var sorted = [Int32](repeating: -1, count: positions.count)
    for (k, i) in points.indices.enumerated() { sorted[Int(i)] = Int32(k) }
    let places = sorted
    let dimension = self.dimension
    let (inner, outer) = (innerRadius * voxel, outerRadius * voxel)
    var result = [Float](repeating: 0, count: indices.count * dimension)
    result.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      Parallel.forEachChunk(indices.count, grain: 32) { range in
        let neighbors = NeighborList()
        var joint = JointHistogram()
        for i in range {
          let k = Int(places[Int(indices[i])])
          if k < 0 { continue }
          let (q, m, row) = (points.position(k), points.normal(k), out.base! + i * dimension)
          neighbors.collect(around: q, radius: reach, in: points)
          FastPointFeatures.write(k, neighbors, histograms, radii, row)
          joint.reset()
          joint.add(neighbors, of: q, normal: m, radius: inner, in: points)
          joint.write(row + 33 * radii.count)
          neighbors.collect(around: q, radius: outer, in: coarse)
          joint.reset()
          weights.withUnsafeBufferPointer {
            joint.add(neighbors, of: q, normal: m, radius: outer, in: coarse, weights: $0.baseAddress)
          }
          joint.write(row + 33 * radii.count + JointHistogram.dimension)
          Self.scale(row, dimension)
        }
      }
    }
    return result
  }

  /// The support of the outer radius with the number of members of every point, in its sorted order.
  private func thinned(
    _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>]
  ) -> (points: OrientedPoints, weights: [Float]) {
    let cell = outerRadius * voxel
    if thinning <= 1 {
      let points = OrientedPoints(positions, normals: normals, cell: cell)
      return (points, [Float](repeating: 1, count: points.count))
    }
    let valid = normals.indices.filter { normals[$0].squaredLength > 0.5 }
    let cloud = PointCloud(positions: valid.map { positions[$0] }, normals: valid.map { normals[$0] })
    let grid = VoxelGrid(size: thinning * voxel)
    let counts = grid.means(of: cloud.positions).counts
    let means = grid(cloud)
    let points = OrientedPoints(means.positions, normals: means.normals ?? [], cell: cell)
    return (points, points.indices.map { Float(counts[Int($0)]) })
  }

  private static func scale(_ row: UnsafeMutablePointer<Float>, _ n: Int) {
    var sum: Float = 0
    for k in 0..<n { sum += row[k] * row[k] }
    let factor = sum > 0 ? 1 / sum.squareRoot() : 0
    for k in 0..<n { row[k] *= factor }
  }
}
