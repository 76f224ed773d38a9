import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pairs of superpoints that look alike and nobody else as much.
///
/// With s = exp(-d²/c), d the descriptors' distance and c its usual size, a pair scores s²ᵢⱼ / (Σⱼ sᵢⱼ Σᵢ sᵢⱼ): the product of
/// both directional normalisations (GeoTransformer's code; HST, section 3.1). c is the median distance to the nearest
/// superpoint, so that the scale of the descriptors plays no part.
struct CoarseMatcher: Sendable {
  /// How many pairs are kept, C.
  var limit = 256

  /// The best pairs, by descending score, then by index.
  /// - Parameters:
  ///   - source: superpoints, indices of keypoints.
  ///   - target: the same of the other cloud.
  func callAsFunction(source: [Int32], target: [Int32], distances: DescriptorDistances) -> [Correspondence] {
    let (m, n) = (source.count, target.count)
    guard m > 0, n > 0 else { return [] }
    var scores = [Float](repeating: 0, count: m * n)
    var nearest: [Float] = []
    for (a, i) in source.enumerated() {
      var least = Float.infinity
      for (b, j) in target.enumerated() {
        let d = distances[i, j]
        scores[a * n + b] = d
        least = min(least, d)
      }
      nearest.append(least)
    }
    nearest.sort()
    let scale = -1 / max(nearest[m / 2], .leastNormalMagnitude)
    var (rows, columns) = ([Float](repeating: 0, count: m), [Float](repeating: 0, count: n))
    for a in 0..<m {
      for b in 0..<n {
        let s = expf(scores[a * n + b] * scale)
        scores[a * n + b] = s
        rows[a] += s
        columns[b] += s
      }
    }
    for a in 0..<m {
      for b in 0..<n {
        let s = scores[a * n + b]
        scores[a * n + b] = s * s / max(rows[a] * columns[b], .leastNormalMagnitude)
      }
    }
    return best(scores).map { Correspondence(source: source[$0 / n], target: target[$0 % n]) }
  }

  /// The places of the largest scores.
  private func best(_ scores: [Float]) -> [Int] {
    // A bar that at least `limit` scores pass, from an even sample, spares sorting them all.
    let step = max(1, scores.count / 4096)
    let sample = stride(from: 0, to: scores.count, by: step).map { scores[$0] }.sorted(by: >)
    var rank = min(sample.count - 1, 2 * limit / step + 8)
    while true {
      let bar = rank < sample.count - 1 ? sample[rank] : -.infinity
      let passing = scores.indices.filter { scores[$0] >= bar }
      if passing.count >= min(limit, scores.count) {
        let sorted = passing.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        return Array(sorted.prefix(limit))
      }
      rank = min(sample.count - 1, 2 * rank)
    }
  }
}
