extension RandomAccessCollection where Index == Int {
  /// At most `limit` elements, spread evenly over their order: all of them where there are no more.
  func evenlyChosen(_ limit: Int) -> [Element] {
    let chosen = Swift.min(Swift.max(0, limit), count)
    return (0..<chosen).map { self[startIndex + $0 * count / chosen] }
  }
}
