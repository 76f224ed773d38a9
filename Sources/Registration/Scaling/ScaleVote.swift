import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which scales the matches of two clouds agree on, without knowing the pose.
///
/// Two right matches i, j of clouds that differ by a scale s have `|qᵢ - qⱼ| / |pᵢ - pⱼ| = s`, and their normals stand to each
/// other and to the line between them as they did. Every pair of matches whose normals say so votes for the logarithm of
/// its ratio, with its length in voxels as weight, because the ratio of a long pair is the better known. Votes of wrong
/// matches spread over all ratios; what rises above them is a scale (adaptive voting of TEASER, Yang, Shi, Carlone,
/// T-RO 2021, with a background in place of a noise bound).
///
/// Votes of several matchings, made under different guesses of the scale, are added up.
struct ScaleVote: Sendable {
  /// A scale with how far its votes rise above those around it, in standard deviations of these.
  struct Peak: Sendable {
    let scale: Double
    let prominence: Double
  }

  /// Width of a bin of log ratios.
  private static let bin = 0.01
  /// Pairs of matches closer than this in either cloud do not vote, voxels.
  private static let minimumLength: Float = 8
  /// Cosines may differ by this.
  private static let cosines: Float = 0.25
  /// Ratios beyond this around the guess do not vote: descriptors do not match there.
  private static let reach = 0.5
  /// Matches that vote, the most distinctive first.
  private static let limit = 700

  /// The votes by the number of their bin, which is the logarithm of the scale over ``bin``.
  private var bins: [Int: Double] = [:]

  /// No votes.
  init() {}

  /// Adds the votes of matches that were found with the source scaled by `guess`; all lengths of the scaled clouds.
  mutating func add(_ matches: MatchSet, guess: Double, voxel: Double) {
    let n = min(matches.count, Self.limit)
    guard n > 1 else { return }
    let shift = log(guess)
    let least = Self.minimumLength * Float(voxel)
    for i in 0..<n - 1 {
      let (p, q, a, m) = (matches.source[i], matches.target[i], matches.sourceNormals[i], matches.targetNormals[i])
      for j in i + 1..<n {
        let (dp, dq) = (matches.source[j] - p, matches.target[j] - q)
        let (lp, lq) = (dp.length, dq.length)
        guard lp > least, lq > least else { continue }
        let ratio = Double(log(lq / lp))
        guard abs(ratio) < Self.reach else { continue }
        let (b, k) = (matches.sourceNormals[j], matches.targetNormals[j])
        let (u, w) = (dp / lp, dq / lq)
        guard abs(a.dot(b) - m.dot(k)) < Self.cosines, abs(a.dot(u) - m.dot(w)) < Self.cosines,
          abs(b.dot(u) - k.dot(w)) < Self.cosines
        else { continue }
        bins[Int(((shift + ratio) / Self.bin).rounded()), default: 0] += Double(min(lp, lq)) / voxel
      }
    }
  }

  /// The scales that the votes rise at, the most prominent first, at least 6 % apart.
  func peaks(limit: Int) -> [Peak] {
    guard let low = bins.keys.min(), let high = bins.keys.max() else { return [] }
    let margin = 60
    let values = (low - margin...high + margin).map { bins[$0] ?? 0 }
    let (fine, coarse) = (Self.smoothed(values, width: 2.5), Self.smoothed(values, width: 20))
    let floor = 0.02 * (coarse.max() ?? 0)
    let rise = zip(fine, coarse).map { ($0 - $1) / max($1, floor, .leastNormalMagnitude).squareRoot() }
    let order = rise.indices.dropFirst().dropLast()
      .filter { rise[$0] > 0 && rise[$0] >= rise[$0 - 1] && rise[$0] > rise[$0 + 1] }
      .sorted { rise[$0] != rise[$1] ? rise[$0] > rise[$1] : $0 < $1 }
    var kept: [Int] = []
    for k in order where !kept.contains(where: { abs($0 - k) < 6 }) {
      kept.append(k)
      if kept.count == limit { break }
    }
    return kept.map { k in
      // The top of the parabola through three bins.
      let (a, b, c) = (rise[k - 1], rise[k], rise[k + 1])
      let bend = a - 2 * b + c
      let offset = bend < 0 ? 0.5 * (a - c) / bend : 0
      return Peak(scale: exp(Self.bin * (Double(low - margin + k) + offset)), prominence: b)
    }
  }

  /// Values smoothed by a Gaussian of so many bins.
  private static func smoothed(_ values: [Double], width: Double) -> [Double] {
    let reach = Int(3 * width)
    let kernel = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (width * width)) }
    let total = kernel.reduce(0, +)
    return values.indices.map { k in
      var sum = 0.0
      for (n, weight) in kernel.enumerated() {
        let at = k + n - reach
        if values.indices.contains(at) { sum += weight * values[at] }
      }
      return sum / total
    }
  }
}
