import LinearAlgebra
import Parallelism

/// The squared distances of the descriptors of all pairs of keypoints, row-major [source, target].
struct DescriptorDistances: Sendable {
  let values: [Float]
  let rows, columns: Int

  init(source: Features, target: Features) {
    let (m, n, d) = (source.count, target.count, source.dimension)
    (rows, columns) = (m, n)
    let (own, other) = (Self.norms(source), Self.norms(target))
    values = [Float](unsafeUninitializedCapacity: m * n) { buffer, initialized in
      let out = UncheckedPointer(buffer.baseAddress)
      // Blocks of fixed size: the bits do not depend on the number of threads.
      Parallel.forEachChunk(m, grain: 256) { range in
        guard n > 0, let rows = out.base.map({ $0 + range.lowerBound * n }) else { return }
        source.descriptors.withUnsafeBufferPointer { x in
          target.descriptors.withUnsafeBufferPointer { y in
            guard let x = x.baseAddress, let y = y.baseAddress else { return }
            MatrixProduct.multiplyTransposed(
              x + range.lowerBound * d, rows: range.count, y, rows: n, dimension: d, into: rows)
          }
        }
        other.withUnsafeBufferPointer { other in
          for (k, i) in range.enumerated() {
            let row = rows + k * n
            for j in 0..<n { row[j] = max(0, own[i] + other[j] - 2 * row[j]) }
          }
        }
      }
      initialized = m * n
    }
  }

  private static func norms(_ features: Features) -> [Float] {
    let d = features.dimension
    return (0..<features.count).map { i in
      var sum: Float = 0
      for k in i * d..<(i + 1) * d { sum += features.descriptors[k] * features.descriptors[k] }
      return sum
    }
  }

  /// The squared distances of a source keypoint.
  @inline(__always)
  func withRow<T>(_ i: Int, _ body: (UnsafeBufferPointer<Float>) -> T) -> T {
    values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[i * columns..<(i + 1) * columns])) }
  }

  /// The squared distance of two keypoints.
  subscript(_ i: Int32, _ j: Int32) -> Float { values[Int(i) * columns + Int(j)] }
}
