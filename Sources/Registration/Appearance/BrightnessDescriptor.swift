import Geometry
import Parallelism
import PointClouds

/// Describes the brightness around keypoints by its mean and deviation in six shells, which no rotation changes, and appends
/// that to the descriptors of their shape.
///
/// Values of a keypoint: the mean of the whole ball, the means of the shells less that, their standard deviations. The
/// appended part is scaled so that the squared distance of unrelated keypoints is twice that of their shapes: on a flat wall
/// these are noise. So matches, the tree and the agreement of descriptors in the ranking all look at shape and colour.
struct BrightnessDescriptor: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Float
  /// Thickness of a shell, voxels.
  var shell: Float = 2
  /// Shells with fewer points count as average.
  var minimumPoints = 3

  private static let shells = 6
  static let dimension = 1 + 2 * shells

  /// The features of two surfaces with their brightness appended.
  func callAsFunction(
    _ features: (source: Features, target: Features), surfaces: (source: [SIMD3<Float>], target: [SIMD3<Float>]),
    brightness: (source: [Float], target: [Float])
  ) -> (source: Features, target: Features) {
    let a = describe(features.source.keypoints, surfaces.source, brightness.source)
    let b = describe(features.target.keypoints, surfaces.target, brightness.target)
    let shape = Self.unrelated(
      features.source.descriptors, features.target.descriptors, features.source.dimension)
    let look = Self.unrelated(a, b, Self.dimension)
    let weight = look > 0 && shape.isFinite ? (2 * shape / look).squareRoot() : 0
    return (features.source.appending(a, weight: weight), features.target.appending(b, weight: weight))
  }

  private func describe(_ keypoints: [SIMD3<Float>], _ points: [SIMD3<Float>], _ values: [Float]) -> [Float] {
    let radius = Float(Self.shells) * shell * voxel
    let grid = FixedRadiusGrid(points, cell: radius * 1.0001)
    let inverse = 1 / (shell * voxel)
    let rows = Parallel.map(keypoints.count, grain: 32) { k -> [Float] in
      var (counts, sums, squares) = (
        [Float](repeating: 0, count: Self.shells), [Float](repeating: 0, count: Self.shells),
        [Float](repeating: 0, count: Self.shells)
      )
      grid.forEachNeighbor(of: keypoints[k], radius: radius) { i, squared in
        let s = min(Int(squared.squareRoot() * inverse), Self.shells - 1)
        let value = values[Int(grid.indices[i])]
        counts[s] += 1
        sums[s] += value
        squares[s] += value * value
      }
      let mean = sums.reduce(0, +) / max(counts.reduce(0, +), 1)
      var row = [mean]
      for s in 0..<Self.shells {
        let isKnown = counts[s] >= Float(minimumPoints)
        row.append(isKnown ? sums[s] / counts[s] - mean : 0)
      }
      for s in 0..<Self.shells {
        let own = sums[s] / max(counts[s], 1)
        let isKnown = counts[s] >= Float(minimumPoints)
        row.append(isKnown ? max(0, squares[s] / counts[s] - own * own).squareRoot() : 0)
      }
      return row
    }
    return rows.flatMap { $0 }
  }

  /// The median squared distance of 64 x 64 evenly chosen rows.
  private static func unrelated(_ a: [Float], _ b: [Float], _ dimension: Int) -> Float {
    let (n, m) = (a.count / dimension, b.count / dimension)
    guard n > 0, m > 0 else { return 0 }
    var distances: [Float] = []
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        for i in 0..<min(n, 64) {
          for j in 0..<min(m, 64) {
            let (s, t) = (i * n / min(n, 64), j * m / min(m, 64))
            distances.append(Features.squaredDistance(a + s * dimension, b + t * dimension, dimension))
          }
        }
      }
    }
    distances.sort()
    return distances[distances.count / 2]
  }
}

extension Features {
  /// The same keypoints with weighted values behind their descriptors; the shape [count, values per keypoint].
  fileprivate func appending(_ values: [Float], weight: Float) -> Features {
    let own = dimension
    let more = count > 0 ? values.count / count : BrightnessDescriptor.dimension
    var joined: [Float] = []
    joined.reserveCapacity(count * (own + more))
    for i in 0..<count {
      joined += descriptors[i * own..<(i + 1) * own]
      joined += values[i * more..<(i + 1) * more].map { weight * $0 }
    }
    return Features(
      keypoints: keypoints, normals: normals, indices: indices, descriptors: joined, dimension: own + more)
  }
}
