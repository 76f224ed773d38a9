import Geometry
import LinearAlgebra
import Parallelism

/// Nearest neighbours of unit vectors in both directions from one blocked matrix product: the largest product is the
/// nearest. Rows and columns are reduced in the same pass, while a block is in the cache.
///
/// Complexity: O(m n d) multiply-adds in BLAS, O(m + n) memory per worker.
enum ProductMatching {
  private static let blockRows = 384
  private static let blockColumns = 512

  /// The nearest two of every row of `a` in `b`, and of every row of `b` in `a`.
  /// - Parameters:
  ///   - a: unit vectors, row-major [m, dimension].
  ///   - b: unit vectors, row-major [n, dimension].
  static func nearest(
    _ a: [Float], rows m: Int, _ b: [Float], rows n: Int, dimension: Int
  ) -> (rows: NearestTwo, columns: NearestTwo) {
    // The number of groups depends on the problem only; each keeps its own best columns.
    let groups = max(1, min(16, (m + 255) / 256))
    let rows = BestTwo(m)
    let columns = (0..<groups).map { _ in BestTwo(n) }
    Parallel.forEachChunk(groups, grain: 1) { range in
      for g in range {
        let block = UnsafeMutablePointer<Float>.allocate(capacity: blockRows * blockColumns)
        defer { block.deallocate() }
        var r = m * g / groups
        let end = m * (g + 1) / groups
        while r < end {
          let height = min(blockRows, end - r)
          var c = 0
          while c < n {
            let width = min(blockColumns, n - c)
            a.withUnsafeBufferPointer { a in
              b.withUnsafeBufferPointer { b in
                MatrixProduct.multiplyTransposed(
                  a.baseAddress! + r * dimension, rows: height, b.baseAddress! + c * dimension, rows: width,
                  dimension: dimension, into: block)
              }
            }
            for i in 0..<height {
              reduce(block + i * width, width, row: r + i, column: c, rows, columns[g])
            }
            c += width
          }
          r += height
        }
      }
    }
    for g in 1..<max(1, groups) { columns[0].merge(columns[g]) }
    return (rows.result, columns[0].result)
  }

  /// Takes one row of products into the best of that row and of every column.
  private static func reduce(
    _ values: UnsafeMutablePointer<Float>, _ width: Int, row: Int, column: Int, _ rows: BestTwo, _ columns: BestTwo
  ) {
    var k = 0
    let cs = columns.secondValues + column
    // Most products change nothing: four at a time are compared with the second best of the row and of their columns.
    while k + 4 <= width {
      let v = UnsafeRawPointer(values + k).loadUnaligned(as: SIMD4<Float>.self)
      let s = UnsafeRawPointer(cs + k).loadUnaligned(as: SIMD4<Float>.self)
      if any((v .> s) .| (v .> SIMD4(repeating: rows.secondValues[row]))) {
        for l in k..<k + 4 {
          if values[l] > rows.secondValues[row] { rows.insert(row, values[l], Int32(truncatingIfNeeded: column + l)) }
          if values[l] > cs[l] { columns.insert(column + l, values[l], Int32(truncatingIfNeeded: row)) }
        }
      }
      k += 4
    }
    while k < width {
      if values[k] > rows.secondValues[row] { rows.insert(row, values[k], Int32(truncatingIfNeeded: column + k)) }
      if values[k] > cs[k] { columns.insert(column + k, values[k], Int32(truncatingIfNeeded: row)) }
      k += 1
    }
  }
}

/// The two largest values and their indices for each of n slots; of equal values the first inserted stays ahead.
private final class BestTwo: @unchecked Sendable {
  let count: Int
  let values: UnsafeMutablePointer<Float>
  let secondValues: UnsafeMutablePointer<Float>
  let indices: UnsafeMutablePointer<Int32>
  let secondIndices: UnsafeMutablePointer<Int32>

  init(_ n: Int) {
    count = n
    values = .allocate(capacity: n + 4)
    secondValues = .allocate(capacity: n + 4)
    indices = .allocate(capacity: n + 4)
    secondIndices = .allocate(capacity: n + 4)
    values.initialize(repeating: -.infinity, count: n + 4)
    secondValues.initialize(repeating: -.infinity, count: n + 4)
    indices.initialize(repeating: -1, count: n + 4)
    secondIndices.initialize(repeating: -1, count: n + 4)
  }

  deinit {
    values.deallocate()
    secondValues.deallocate()
    indices.deallocate()
    secondIndices.deallocate()
  }

  @inline(__always)
  func insert(_ slot: Int, _ value: Float, _ index: Int32) {
    if value > values[slot] {
      secondValues[slot] = values[slot]
      secondIndices[slot] = indices[slot]
      values[slot] = value
      indices[slot] = index
    } else if value > secondValues[slot] {
      secondValues[slot] = value
      secondIndices[slot] = index
    }
  }

  /// Takes in the bests of later indices.
  func merge(_ other: BestTwo) {
    for i in 0..<count {
      insert(i, other.values[i], other.indices[i])
      insert(i, other.secondValues[i], other.secondIndices[i])
    }
  }

  var result: NearestTwo {
    NearestTwo(
      first: Array(UnsafeBufferPointer(start: indices, count: count)),
      second: Array(UnsafeBufferPointer(start: secondIndices, count: count)))
  }
}
