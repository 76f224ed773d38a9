import Geometry
import Parallelism

/// A graph over correspondences: an edge joins two that one rigid motion can explain together.
///
/// For correspondences i, j with source points p, target points q and unit normals n, m, an edge needs
///
///     | |pᵢ - pⱼ| - |qᵢ - qⱼ| | < δ,   |pᵢ - pⱼ|, |qᵢ - qⱼ| > ℓ,
///     | nᵢ·nⱼ - mᵢ·mⱼ | < γ,   | nᵢ·u - mᵢ·w | < γ,   | nⱼ·u - mⱼ·w | < γ
///
/// with the unit directions u = (pⱼ - pᵢ)/|pⱼ - pᵢ| and w likewise. The rows are bitsets, so the second-order measure
/// `Sᵢⱼ = Cᵢⱼ Σₖ Cᵢₖ Cⱼₖ` (SC²-PCR, Chen et al., CVPR 2022) is a popcount.
///
/// Complexity: O(N²) tests, O(E N / 64) words for the supports, N² x 2 bytes. Both are symmetric: each pair is looked at once.
public struct ConsensusGraph: Sendable {
  /// The number of correspondences, at most 5000 (the caller keeps the best).
  public let count: Int
  private let words: Int
  private let adjacency: [UInt64]
  private let supports: [UInt16]

  /// How well two correspondences must agree.
  public struct Tolerance: Sendable {
    /// δ: the difference of the two lengths, metres.
    public var length: Float
    /// ℓ: shorter pairs say nothing about the rotation, metres.
    public var minimumLength: Float
    /// γ: the difference of cosines.
    public var cosine: Float

    /// A tolerance; cosines may differ by 0.35 unless stated.
    public init(length: Float, minimumLength: Float, cosine: Float = 0.35) {
      self.length = length
      self.minimumLength = minimumLength
      self.cosine = cosine
    }
  }

  /// The graph of the correspondences `source[i] ↦ target[i]` with their unit normals, all of shape [count].
  public init(
    source p: [SIMD3<Float>], target q: [SIMD3<Float>], sourceNormals n: [SIMD3<Float>],
    targetNormals m: [SIMD3<Float>], tolerance: Tolerance
  ) {
    precondition(p.count == q.count && p.count == n.count && p.count == m.count, "one normal and one point per side")
    count = p.count
    words = (p.count + BitCount.group * 64 - 1) / (BitCount.group * 64) * BitCount.group
    adjacency = Self.edges(p, q, n, m, tolerance, words: words)
    supports = Self.supports(adjacency, count: p.count, words: words)
  }

  /// Whether two correspondences agree.
  public func hasEdge(_ i: Int, _ j: Int) -> Bool { adjacency[i * words + j >> 6] >> UInt64(j & 63) & 1 == 1 }

  /// The correspondences that agree with one, ascending.
  public func neighbors(of i: Int) -> [Int] {
    var neighbors: [Int] = []
    for w in 0..<words {
      var word = adjacency[i * words + w]
      while word != 0 {
        neighbors.append(w << 6 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
    return neighbors
  }

  /// The correspondences with the largest `Σⱼ Sᵢⱼ`, best first; those without support are left out.
  public func ranked() -> [Int] {
    let sums = Parallel.map(count, grain: 512) { supportSum($0) }
    return sums.indices.filter { sums[$0] > 0 }.sorted { sums[$0] != sums[$1] ? sums[$0] > sums[$1] : $0 < $1 }
  }

  /// `Σⱼ Sᵢⱼ`: how much support a correspondence has.
  public func supportSum(_ i: Int) -> Int { supports[i * count..<(i + 1) * count].reduce(0) { $0 + Int($1) } }

  /// `Sᵢⱼ`: how many correspondences agree with both; zero where i and j do not agree.
  public func support(_ i: Int, _ j: Int) -> Int { Int(supports[i * count + j]) }

  /// Cliques grown greedily: from each of the correspondences with the largest `Σⱼ Sᵢⱼ`, always adding the common
  /// neighbour with the largest summed support. Cliques below three members are left out; ties go to the lower index.
  public func greedyCliques(seeds: Int, limit: Int) -> [[Int]] {
    let order = ranked()
    return Parallel.map(min(seeds, order.count), grain: 4) { k in grow(from: order[k], limit: limit) }
      .filter { $0.count >= 3 }
  }

  private func grow(from seed: Int, limit: Int) -> [Int] {
    var members = [seed]
    var candidates = Array(adjacency[seed * words..<(seed + 1) * words])
    var gains = supports[seed * count..<(seed + 1) * count].map { Int32($0) }
    adjacency.withUnsafeBufferPointer { adjacency in
      supports.withUnsafeBufferPointer { supports in
        gains.withUnsafeMutableBufferPointer { gains in
          var (best, bestGain) = (-1, Int32(0))
          for j in gains.indices where gains[j] > bestGain { (best, bestGain) = (j, gains[j]) }
          while best >= 0 {
            members.append(best)
            if members.count >= limit { break }
            let (row, added) = (best * words, supports.baseAddress! + best * count)
            (best, bestGain) = (-1, 0)
            for w in 0..<words {
              candidates[w] &= adjacency[row + w]
              var word = candidates[w]
              while word != 0 {
                let j = w << 6 + word.trailingZeroBitCount
                word &= word - 1
                let gain = gains[j] + Int32(added[j])
                gains[j] = gain
                if gain > bestGain { (best, bestGain) = (j, gain) }
              }
            }
          }
        }
      }
    }
    return Array(members.prefix(max(1, limit)))
  }

  private static func edges(
    _ p: [SIMD3<Float>], _ q: [SIMD3<Float>], _ n: [SIMD3<Float>], _ m: [SIMD3<Float>], _ tolerance: Tolerance,
    words: Int
  ) -> [UInt64] {
    let minimum = tolerance.minimumLength * tolerance.minimumLength
    let (delta, gamma) = (tolerance.length, tolerance.cosine)
    var bits = [UInt64](repeating: 0, count: p.count * words)
    bits.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      Parallel.forEachChunk(p.count, grain: 8) { rows in
        for i in rows {
          let row = out.base! + i * words
          for j in i + 1..<max(i + 1, p.count) {
            let (u, w) = (p[j] - p[i], q[j] - q[i])
            let (uu, ww) = (u.squaredLength, w.squaredLength)
            if uu <= minimum || ww <= minimum { continue }
            let (a, b) = (uu.squareRoot(), ww.squareRoot())
            if abs(a - b) >= delta || abs(n[i].dot(n[j]) - m[i].dot(m[j])) >= gamma { continue }
            if abs(n[i].dot(u) / a - m[i].dot(w) / b) >= gamma { continue }
            if abs(n[j].dot(u) / a - m[j].dot(w) / b) >= gamma { continue }
            row[j >> 6] |= 1 << UInt64(j & 63)
          }
        }
      }
      // The other half; rows above have their bits already.
      for i in p.indices {
        let row = out.base! + i * words
        for w in i >> 6..<words {
          var word = w == i >> 6 ? row[w] & ~(UInt64.max >> UInt64(63 - i & 63)) : row[w]
          while word != 0 {
            let j = w << 6 + word.trailingZeroBitCount
            word &= word - 1
            out.base![j * words + i >> 6] |= 1 << UInt64(i & 63)
          }
        }
      }
    }
    return bits
  }

  private static func supports(_ adjacency: [UInt64], count: Int, words: Int) -> [UInt16] {
    var supports = [UInt16](repeating: 0, count: count * count)
    adjacency.withUnsafeBufferPointer { rows in
      let rows = UncheckedPointer(UnsafeMutablePointer(mutating: rows.baseAddress))
      supports.withUnsafeMutableBufferPointer { buffer in
        let out = UncheckedPointer(buffer.baseAddress)
        Parallel.forEachChunk(count, grain: 8) { range in
          for i in range {
            let a = rows.base! + i * words
            for w in i >> 6..<words {
              var word = w == i >> 6 ? a[w] & ~(UInt64.max >> UInt64(63 - i & 63)) : a[w]
              while word != 0 {
                let j = w << 6 + word.trailingZeroBitCount
                word &= word - 1
                let sum = UInt16(clamping: BitCount.common(a, rows.base! + j * words, words))
                out.base![i * count + j] = sum
                out.base![j * count + i] = sum
              }
            }
          }
        }
      }
    }
    return supports
  }
}
