import Parallelism

/// Sorts points into the leaves of a ``KDTree`` and writes its inner nodes.
struct KDTreeBuilder: @unchecked Sendable {
  /// The points, with their indices in the fourth lane; reordered by the build.
  let entries: UnsafeMutablePointer<SIMD4<Float>>
  let count: Int
  let nodes: UnsafeMutablePointer<KDTree.Node>

  /// A subtree: its leaves and its first node in preorder.
  private struct Span {
    var first: Int
    var end: Int
    var node: Int
  }

  func build(leaves: Int) {
    // One level at a time until there are enough subtrees for all threads; the same for any number of them.
    var open = [Span(first: 0, end: leaves, node: 0)]
    while leaves > 256 && open.count < 64 {
      let level = open
      let halves = Parallel.map(level.count, grain: 1) { split(level[$0]) }
      open = halves.flatMap { [$0.0, $0.1] }
    }
    let subtrees = open
    Parallel.forEachChunk(subtrees.count, grain: 1) { range in
      for i in range { finish(subtrees[i]) }
    }
  }

  private func finish(_ span: Span) {
    if span.end &- span.first <= 1 { return }
    let (left, right) = split(span)
    finish(left)
    finish(right)
  }

  /// Splits a subtree of at least two leaves at the median of its longest side.
  private func split(_ span: Span) -> (Span, Span) {
    let low = span.first &* KDTree.leafSize
    let high = min(span.end &* KDTree.leafSize, count)
    var (lower, upper) = (entries[low], entries[low])
    for i in low &+ 1..<high {
      let e = entries[i]
      lower.replace(with: e, where: e .< lower)
      upper.replace(with: e, where: e .> upper)
    }
    let side = upper - lower
    let axis = side.x >= side.y ? (side.x >= side.z ? 0 : 2) : (side.y >= side.z ? 1 : 2)
    let middle = (span.first &+ span.end) >> 1
    let k = middle &* KDTree.leafSize
    select(low, high &- 1, k, axis)
    nodes[span.node] = KDTree.Node(split: entries[k][axis], axis: Int32(truncatingIfNeeded: axis))
    return (
      Span(first: span.first, end: middle, node: span.node &+ 1),
      Span(first: middle, end: span.end, node: span.node &+ (middle &- span.first))
    )
  }

  /// Hoare's quickselect: afterwards entry k is the one that sorting low...high by the axis would put there.
  private func select(_ low: Int, _ high: Int, _ k: Int, _ axis: Int) {
    let value = UnsafeMutableRawPointer(entries).assumingMemoryBound(to: Float.self) + axis
    var (low, high) = (low, high)
    while high > low {
      let (a, b, c) = (value[4 &* low], value[4 &* ((low &+ high) >> 1)], value[4 &* high])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (i, j) = (low, high)
      while i <= j {
        while value[4 &* i] < pivot { i &+= 1 }
        while value[4 &* j] > pivot { j &-= 1 }
        if i <= j {
          (entries[i], entries[j]) = (entries[j], entries[i])
          i &+= 1
          j &-= 1
        }
      }
      if k <= j { high = j } else if k >= i { low = i } else { return }
    }
  }
}
