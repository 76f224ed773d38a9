import Geometry
import Parallelism

/// For every keypoint of two clouds the two keypoints of the other cloud with the nearest descriptors.
struct DescriptorNeighbors: Sendable {
  /// The nearest two of one keypoint in the other cloud.
  struct Nearest: Sendable {
    /// The nearest keypoint, the lowest index among equals; -1 where the other cloud is empty.
    var first: Int32
    /// The squared distances of the descriptors of the nearest and of the second; infinite where there is none.
    var distances: (first: Float, second: Float)

    /// The nearer over the further squared distance, in [0, 1]; 1 where there is no second. Small is distinctive.
    var ratio: Float {
      distances.second > 0 && distances.second < .infinity ? min(1, distances.first / distances.second) : 1
    }
  }

  /// Of every source keypoint in the target.
  let source: [Nearest]
  /// Of every target keypoint in the source.
  let target: [Nearest]

  /// Finds the neighbours of two clouds with descriptors of the same kind.
  init(source: Features, target: Features) {
    precondition(
      source.dimension == target.dimension, "descriptors of \(source.dimension) and \(target.dimension) values")
    let nearest = ProductMatching.nearest(
      source.descriptors, rows: source.count, target.descriptors, rows: target.count, dimension: source.dimension)
    // Products decide who is nearest; distances are computed afresh, without cancellation.
    self.source = Self.measured(nearest.rows, from: source, to: target)
    self.target = Self.measured(nearest.columns, from: target, to: source)
  }

  private static func measured(_ found: NearestTwo, from own: Features, to other: Features) -> [Nearest] {
    Parallel.map(own.count, grain: 64) { i in
      Nearest(
        first: found.first[i],
        distances: (
          own.squaredDistance(i, to: Int(found.first[i]), of: other),
          own.squaredDistance(i, to: Int(found.second[i]), of: other)
        ))
    }
  }
}

extension Features {
  /// The squared distance of the descriptors of two keypoints; infinite for a negative index.
  @inline(__always)
  func squaredDistance(_ i: Int, to j: Int, of other: Features) -> Float {
    guard i >= 0, j >= 0 else { return .infinity }
    return descriptors.withUnsafeBufferPointer { a in
      other.descriptors.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        return Self.squaredDistance(a + i * dimension, b + j * dimension, dimension)
      }
    }
  }

  /// The squared distance of two rows of d values.
  @inline(__always)
  static func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ d: Int) -> Float {
    var sum = SIMD4<Float>.zero
    var k = 0
    while k + 4 <= d {
      let x = load4(a + k) - load4(b + k)
      sum += x * x
      k += 4
    }
    var total = sum.sum()
    while k < d {
      total += (a[k] - b[k]) * (a[k] - b[k])
      k += 1
    }
    return total
  }
}
