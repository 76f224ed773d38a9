/// The largest value of every channel over the rows of each segment, as PointNet pools the points of a cell (Qi et al.
/// 2017). The gradient goes to the row that was largest, the first one where several are.
public enum SegmentMax {
  /// What the backward pass needs.
  public struct Memory: Sendable {
    /// For every segment and channel the row that was largest, -1 in an empty segment.
    public let rows: [Int32]
    /// How many rows there were.
    public let inputRows: Int

    @inlinable
    init(rows: [Int32], inputRows: Int) {
      self.rows = rows
      self.inputRows = inputRows
    }
  }

  /// The maxima; zero in an empty segment.
  /// - Parameters:
  ///   - segments: for every row its segment, from 0.
  ///   - count: how many segments there are.
  @inlinable
  public static func forward<S: NetworkScalar>(
    _ x: Tokens<S>, segments: [Int], count: Int
  ) -> (Tokens<S>, Memory) {
    precondition(segments.count == x.rows && segments.allSatisfy { 0..<count ~= $0 }, "segments of rows")
    let c = x.columns
    var (output, places) = (Tokens<S>(rows: count, columns: c), [Int32](repeating: -1, count: count * c))
    output.values.withUnsafeMutableBufferPointer { y in
      places.withUnsafeMutableBufferPointer { places in
        x.values.withUnsafeBufferPointer { x in
          for (r, segment) in segments.enumerated() {
            for j in 0..<c where places[segment * c + j] < 0 || x[r * c + j] > y[segment * c + j] {
              y[segment * c + j] = x[r * c + j]
              places[segment * c + j] = Int32(r)
            }
          }
        }
      }
    }
    return (output, Memory(rows: places, inputRows: x.rows))
  }

  /// The gradient with respect to the rows.
  @inlinable
  public static func backward<S: NetworkScalar>(_ dy: Tokens<S>, _ memory: Memory) -> Tokens<S> {
    let c = dy.columns
    var dx = Tokens<S>(rows: memory.inputRows, columns: c)
    for (i, row) in memory.rows.enumerated() where row >= 0 { dx.values[Int(row) * c + i % c] += dy.values[i] }
    return dx
  }
}
