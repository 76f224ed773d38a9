import Geometry

/// Chooses the working resolution v from both clouds, scale-free: the edge at which a cloud fills a wanted number of
/// voxels, but never finer than its points are spaced.
///
/// The edge is rounded to a power of 2^(1/4) metres, so that a scan meets most of its partners at the same few resolutions
/// and is prepared for each of them once. Clouds that are scaled by such a power have a voxel that is scaled alike.
package struct WorkingVoxel: Sendable {
  /// Voxels that a cloud should fill at the working resolution.
  var wantedVoxels = 6000.0

  /// The edge length in metres for a pair of scans: the geometric mean of what suits each, limited so that the
  /// smaller one keeps about a quarter of the wanted voxels.
  func callAsFunction(_ source: PreparedScan, _ target: PreparedScan) -> Double {
    let (a, b) = (source.edge(filling: wantedVoxels), target.edge(filling: wantedVoxels))
    let mean = (a * b).squareRoot()
    // Halving the count of voxels on a surface takes √2 of the edge: factor 2 keeps a quarter.
    return WorkingVoxel.rounded(min(mean, 2 * min(a, b)))
  }

  /// The power of 2^(1/4) that is nearest to an edge in ratio.
  package static func rounded(_ edge: Double) -> Double {
    guard edge > 0, edge.isFinite else { return edge }
    // Roots are exactly rounded on every platform, other powers are not.
    let root = 2.0.squareRoot()
    let powers = [1, root.squareRoot(), root, root * root.squareRoot(), 2]
    let s = edge.significand
    let nearest = powers.min { max($0 / s, s / $0) < max($1 / s, s / $1) } ?? 1
    return Double(sign: .plus, exponent: edge.exponent, significand: nearest)
  }

  /// The edge at which one cloud fills the wanted number of voxels, metres.
  func edge(for frame: WorkingFrame) -> Double {
    let positions = frame.cloud.positions
    let step = max(1, positions.count / 60_000)
    let sample = stride(from: 0, to: positions.count, by: step).map { positions[$0] }
    // A cloud with few points is taken as it is: no voxel count above half its points.
    let wanted = min(wantedVoxels, Double(positions.count) / 2)
    var edge = max(frame.extent, 1e-30) / wanted.squareRoot()
    for _ in 0..<5 {
      let count = Double(OccupiedVoxels.count(sample, edge: Float(edge)))
      let ratio = (count / wanted).squareRoot()
      edge *= min(max(ratio, 0.25), 4)
      if abs(ratio - 1) < 0.03 { break }
    }
    return edge
  }
}

/// Counts the voxels of a grid that hold at least one point, by hashing.
enum OccupiedVoxels {
  static func count(_ points: [SIMD3<Float>], edge: Float) -> Int {
    var capacity = 64
    while capacity < 2 * points.count { capacity *= 2 }
    let mask = UInt64(capacity - 1)
    let inverse = 1 / edge
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { table in
      table.initialize(repeating: .max)
      var count = 0
      for p in points {
        let cell = (p * inverse).rounded(.down).clamped(
          lowerBound: SIMD3(repeating: -1_000_000), upperBound: SIMD3(repeating: 1_000_000))
        let (x, y, z) = (UInt64(cell.x + 1_000_000), UInt64(cell.y + 1_000_000), UInt64(cell.z + 1_000_000))
        let key = x << 42 | y << 21 | z
        var slot = (key &* 0x9E37_79B9_7F4A_7C15) >> 20 & mask
        while table[Int(slot)] != .max, table[Int(slot)] != key { slot = (slot + 1) & mask }
        if table[Int(slot)] == .max {
          table[Int(slot)] = key
          count += 1
        }
      }
      return count
    }
  }
}
