/// Deals the items of a shard to workers. Each has a stretch of neighbouring items, which share clouds; one that has
/// finished takes the second half of the longest stretch that is left.
package struct WorkQueue {
  private var stretches: [ArraySlice<String>]

  /// Equal stretches for so many workers.
  package init(_ ids: [String], workers: Int) {
    let count = max(1, workers)
    stretches = (0..<count).map { k in ids[ids.count * k / count..<ids.count * (k + 1) / count] }
  }

  /// Whether no item is left.
  package var isEmpty: Bool { stretches.allSatisfy(\.isEmpty) }

  /// The next item of a worker; nil when none is left.
  package mutating func next(_ worker: Int) -> String? {
    if let id = stretches[worker].popFirst() { return id }
    guard let longest = stretches.indices.max(by: { stretches[$0].count < stretches[$1].count }),
      !stretches[longest].isEmpty
    else { return nil }
    let middle = stretches[longest].startIndex + stretches[longest].count / 2
    stretches[worker] = stretches[longest][middle...]
    stretches[longest] = stretches[longest][..<middle]
    return stretches[worker].popFirst()
  }
}
