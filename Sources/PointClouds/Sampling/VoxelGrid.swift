import Geometry
import Parallelism

/// Replaces the points of every cubic voxel by their mean, attributes included.
///
/// The grid is anchored at the robust lower corner of the cloud, so a shifted cloud is divided in the same way. Extents
/// have no limit: one point at 1e30 m gets a voxel of its own and leaves the others alone. The voxels come in the order in
/// which the points first enter them, and no bit depends on the number of threads. Points that are not finite are dropped.
///
/// Complexity: linear in the number of points.
public struct VoxelGrid: Sendable {
  /// The edge of a voxel, metres.
  public var size: Float

  /// A grid of the given voxel edge, which must be positive and finite.
  public init(size: Float) {
    precondition(size > 0 && size.isFinite, "voxel size \(size): must be positive and finite")
    self.size = size
  }

  /// The means of the points of one cloud.
  public struct Means: Sendable {
    /// The mean of every voxel, metres, shape [voxels].
    public var positions: [SIMD3<Float>]
    /// How many points every voxel holds, shape [voxels].
    public var counts: [Int32]
  }

  /// The mean position and the number of members of every occupied voxel.
  public func means(of positions: [SIMD3<Float>]) -> Means {
    let partition = self.partition(positions)
    let counts = partition.counts
    return Means(positions: partition.meanPositions(positions, counts), counts: counts)
  }

  /// For every point the number of its voxel, -1 where it is not finite, and the means of the voxels.
  public func assign(_ positions: [SIMD3<Float>]) -> (voxels: [Int32], means: Means) {
    let partition = self.partition(positions)
    var voxels = [Int32](repeating: -1, count: positions.count)
    voxels.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      partition.forEach { point, voxel in out.base![point] = Int32(voxel) }
    }
    let counts = partition.counts
    return (voxels, Means(positions: partition.meanPositions(positions, counts), counts: counts))
  }

  /// The cloud of the voxel means. Normals are averaged and rescaled to unit length (zero where they cancel), colours
  /// rounded to the nearest value.
  public func callAsFunction(_ cloud: PointCloud) -> PointCloud {
    let partition = self.partition(cloud.positions)
    let counts = partition.counts
    let normals = cloud.normals.map { values in
      partition.sums(values, .zero) { $0 + $1 }.map { sum in sum.squaredLength > 1e-12 ? sum.normalized : .zero }
    }
    let intensities = cloud.intensities.map { values in
      zip(partition.sums(values, Float.zero) { $0 + $1 }, counts).map { $0 / Float($1) }
    }
    let colors = cloud.colors.map { values in
      zip(partition.sums(values, SIMD3<UInt32>.zero) { $0 &+ SIMD3<UInt32>(truncatingIfNeeded: $1) }, counts).map {
        let n = UInt32($1)
        return SIMD3<UInt8>(truncatingIfNeeded: ($0 &+ SIMD3(repeating: n / 2)) / SIMD3(repeating: n))
      }
    }
    return PointCloud(
      positions: partition.meanPositions(cloud.positions, counts), origin: cloud.origin, normals: normals,
      intensities: intensities, colors: colors, sensorPosition: cloud.sensorPosition)
  }

  private func partition(_ positions: [SIMD3<Float>]) -> VoxelPartition {
    // Half a voxel below the corner: a floor at the corner lies in the middle of its voxels, not on their border.
    let corner = Point3(RobustExtent(positions).lower) - Point3(repeating: 0.5 * Double(size))
    return VoxelPartition(positions, size: size, anchor: corner)
  }
}

extension VoxelPartition {
  /// How many points every voxel holds.
  var counts: [Int32] {
    var counts = [Int32](repeating: 0, count: first.count)
    counts.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      forEach { _, voxel in out.base![voxel] += 1 }
    }
    return counts
  }

  /// The mean positions, summed relative to the first point of every voxel: no digit is lost far from the origin.
  func meanPositions(_ positions: [SIMD3<Float>], _ counts: [Int32]) -> [SIMD3<Float>] {
    let first = self.first
    var means = [SIMD3<Float>](repeating: .zero, count: first.count)
    means.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      positions.withUnsafeBufferPointer { p in
        let p = UncheckedPointer(UnsafeMutablePointer(mutating: p.baseAddress))
        first.withUnsafeBufferPointer { f in
          let f = UncheckedPointer(UnsafeMutablePointer(mutating: f.baseAddress))
          forEach { point, voxel in out.base![voxel] += p.base![point] - p.base![Int(f.base![voxel])] }
          Parallel.forEachChunk(first.count, grain: 1 << 14) { range in
            for v in range { out.base![v] = p.base![Int(f.base![v])] + out.base![v] / Float(counts[v]) }
          }
        }
      }
    }
    return means
  }

  /// The sum of an attribute over every voxel.
  func sums<Value: Sendable, Sum: Sendable>(
    _ values: [Value], _ zero: Sum, _ add: @Sendable (Sum, Value) -> Sum
  ) -> [Sum] {
    var sums = [Sum](repeating: zero, count: first.count)
    sums.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      forEach { point, voxel in out.base![voxel] = add(out.base![voxel], values[point]) }
    }
    return sums
  }
}
