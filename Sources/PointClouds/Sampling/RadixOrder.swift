/// Sorting of 64-bit keys by their digits, stable, in linear time.
enum RadixOrder {
  /// The indices of the keys in ascending order, equal keys in their order; keys equal to `dropping` are left out.
  ///
  /// Only the digits in which the keys differ are sorted: compact clouds take two or three passes.
  static func ascending(_ keys: [UInt64], dropping none: UInt64) -> [Int32] {
    var (all, any) = (UInt64.max, UInt64(0))
    var entries: [(key: UInt64, index: Int32)] = []
    entries.reserveCapacity(keys.count)
    for (i, key) in keys.enumerated() where key != none {
      all &= key
      any |= key
      entries.append((key, Int32(truncatingIfNeeded: i)))
    }
    // The bits that differ, packed together in their order, sort like the whole keys.
    let fields = runs(of: any & ~all)
    var sorted = entries
    let width = 11
    var bits = fields.reduce(0) { $0 + $1.count }
    for k in entries.indices {
      var (packed, at) = (UInt64(0), UInt64(0))
      for f in fields {
        packed |= (entries[k].key >> f.shift & (1 << f.count - 1)) << at
        at += UInt64(f.count)
      }
      entries[k].key = packed
    }
    var shift = UInt64(0)
    while bits > 0 {
      var starts = [Int](repeating: 0, count: 1 << width)
      entries.withUnsafeBufferPointer { source in
        starts.withUnsafeMutableBufferPointer { starts in
          let mask = UInt64(1 << width - 1)
          for e in source { starts[Int(e.key >> shift & mask)] += 1 }
          var sum = 0
          for d in 0..<starts.count { (starts[d], sum) = (sum, sum + starts[d]) }
          sorted.withUnsafeMutableBufferPointer { target in
            for e in source {
              let d = Int(e.key >> shift & mask)
              target[starts[d]] = e
              starts[d] += 1
            }
          }
        }
      }
      swap(&entries, &sorted)
      shift += UInt64(width)
      bits -= width
    }
    return entries.map { $0.index }
  }

  /// The runs of set bits of a mask, from the lowest.
  private static func runs(of mask: UInt64) -> [(shift: UInt64, count: Int)] {
    var fields: [(shift: UInt64, count: Int)] = []
    for b in UInt64(0)..<64 where mask >> b & 1 == 1 {
      if let f = fields.last, f.shift + UInt64(f.count) == b {
        fields[fields.count - 1].count += 1
      } else {
        fields.append((b, 1))
      }
    }
    return fields
  }
}
