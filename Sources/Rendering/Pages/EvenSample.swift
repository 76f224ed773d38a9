/// Which points of a cloud are shown: at most a number of them, spread evenly over their order.
///
/// The order is cut into equal stretches and one point is taken from each at a place that a hash chooses: a fixed
/// stride would pick single beams out of a scan whose rows it divides.
package struct EvenSample: Sendable {
  /// The chosen indices, ascending.
  package let indices: [Int]

  /// At most `limit` of `count` points.
  package init(count: Int, limit: Int) {
    guard count > limit else {
      indices = Array(0..<max(0, count))
      return
    }
    let stretch = Double(count) / Double(max(1, limit))
    indices = (0..<max(0, limit)).map { k in
      let place = (Double(k) + EvenSample.noise(UInt64(k))) * stretch
      return min(Int(place), count - 1)
    }
  }

  /// A number in [0, 1) that depends on the index alone.
  private static func noise(_ index: UInt64) -> Double {
    let mixed = (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Double(((mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> 11) * 0x1p-53
  }
}
