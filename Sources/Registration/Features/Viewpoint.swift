import Geometry
import Parallelism
import PointClouds

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// From where a cloud was seen: the side of its normals and the free space follow from it.
public struct Viewpoint: Sendable {
  /// Where the position comes from.
  public enum Kind: String, Sendable {
    /// The file states it and it explains the cloud.
    case stated
    /// The origin of the coordinates, which explains the cloud about as well as any position.
    case origin
    /// The position that explains the cloud best.
    case virtual
  }

  /// In the coordinates of the points given, metres.
  public var position: SIMD3<Float>
  /// Where the position comes from.
  public var kind: Kind
  /// Visible share - inconsistent share + 0.3 x share seen at an open angle; at most 1.3.
  public var score: Float
  /// How much better it is than the best position that turns a quarter of the normals round, in [0, 1].
  public var confidence: Float

  /// A viewpoint with its evidence.
  public init(position: SIMD3<Float>, kind: Kind, score: Float, confidence: Float) {
    self.position = position
    self.kind = kind
    self.score = score
    self.confidence = confidence
  }
}

/// Finds the viewpoint of a cloud.
///
/// Candidates are the stated position, the origin, a grid inside the cloud (interiors) and spheres around it (objects).
/// The best virtual ones are polished by a pattern search. A given position wins when its score is about as good.
/// Among positions outside, one that sees a bulging surface is preferred: a shell seen from its hollow side scores
/// alike, but objects are scanned from outside.
public struct ViewpointSearch: Sendable {
  /// The edge of a voxel of the cloud, metres: the unit of all distances.
  public var voxel: Float
  /// The most points looked at.
  public var sample = 2400
  /// A stated position and the origin may score this much less than the best virtual one.
  public var tolerance: (stated: Float, origin: Float) = (0.25, 0.12)
  /// Added for positions outside that see a convex surface.
  public var convexityBonus: Float = 0.15

  /// A search for clouds of the given voxel edge, metres.
  public init(voxel: Float) { self.voxel = voxel }

  /// The viewpoint of the points with their normals (of either side; zero where invalid).
  /// - Parameters:
  ///   - stated: the position stated by the file, in the coordinates of the points.
  ///   - origin: the origin of the file's coordinates, in the coordinates of the points; not considered when nil.
  public func callAsFunction(
    _ positions: [SIMD3<Float>], normals: [SIMD3<Float>], stated: SIMD3<Float>? = nil, origin: SIMD3<Float>? = .zero
  ) -> Viewpoint {
    let valid = positions.indices.filter { positions[$0].isFinite && normals[$0].squaredLength > 0.5 }
    guard valid.count >= 3 else {
      let kind: Viewpoint.Kind = stated != nil ? .stated : .origin
      return Viewpoint(position: stated ?? origin ?? .zero, kind: kind, score: 0, confidence: 0)
    }
    let fine = score(valid, positions, normals, sample)
    let coarse = score(valid, positions, normals, sample / 3)
    var best = ranked(candidates(fine), fine, coarse).prefix(3).map { polished($0, fine) }
    best.sort { $0.value > $1.value }
    let top = best[0]
    var result = Viewpoint(position: top.position, kind: .virtual, score: top.value, confidence: 0)
    for (position, kind, slack) in [
      (stated, Viewpoint.Kind.stated, tolerance.stated), (origin, .origin, tolerance.origin),
    ] {
      guard result.kind == .virtual, let position, position.isFinite else { continue }
      let value = rating(position, fine(position), fine)
      if value >= top.value - slack {
        result = Viewpoint(position: position, kind: kind, score: value, confidence: 0)
      }
    }
    result.confidence = confidence(result, fine, coarse)
    return result
  }

  /// A position with its rating.
  struct Rated: Sendable {
    var position: SIMD3<Float>
    var value: Float
  }

  private func score(
    _ valid: [Int], _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ limit: Int
  ) -> VisibilityScore {
    let m = min(valid.count, max(8, limit))
    // A multiplicative step walks evenly through the points whatever their order in the file.
    let picked = (0..<m).map { valid[$0 * valid.count / m] }
    let spacing = voxel * (Float(valid.count) / Float(m)).squareRoot()
    return VisibilityScore(
      points: picked.map { positions[$0] }, normals: picked.map { normals[$0] }, spacing: spacing, margin: 3 * voxel)
  }

  private func rating(_ c: SIMD3<Float>, _ parts: VisibilityScore.Parts, _ score: VisibilityScore) -> Float {
    let outside = (c - score.center).length > 1.4 * score.radius
    return parts.value + (outside && score.convexity(c) > 0.2 ? convexityBonus : 0)
  }

  /// A grid through the box of the cloud, and spheres around it.
  private func candidates(_ score: VisibilityScore) -> [SIMD3<Float>] {
    let extent = RobustExtent(score.points, share: 0.005)
    let size = extent.size.replacing(with: voxel, where: extent.size .< voxel)
    let volume = size.x * size.y * size.z
    let step = max(8 * voxel, cbrtf(volume / 600))
    let counts = SIMD3<Int>(
      1 + min(200, Int(size.x / step)), 1 + min(200, Int(size.y / step)), 1 + min(200, Int(size.z / step)))
    var list: [SIMD3<Float>] = []
    for x in 0..<counts.x {
      for y in 0..<counts.y {
        for z in 0..<counts.z {
          let t = (SIMD3<Float>(Float(x), Float(y), Float(z)) + 0.5) / SIMD3<Float>(SIMD3<Int32>(truncatingIfNeeded: counts))
          list.append(extent.lower + t * size)
        }
      }
    }
    for factor in [Float(1.5), 2, 3, 4] {
      for d in Self.directions { list.append(score.center + d * (factor * score.radius)) }
    }
    return list
  }

  /// 96 even directions (Fibonacci lattice).
  private static let directions: [SIMD3<Float>] = (0..<96).map { k in
    let z = 1 - (2 * Double(k) + 1) / 96
    let turn = 2.399963229728653 * Double(k)
    let r = (1 - z * z).squareRoot()
    return SIMD3(Float(r * cos(turn)), Float(r * sin(turn)), Float(z))
  }

  /// The most promising candidates: all are rated with few points, the best again with all.
  private func ranked(_ list: [SIMD3<Float>], _ fine: VisibilityScore, _ coarse: VisibilityScore) -> [Rated] {
    let clearance = 5 * voxel
    let rough = Parallel.map(list.count, grain: 4) { k -> Float in
      let parts = coarse(list[k])
      return parts.clearance > clearance ? rating(list[k], parts, coarse) : -.infinity
    }
    let order = list.indices.sorted { (-rough[$0], $0) < (-rough[$1], $1) }
    let kept = order.prefix(24).map { list[$0] }
    let rated = Parallel.map(kept.count, grain: 1) { k in
      Rated(position: kept[k], value: rating(kept[k], fine(kept[k]), fine))
    }
    return rated.indices.sorted { (-rated[$0].value, $0) < (-rated[$1].value, $1) }.map { rated[$0] }
  }

  /// Four rounds of a pattern search along the axes, the step halved each time.
  private func polished(_ start: Rated, _ score: VisibilityScore) -> Rated {
    var best = start
    let outside = (start.position - score.center).length > 1.4 * score.radius
    var step = outside ? 0.2 * score.radius : 4 * voxel
    for _ in 0..<3 {
      let (center, reach) = (best.position, step)
      let tried = Parallel.map(6, grain: 1) { k -> Rated in
        var c = center
        c[k >> 1] += k & 1 == 0 ? reach : -reach
        let parts = score(c)
        return Rated(position: c, value: parts.clearance > 3 * voxel ? rating(c, parts, score) : -.infinity)
      }
      for r in tried where r.value > best.value { best = r }
      step *= 0.5
    }
    return best
  }

  /// The margin to the best position that turns at least a quarter of the normals the other way.
  private func confidence(_ chosen: Viewpoint, _ fine: VisibilityScore, _ coarse: VisibilityScore) -> Float {
    let list = candidates(fine)
    let values = Parallel.map(list.count, grain: 4) { k -> Float in
      let parts = coarse(list[k])
      guard parts.clearance > 5 * voxel, coarse.agreement(list[k], chosen.position) < 0.75 else { return -.infinity }
      return rating(list[k], parts, coarse)
    }
    let rival = values.max() ?? -.infinity
    let own = rating(chosen.position, coarse(chosen.position), coarse)
    return max(0, min(1, (own - rival) / 0.3))
  }
}
