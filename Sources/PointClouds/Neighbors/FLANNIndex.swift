internal import CPCL
import Parallelism

/// Exact nearest rows of a matrix of any width (descriptors), by the kd-tree of FLANN.
///
/// FLANN's `KDTreeSingleIndex` (Muja and Lowe 2009) under the squared Euclidean distance in single precision. Rows with
/// an entry that is not finite or whose square overflows are never found. Which of several rows at the same distance is
/// listed last is up to FLANN. Building is serial; queries are safe from several threads.
public final class FLANNIndex: @unchecked Sendable {
  /// A matrix that FLANN cannot index.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    /// One line: what, why, and what to try.
    public let description: String
  }

  /// The number of rows given.
  public let count: Int
  /// The number of entries of a row.
  public let dimension: Int
  private let handle: OpaquePointer?
  /// The indices of the rows that FLANN holds, when it does not hold all.
  private let kept: [Int32]?

  /// Indexes a row-major matrix, shape [rows.count / dimension, dimension], which is copied.
  /// - Parameter leafSize: rows per leaf; 10 suits three dimensions, more suits wider rows.
  public init(rows: [Float], dimension: Int, leafSize: Int = 10) throws {
    guard dimension > 0, rows.count % dimension == 0, rows.count / dimension < Int(Int32.max) else {
      throw Failure(description: "FLANN index: \(rows.count) values are not rows of \(dimension); check the dimension")
    }
    count = rows.count / dimension
    self.dimension = dimension
    kept = Self.usableRows(rows, dimension)
    let held = kept.map { $0.flatMap { rows[Int($0) * dimension..<(Int($0) + 1) * dimension] } } ?? rows
    guard !held.isEmpty else {
      handle = nil
      return
    }
    var message = [CChar](repeating: 0, count: 256)
    handle = cpcl_knn_create(
      held, held.count / dimension, dimension, Int32(clamping: max(1, leafSize)), &message, message.count)
    guard handle != nil else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw Failure(description: "FLANN index of \(count) x \(dimension): \(reason); try fewer rows")
    }
  }

  /// The rows that FLANN can compare, or nil when it can compare all.
  private static func usableRows(_ rows: [Float], _ dimension: Int) -> [Int32]? {
    func usable(_ value: Float) -> Bool { abs(value) < 1e18 }
    if rows.allSatisfy(usable) { return nil }
    return (0..<rows.count / dimension).filter { r in
      (r * dimension..<(r + 1) * dimension).allSatisfy { usable(rows[$0]) }
    }.map { Int32($0) }
  }

  deinit { if let handle { cpcl_knn_destroy(handle) } }

  /// The k nearest rows of each query (row-major, shape [queries.count / dimension, dimension]): shape
  /// [queries, k] row by row, ascending in each row and filled with ``Neighbor/none`` where there are fewer.
  /// Uses all threads.
  public func neighbors(of queries: [Float], count k: Int) -> [Neighbor] {
    precondition(queries.count % dimension == 0, "\(queries.count) values are not rows of \(dimension)")
    let (n, k) = (queries.count / dimension, max(0, k))
    var table = [Neighbor](repeating: .none, count: n * k)
    guard let handle, n > 0, k > 0 else { return table }
    nonisolated(unsafe) let index = handle
    table.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      queries.withUnsafeBufferPointer { rows in
        nonisolated(unsafe) let rows = rows
        Parallel.forEachChunk(n, grain: 64) { range in
          var ids = [Int32](repeating: -1, count: range.count * k)
          var squared = [Float](repeating: .infinity, count: range.count * k)
          // Rows of a chunk that runs out of memory stay empty.
          let first = rows.baseAddress! + range.lowerBound * dimension
          guard cpcl_knn_search(index, first, range.count, k, &ids, &squared) == 0 else { return }
          for i in 0..<range.count * k {
            out.base![range.lowerBound * k + i] = neighbor(ids[i], squared[i])
          }
        }
      }
    }
    return table
  }

  /// All rows whose distance to the query is at most `radius`, ascending.
  public func neighbors(of query: [Float], within radius: Float) -> [Neighbor] {
    precondition(query.count == dimension, "a query of \(query.count) values for rows of \(dimension)")
    guard let handle, let bound = squaredBound(radius), query.allSatisfy(\.isFinite) else { return [] }
    var ids: UnsafeMutablePointer<Int32>?
    var squared: UnsafeMutablePointer<Float>?
    // FLANN's bound is exclusive.
    let n = cpcl_knn_radius(handle, query, bound.nextUp, &ids, &squared)
    guard n >= 0, let ids, let squared else { return [] }
    defer { cpcl_knn_release(ids, squared) }
    return (0..<Int(n)).map { neighbor(ids[$0], squared[$0]) }.sorted { $0.precedes($1) }
  }

  private func neighbor(_ id: Int32, _ squared: Float) -> Neighbor {
    guard id >= 0 else { return .none }
    return Neighbor(index: kept.map { $0[Int(id)] } ?? id, squaredDistance: squared)
  }
}
