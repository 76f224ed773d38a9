import Geometry
import Parallelism

/// For every keypoint the keypoints of the other cloud with the most similar descriptors, nearest first, then by index.
///
/// A list is complete up to its last entry: some 100 entries, 128 at most.
struct Shortlists: Sendable {
  private static let width = 128
  private static let sample = 160
  /// Row-major [keypoint, width], of which the first `counts` of a row are used.
  private var entries: [Int32]
  private var counts: [Int32]

  /// The list of a keypoint.
  @inline(__always)
  func withList<T>(of i: Int32, _ body: (UnsafeBufferPointer<Int32>) -> T) -> T {
    entries.withUnsafeBufferPointer { entries in
      let start = Int(i) * Self.width
      return body(UnsafeBufferPointer(rebasing: entries[start..<start + Int(counts[Int(i)])]))
    }
  }

  /// The lists of the source keypoints, the rows of the distances.
  static func ofSource(_ distances: DescriptorDistances) -> Shortlists {
    Shortlists(distances.rows, grain: 16) { range in
      range.map { i in
        var list = Shortlist(bar: .infinity)
        distances.withRow(i) { row in
          list.bar = Self.bar(stride(from: 0, to: row.count, by: Self.step(row.count)).lazy.map { row[$0] }, row.count)
          var j = 0
          while j + 4 <= row.count {
            if any(load4(row.baseAddress! + j) .<= list.bar) { for k in j..<j + 4 { list.offer(row[k], k) } }
            j += 4
          }
          while j < row.count {
            list.offer(row[j], j)
            j += 1
          }
        }
        return list.sorted
      }
    }
  }

  /// The lists of the target keypoints, the columns of the distances.
  static func ofTarget(_ distances: DescriptorDistances) -> Shortlists {
    // Columns side by side are read together, so that the memory is read in its order.
    Shortlists(distances.columns, grain: 128) { range in
      let m = distances.rows
      var lists = range.map { j in
        Shortlist(bar: bar(stride(from: 0, to: m, by: step(m)).lazy.map { distances[Int32($0), Int32(j)] }, m))
      }
      var bars = lists.map(\.bar)
      for i in 0..<m {
        distances.withRow(i) { row in
          for k in lists.indices where row[range.lowerBound + k] <= bars[k] {
            lists[k].offer(row[range.lowerBound + k], i)
            bars[k] = lists[k].bar
          }
        }
      }
      return lists.map(\.sorted)
    }
  }

  /// Gathers lists chunk by chunk.
  private init(_ count: Int, grain: Int, _ lists: @Sendable (Range<Int>) -> [[UInt64]]) {
    let chunks = (count + grain - 1) / grain
    let found = Parallel.map(chunks, grain: 1) { c in lists(c * grain..<min(count, (c + 1) * grain)) }
    (entries, counts) = ([], [])
    entries.reserveCapacity(count * Self.width)
    for list in found.joined() {
      counts.append(Int32(truncatingIfNeeded: list.count))
      entries += list.lazy.map { Int32(truncatingIfNeeded: $0) }
      entries += repeatElement(-1, count: Self.width - list.count)
    }
  }

  private static func step(_ count: Int) -> Int { max(1, count / sample) }

  /// A value that some 100 of all are not above: the sixth smallest of an even sample.
  private static func bar(_ sample: some Sequence<Float>, _ count: Int) -> Float {
    if step(count) == 1 { return .infinity }
    var least = SIMD8<Float>(repeating: .infinity)
    for v in sample where v < least[5] {
      var k = 5
      while k > 0, v < least[k - 1] {
        least[k] = least[k - 1]
        k -= 1
      }
      least[k] = v
    }
    return least[5]
  }

  /// The smallest values so far, as keys: the bits of the value, which is not negative, above the index.
  private struct Shortlist {
    /// Larger values do not enter.
    var bar: Float
    private var keys: [UInt64] = []

    init(bar: Float) { self.bar = bar }

    @inline(__always)
    mutating func offer(_ value: Float, _ index: Int) {
      guard value <= bar else { return }
      keys.append(UInt64(value.bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: index)))
      if keys.count == 4 * width { tighten() }
    }

    private mutating func tighten() {
      keys = sorted
      bar = Float(bitPattern: UInt32(truncatingIfNeeded: keys[width - 1] >> 32))
    }

    var sorted: [UInt64] { Array(keys.sorted().prefix(width)) }
  }
}
