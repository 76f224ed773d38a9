/// The entries of a plan that are among the k largest of their row and among the k largest of their column, and above a floor
/// (GeoTransformer's point matching; the pruning of HST's trees, section 3.2.4).
package struct MutualEntries: Sendable {
  /// k; at least 1.
  package var count: Int
  /// Entries must be above it.
  package var floor: Float

  /// The rule with its k and its floor.
  package init(count: Int, floor: Float = 0) {
    self.count = max(1, count)
    self.floor = floor
  }

  /// The entries, row by row, of a plan of so many rows and columns.
  package func callAsFunction(
    rows: Int, columns: Int, _ weight: (_ row: Int, _ column: Int) -> Float
  ) -> [(row: Int, column: Int, weight: Float)] {
    /// The k-th largest of a list, or the floor if that is larger.
    func bound(_ weights: [Float]) -> Float {
      max(floor, weights.count > count ? weights.sorted(by: >)[count - 1] : 0)
    }
    let rowBounds = (0..<rows).map { i in bound((0..<columns).map { weight(i, $0) }) }
    let columnBounds = (0..<columns).map { j in bound((0..<rows).map { weight($0, j) }) }
    var found: [(row: Int, column: Int, weight: Float)] = []
    for i in 0..<rows {
      for j in 0..<columns {
        let w = weight(i, j)
        if w > floor, w >= rowBounds[i], w >= columnBounds[j] { found.append((i, j, w)) }
      }
    }
    return found
  }
}
