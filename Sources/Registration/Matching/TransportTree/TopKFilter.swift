/// The dynamic top-k filter: only children that take part in the overlap stay (HST, section 3.2.3).
///
/// With the entries of s in descending order,
///
///     k = max(⌊Σ_{i ≤ q} s₍ᵢ₎⌋, 1)
///
/// and the k largest entries stay; rows and columns that hold none of them go. As s ≤ 1, k ≤ q.
package struct TopKFilter: Sendable {
  /// q: how many entries are summed. The paper does not state it; here as many as a node has children.
  package var candidates = 16

  /// A filter that sums the q largest entries.
  package init(candidates: Int = 16) { self.candidates = candidates }

  /// The rows and columns that stay, ascending; none where no entry is above zero.
  /// - Parameters:
  ///   - scores: s, row-major.
  ///   - columns: how many columns it has.
  package func callAsFunction(_ scores: [Float], columns: Int) -> (rows: [Int], columns: [Int]) {
    let positive = scores.indices.filter { scores[$0] > 0 && scores[$0] < .infinity }
    let order = positive.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    let sum = order.prefix(max(0, candidates)).reduce(Float(0)) { $0 + min(1, scores[$1]) }
    let kept = order.prefix(max(Int(sum), 1))
    return (Set(kept.map { $0 / columns }).sorted(), Set(kept.map { $0 % columns }).sorted())
  }
}
