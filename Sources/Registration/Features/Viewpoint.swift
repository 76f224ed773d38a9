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
    /// Somewhere on the other side of the surfaces than the position says; free space is unknown.
    case opposite
  }

  /// In the coordinates of the points given, metres.
  public var position: SIMD3<Float>
  /// Where the position comes from.
  public var kind: Kind
  /// Visible share - inconsistent share + 0.3 x share seen at an open angle; at most 1.3.
  public var score: Float
  /// The middle of a rounded shell that was scanned from outside, perhaps from several sides: its normals point away from
  /// here. Nil otherwise.
  public var shellCenter: SIMD3<Float>?
  /// How much better it is than the best position that turns a quarter of the normals round, in [0, 1].
  public var confidence: Float

  /// A viewpoint with its evidence.
  public init(position: SIMD3<Float>, kind: Kind, score: Float, confidence: Float) {
    self.position = position
    self.kind = kind
    self.score = score
    self.confidence = confidence
  }

  /// What is known when the surfaces were seen from the other side than this viewpoint says.
  var opposite: Viewpoint {
    var other = self
    other.kind = .opposite
    return other
  }

  /// Turns the normals to the side from which the surface was seen.
  public func orient(_ normals: inout [SIMD3<Float>], of positions: [SIMD3<Float>]) {
    NormalEstimation.orient(&normals, of: positions, towards: shellCenter ?? position)
    if shellCenter != nil { for i in normals.indices { normals[i] = -normals[i] } }
  }
}

/// Finds the viewpoint of a cloud.
///
/// Candidates are the stated position, the origin, a grid inside the cloud (interiors) and spheres around it (objects).
/// The best virtual one is polished by a pattern search; a given position wins when it explains the cloud about as well.
///
/// A given position amid the points from which nearly nothing is hidden (see ``DirectSight``) is where the sensor stood,
/// however much more a bird's eye would see.
///
/// A rounded shell that is seen whole from its hollow side is taken for an object scanned from outside, unless an outer
/// position sees little of it, as of a closed room: furnished rooms hide part of themselves from any one place.
public struct ViewpointSearch: Sendable {
  /// The edge of a voxel of the cloud, metres: the unit of all distances.
  public var voxel: Float
  /// The most points looked at.
  public var sample = 2400
  /// A stated position and the origin may explain this much less of the cloud than the best virtual one.
  public var tolerance: (stated: Float, origin: Float) = (0.2, 0.1)
  /// A given position hides at most this share of what its sensor recorded.
  public var hiddenShare: Float = 0.07

  /// A search for clouds of the given voxel edge, metres.
  public init(voxel: Float) { self.voxel = voxel }

  /// The viewpoint of the points with their normals (of either side; zero where invalid).
  /// - Parameters:
  ///   - stated: the position stated by the file, in the coordinates of the points.
  ///   - origin: the origin of the file's coordinates, in the coordinates of the points; not considered when nil.
  ///   - dense: the same surface with more points and their normals, for ``DirectSight``; the points themselves when nil.
  public func callAsFunction(
    _ positions: [SIMD3<Float>], normals: [SIMD3<Float>], stated: SIMD3<Float>? = nil, origin: SIMD3<Float>? = .zero,
    dense: (positions: [SIMD3<Float>], normals: [SIMD3<Float>])? = nil
  ) -> Viewpoint {
    let valid = points(of: positions, normals)
    guard valid.count >= 3 else {
      let kind: Viewpoint.Kind = stated != nil ? .stated : .origin
      return Viewpoint(position: stated ?? origin ?? .zero, kind: kind, score: 0, confidence: 0)
    }
    let fine = score(valid, positions, normals, sample)
    let coarse = score(valid, positions, normals, sample / 3)
    let list = candidates(fine)
    let rough = Parallel.map(list.count, grain: 4) { k in
      Rated(position: list[k], parts: coarse(list[k]))
    }.filter { $0.parts.clearance > 5 * voxel }
    guard var best = best(of: rough, fine) else {
      return Viewpoint(position: stated ?? origin ?? .zero, kind: .origin, score: 0, confidence: 0)
    }
    let most = best.parts.explained
    var isShell = false
    if best.parts.visible > 0.92 && fine.convexity(best.position) < -0.3 {
      let outer = rough.filter { isOutside($0.position, fine) && coarse.convexity($0.position) > 0.2 }
      if let seen = self.best(of: outer, fine), seen.parts.visible > 0.58 { (best, isShell) = (seen, true) }
    }
    var result = Viewpoint(position: best.position, kind: .virtual, score: best.parts.value, confidence: 0)
    result.shellCenter = isShell ? fine.center : nil
    for (position, kind, slack) in [
      (stated, Viewpoint.Kind.stated, tolerance.stated), (origin, .origin, tolerance.origin),
    ] {
      guard result.kind == .virtual, let position else { continue }
      // Sensors stand in or near what they see; farther away a position says no more than a direction.
      guard (position - fine.center).length < 20 * fine.radius else { continue }
      let parts = fine(position)
      // No sensor stands inside an object, but the origin of its own coordinates often does; and a camera that looks
      // into a hollow looks along one of its axes.
      let isPlausible =
        !isShell || fine.agreement(position, best.position) > 0.6
        || isOutside(position, fine) && (kind == .stated || looksAlongAxis(fine.center - position))
      guard isPlausible else { continue }
      if parts.explained >= most - slack
        || !isOutside(position, fine) && sees(dense ?? (positions, normals), from: position)
      {
        result = Viewpoint(position: position, kind: kind, score: parts.value, confidence: 0)
      }
    }
    result.confidence = confidence(result, rough, coarse)
    return result
  }

  /// The points with a normal that lie in the percentile box or within its diagonal around it.
  private func points(of positions: [SIMD3<Float>], _ normals: [SIMD3<Float>]) -> [Int] {
    let extent = RobustExtent(positions)
    let reach = SIMD3<Float>(repeating: extent.diagonal)
    let (lower, upper) = (extent.lower - reach, extent.upper + reach)
    guard lower.isFinite, upper.isFinite else { return [] }
    return positions.indices.filter { i in
      let p = positions[i]
      return normals[i].squaredLength > 0.5 && all(p .>= lower) && all(p .<= upper)
    }
  }

  /// A position with its score.
  struct Rated: Sendable {
    var position: SIMD3<Float>
    var parts: VisibilityScore.Parts
  }

  private func sees(
    _ surface: (positions: [SIMD3<Float>], normals: [SIMD3<Float>]), from position: SIMD3<Float>
  ) -> Bool {
    let hidden = DirectSight(voxel: voxel).hiddenShare(
      of: surface.positions, normals: surface.normals, from: position)
    return hidden <= hiddenShare
  }

  private func isOutside(_ c: SIMD3<Float>, _ score: VisibilityScore) -> Bool {
    (c - score.center).length > 1.4 * score.radius
  }

  /// True for directions within 20 degrees of a coordinate axis.
  private func looksAlongAxis(_ direction: SIMD3<Float>) -> Bool {
    let d = direction.normalized
    return max(abs(d.x), abs(d.y), abs(d.z)) > 0.94
  }

  private func score(
    _ valid: [Int], _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ limit: Int
  ) -> VisibilityScore {
    let picked = valid.evenlyChosen(max(8, limit))
    let spacing = voxel * (Float(valid.count) / Float(picked.count)).squareRoot()
    return VisibilityScore(
      points: picked.map { positions[$0] }, normals: picked.map { normals[$0] }, spacing: spacing, margin: 3 * voxel)
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
          let t =
            (SIMD3<Float>(Float(x), Float(y), Float(z)) + 0.5) / SIMD3<Float>(SIMD3<Int32>(truncatingIfNeeded: counts))
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

  /// The best position after another look with all points at the most promising ones and a polish of the first three.
  private func best(of rough: [Rated], _ score: VisibilityScore) -> Rated? {
    let order = rough.indices.sorted { (-rough[$0].parts.value, $0) < (-rough[$1].parts.value, $1) }
    let kept = order.prefix(24).map { rough[$0].position }
    let rated = Parallel.map(kept.count, grain: 1) { k in Rated(position: kept[k], parts: score(kept[k])) }
    let first = rated.indices.sorted { (-rated[$0].parts.value, $0) < (-rated[$1].parts.value, $1) }.prefix(3)
    var best: Rated?
    for k in first {
      let r = polished(rated[k], score)
      if r.parts.value > best?.parts.value ?? -.infinity { best = r }
    }
    return best
  }

  /// Three rounds of a pattern search along the axes, the step halved each time.
  private func polished(_ start: Rated, _ score: VisibilityScore) -> Rated {
    var best = start
    var step = isOutside(start.position, score) ? 0.2 * score.radius : 4 * voxel
    for _ in 0..<3 {
      let (center, reach) = (best.position, step)
      let tried = Parallel.map(6, grain: 1) { k -> Rated in
        var c = center
        c[k >> 1] += k & 1 == 0 ? reach : -reach
        return Rated(position: c, parts: score(c))
      }
      for r in tried where r.parts.value > best.parts.value && r.parts.clearance > 3 * voxel { best = r }
      step *= 0.5
    }
    return best
  }

  /// The margin to the best position that turns at least a quarter of the normals the other way.
  private func confidence(_ chosen: Viewpoint, _ rough: [Rated], _ score: VisibilityScore) -> Float {
    let rivals = Parallel.map(rough.count, grain: 16) { k in
      score.agreement(rough[k].position, chosen.position) < 0.75 ? rough[k].parts.value : -.infinity
    }
    let own = score(chosen.position).value
    return max(0, min(1, (own - (rivals.max() ?? -.infinity)) / 0.3))
  }
}
