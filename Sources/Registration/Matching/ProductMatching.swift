import Geometry
import LinearAlgebra
import Parallelism

/// Nearest neighbours in both directions from one blocked matrix product. Of all b the nearest to a has the largest
/// `a·b - |b|²/2`, of all a the nearest to b the largest `a·b - |a|²/2`, so that swapping both sets swaps the results.
/// Rows and columns are reduced in the same pass, while a block is in the cache.
///
/// Complexity: O(m n d) multiply-adds in BLAS, O(m + n) memory per worker.
enum ProductMatching {
  private static let blockRows = 384
  private static let blockColumns = 512

  /// The nearest two of every row of `a` in `b`, and of every row of `b` in `a`.
  /// - Parameters:
  ///   - a: row-major [m, dimension].
  ///   - b: row-major [n, dimension].
  static func nearest(
    _ a: [Float], rows m: Int, _ b: [Float], rows n: Int, dimension: Int
  ) -> (rows: NearestTwo, columns: NearestTwo) {
    // The number of groups depends on the problem only; each keeps its own best columns.
    let groups = max(1, min(16, (m + 255) / 256))
    let (ownNorms, otherNorms) = (halfNorms(a, m, dimension), halfNorms(b, n, dimension))
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
            otherNorms.withUnsafeBufferPointer { norms in
              for i in 0..<height {
                reduce(
                  block + i * width, width, row: r + i, column: c, ownNorms[r + i], norms.baseAddress! + c, rows,
                  columns[g])
              }
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

  /// Half of the squared length of every row.
  private static func halfNorms(_ values: [Float], _ rows: Int, _ dimension: Int) -> [Float] {
    values.withUnsafeBufferPointer { values in
      (0..<rows).map { i in
        var (four, k) = (SIMD4<Float>.zero, i * dimension)
        let end = k + dimension
        while k + 4 <= end {
          let x = load4(values.baseAddress! + k)
          four += x * x
          k += 4
        }
        var sum = four.sum()
        while k < end {
          sum += values[k] * values[k]
          k += 1
        }
        return sum / 2
      }
    }
  }

  /// Takes one row of products into the best of that row and of every column.
  /// - Parameters:
  ///   - norm: half of the squared length of the row's vector.
  ///   - norms: the same of the columns' vectors, from `column` on.
  private static func reduce(
    _ values: UnsafeMutablePointer<Float>, _ width: Int, row: Int, column: Int, _ norm: Float,
    _ norms: UnsafePointer<Float>, _ rows: BestTwo, _ columns: BestTwo
  ) {
    let cs = columns.secondValues + column
    func take(_ k: Int) {
      let (forRow, forColumn) = (values[k] - norms[k], values[k] - norm)
      if forRow > rows.secondValues[row] { rows.insert(row, forRow, Int32(truncatingIfNeeded: column + k)) }
      if forColumn > cs[k] { columns.insert(column + k, forColumn, Int32(truncatingIfNeeded: row)) }
    }
    var k = 0
    // Most products change nothing: four at a time are compared with the second best of the row and of their columns.
    while k + 4 <= width {
      let v = load4(values + k)
      if any((v - norm .> load4(cs + k)) .| (v - load4(norms + k) .> rows.secondValues[row])) {
        for l in k..<k + 4 { take(l) }
      }
      k += 4
    }
    while k < width {
      take(k)
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
