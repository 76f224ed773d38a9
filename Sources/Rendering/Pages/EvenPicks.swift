/// A few elements of a sequence whose length is not known beforehand, evenly apart, in bounded memory.
///
/// Every element is kept at first; whenever there are too many, every second one goes and from then on only every second
/// of those that would have been kept comes in.
package struct EvenPicks<Element> {
  private var kept: [Element] = []
  private var spacing = 1
  private var seen = 0
  /// The most elements that are kept; even, so that what is left after thinning is evenly apart.
  private let limit: Int

  /// Keeps at most `limit` elements, which is even and at least 2.
  package init(limit: Int) {
    precondition(limit >= 2 && limit % 2 == 0, "a limit of \(limit) elements")
    self.limit = limit
  }

  /// One element further; it is made only when it is kept.
  package mutating func add(_ element: () -> Element) {
    defer { seen += 1 }
    guard seen % spacing == 0 else { return }
    if kept.count == limit {
      kept = stride(from: 0, to: limit, by: 2).map { kept[$0] }
      spacing *= 2
    }
    kept.append(element())
  }

  /// At most `count` of the kept elements, the first and the last of them included.
  package func chosen(_ count: Int) -> [Element] {
    guard kept.count > count, count > 1 else { return Array(kept.prefix(count)) }
    return (0..<count).map { kept[($0 * (kept.count - 1) + (count - 1) / 2) / (count - 1)] }
  }
}
