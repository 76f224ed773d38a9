import Geometry

/// A bounding volume hierarchy over boxes, split by the surface-area heuristic with bins (Wald 2007).
///
/// The nodes lie depth first, so that the left child of node i is node i + 1. Their boxes are rounded outwards to
/// single precision.
struct BoundingVolumes: Sendable {
  struct Node: Sendable {
    var lower: SIMD4<Float>
    var upper: SIMD4<Float>
    /// A leaf: the first item. An inner node: the index of the right child.
    var first: Int32
    /// The number of items; zero marks an inner node.
    var count: Int32
    /// The axis of the split of an inner node.
    var axis: Int32
  }

  private(set) var nodes: [Node] = []
  /// The items in the order of the leaves.
  private(set) var order: [Int32]
  static let leafSize = 3
  private static let bins = 16

  init(_ boxes: [BoundingBox]) {
    order = (0..<Int32(boxes.count)).map { $0 }
    guard !boxes.isEmpty else { return }
    nodes.reserveCapacity(2 * boxes.count)
    let whole = BoundingBox(boxes.flatMap { [$0.lower, $0.upper] })
    let reach = max(whole.size.max(), whole.lower.replacing(with: -whole.lower, where: whole.lower .< 0).max())
    build(boxes, 0..<boxes.count, margin: 1e-6 + 4e-7 * reach)
  }

  private mutating func build(_ boxes: [BoundingBox], _ range: Range<Int>, margin: Double) {
    var (box, middles) = (BoundingBox(), BoundingBox())
    for i in order[range] {
      box.insert(boxes[Int(i)].lower)
      box.insert(boxes[Int(i)].upper)
      middles.insert(boxes[Int(i)].center)
    }
    let index = nodes.count
    nodes.append(
      Node(
        lower: SIMD4(SIMD3<Float>(box.lower - margin), 0), upper: SIMD4(SIMD3<Float>(box.upper + margin), 0),
        first: Int32(range.lowerBound), count: Int32(range.count), axis: 0))
    if range.count <= Self.leafSize { return }
    let split = partition(boxes, range, middles)
    nodes[index].count = 0
    nodes[index].axis = Int32(split.axis)
    build(boxes, range.lowerBound..<split.middle, margin: margin)
    nodes[index].first = Int32(nodes.count)
    build(boxes, split.middle..<range.upperBound, margin: margin)
  }

  /// Orders the range so that the items left of the best plane come first; halves it when no plane separates them.
  private mutating func partition(
    _ boxes: [BoundingBox], _ range: Range<Int>, _ middles: BoundingBox
  ) -> (middle: Int, axis: Int) {
    var best: (cost: Double, axis: Int, bin: Int)?
    let size = middles.size
    func bin(_ i: Int32, _ axis: Int) -> Int {
      let at = (boxes[Int(i)].center[axis] - middles.lower[axis]) / size[axis]
      return min(Self.bins - 1, Int(at * Double(Self.bins)))
    }
    for axis in 0..<3 where size[axis] > 1e-9 {
      var parts = [(box: BoundingBox, count: Int)](repeating: (BoundingBox(), 0), count: Self.bins)
      for i in order[range] {
        let b = bin(i, axis)
        parts[b].box.insert(boxes[Int(i)].lower)
        parts[b].box.insert(boxes[Int(i)].upper)
        parts[b].count += 1
      }
      var costs = [Double](repeating: 0, count: Self.bins)
      for fromLeft in [true, false] {
        var (box, count) = (BoundingBox(), 0)
        for k in 0..<Self.bins - 1 {
          let part = parts[fromLeft ? k : Self.bins - 1 - k]
          if part.count > 0 {
            box.insert(part.box.lower)
            box.insert(part.box.upper)
          }
          count += part.count
          let s = box.size
          let area = s.x * s.y + s.y * s.z + s.z * s.x
          costs[fromLeft ? k : Self.bins - 2 - k] += count == 0 ? .infinity : area * Double(count)
        }
      }
      for k in 0..<Self.bins - 1 where costs[k] < best?.cost ?? .infinity { best = (costs[k], axis, k) }
    }
    guard let best else { return ((range.lowerBound + range.upperBound) / 2, 0) }
    let left = order[range].filter { bin($0, best.axis) <= best.bin }
    let right = order[range].filter { bin($0, best.axis) > best.bin }
    order.replaceSubrange(range, with: left + right)
    return (range.lowerBound + left.count, best.axis)
  }
}
