import Geometry
import Parallelism

/// Which points share a voxel: every finite point with the number of its voxel.
///
/// Voxels are numbered in the order in which the points first enter them, whatever the number of threads. The points are
/// scattered into partitions by a hash of their block of 8 x 8 x 8 voxels; a voxel lies wholly in one partition, so the
/// partitions are worked on independently and every voxel meets its points in their order.
struct VoxelPartition: Sendable {
  /// The point of every entry.
  let points: [Int32]
  /// The voxel of every entry.
  let voxels: [Int32]
  /// Where the partitions begin among the entries, shape [partitions + 1].
  let starts: [Int]
  /// The first point of every voxel, ascending, shape [voxels].
  let first: [Int32]

  init(_ positions: [SIMD3<Float>], size: Float, anchor: Point3) {
    let n = positions.count
    let chunk = 1 << 15
    let chunks = (n + chunk - 1) / chunk
    var bits = 0
    while bits < 11 && (n >> (bits + 13)) > 0 { bits += 1 }
    let (partBits, parts) = (bits, 1 << bits)
    let inverse = 1 / Double(size)

    // Keys, and how many points of every chunk fall into every partition.
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, n))
    defer { keys.deallocate() }
    var counts = [Int32](repeating: 0, count: chunks * parts)
    counts.withUnsafeMutableBufferPointer { buffer in
      let (c, k) = (UncheckedPointer(buffer.baseAddress), UncheckedPointer(keys))
      Parallel.forEachChunk(n, grain: chunk) { range in
        let (count, keys) = (c.base! + range.lowerBound / chunk * parts, k.base!)
        positions.withUnsafeBufferPointer { p in
          for i in range {
            let key = VoxelPartition.key(p[i], anchor, inverse)
            keys[i] = key
            if key != VoxelPartition.none { count[VoxelPartition.part(key, partBits)] += 1 }
          }
        }
      }
    }
    var starts = [Int](repeating: 0, count: parts + 1)
    var slots = [Int32](repeating: 0, count: chunks * parts)
    var total = 0
    for part in 0..<parts {
      starts[part] = total
      for c in 0..<chunks {
        slots[c * parts + part] = Int32(total)
        total += Int(counts[c * parts + part])
      }
    }
    starts[parts] = total
    let bounds = starts

    let partKeys = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, total))
    defer { partKeys.deallocate() }
    let points = [Int32](unsafeUninitializedCapacity: total) { buffer, initialized in
      let (out, k, pk) = (UncheckedPointer(buffer.baseAddress), UncheckedPointer(keys), UncheckedPointer(partKeys))
      slots.withUnsafeMutableBufferPointer { s in
        let s = UncheckedPointer(s.baseAddress)
        Parallel.forEachChunk(n, grain: chunk) { range in
          let (slot, keys, partKeys) = (s.base! + range.lowerBound / chunk * parts, k.base!, pk.base!)
          for i in range where keys[i] != VoxelPartition.none {
            let part = VoxelPartition.part(keys[i], partBits)
            let at = Int(slot[part])
            slot[part] += 1
            out.base![at] = Int32(truncatingIfNeeded: i)
            partKeys[at] = keys[i]
          }
        }
      }
      initialized = total
    }

    // Within a partition every entry first learns the first point of its voxel; those points are then numbered.
    var opens = [Bool](repeating: false, count: n)
    var voxels = [Int32](repeating: 0, count: total)
    opens.withUnsafeMutableBufferPointer { o in
      voxels.withUnsafeMutableBufferPointer { v in
        let (o, v, pk) = (UncheckedPointer(o.baseAddress), UncheckedPointer(v.baseAddress), UncheckedPointer(partKeys))
        Parallel.forEachChunk(parts, grain: 1) { range in
          for part in range {
            points.withUnsafeBufferPointer {
              VoxelPartition.findFirst(bounds[part]..<bounds[part + 1], pk.base!, $0, o.base, v.base)
            }
          }
        }
      }
    }
    var first: [Int32] = []
    var number = [Int32](repeating: 0, count: n)
    for i in 0..<n where opens[i] {
      number[i] = Int32(first.count)
      first.append(Int32(i))
    }
    number.withUnsafeMutableBufferPointer { number in
      voxels.withUnsafeMutableBufferPointer { v in
        let (number, v) = (UncheckedPointer(number.baseAddress), UncheckedPointer(v.baseAddress))
        Parallel.forEachChunk(total, grain: 1 << 15) { range in
          for e in range { v.base![e] = number.base![Int(v.base![e])] }
        }
      }
    }
    self.points = points
    self.voxels = voxels
    self.starts = bounds
    self.first = first
  }

  /// Runs `body(point, voxel)` over all entries; entries of one voxel come one after the other, in the order of the points.
  @inline(__always)
  func forEach(_ body: @Sendable (_ point: Int, _ voxel: Int) -> Void) {
    Parallel.forEachChunk(starts.count - 1, grain: 1) { range in
      points.withUnsafeBufferPointer { points in
        voxels.withUnsafeBufferPointer { voxels in
          for e in starts[range.lowerBound]..<starts[range.upperBound] { body(Int(points[e]), Int(voxels[e])) }
        }
      }
    }
  }

  /// The key of a point that is not finite.
  private static let none = UInt64.max

  /// 21 bits per axis within a million voxels of the anchor; farther out a 63-bit hash of the voxel.
  @inline(__always)
  private static func key(_ p: SIMD3<Float>, _ anchor: Point3, _ inverse: Double) -> UInt64 {
    let c = ((Point3(p) - anchor) * inverse).rounded(.down)
    let reach = 1_048_575.0
    if abs(c.x) <= reach && abs(c.y) <= reach && abs(c.z) <= reach {
      let bias = 1_048_576.0
      return UInt64(c.x + bias) | UInt64(c.y + bias) << 21 | UInt64(c.z + bias) << 42
    }
    guard c.isFinite else { return none }
    let hash = mix(mix(mix(c.x.bitPattern) ^ c.y.bitPattern) ^ c.z.bitPattern)
    return min(hash | 1 << 63, none - 1)
  }

  @inline(__always)
  private static func part(_ key: UInt64, _ bits: Int) -> Int {
    // Drops the three low bits of every axis: neighbouring voxels stay together.
    let block = key & ~(7 | 7 << 21 | 7 << 42)
    return bits == 0 ? 0 : Int((block &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  private static func findFirst(
    _ entries: Range<Int>, _ keys: UnsafeMutablePointer<UInt64>, _ points: UnsafeBufferPointer<Int32>,
    _ opens: UnsafeMutablePointer<Bool>?, _ voxels: UnsafeMutablePointer<Int32>?
  ) {
    guard let opens, let voxels, !entries.isEmpty else { return }
    var bits = 4
    while 1 << bits < entries.count * 3 / 2 { bits += 1 }
    let mask = 1 << bits - 1
    let shift = UInt64(64 - bits)
    withUnsafeTemporaryAllocation(of: (key: UInt64, first: Int32).self, capacity: mask + 1) { table in
      table.initialize(repeating: (none, 0))
      var (lastKey, lastFirst) = (none, Int32(0))
      for e in entries {
        let key = keys[e]
        if key != lastKey {
          var slot = Int((key &* 0xD6E8_FEB8_6659_FD93) >> shift)
          while table[slot].key != key && table[slot].key != none { slot = (slot + 1) & mask }
          if table[slot].key == none {
            table[slot] = (key, points[e])
            opens[Int(points[e])] = true
          }
          (lastKey, lastFirst) = (key, table[slot].first)
        }
        voxels[e] = lastFirst
      }
    }
  }
}
