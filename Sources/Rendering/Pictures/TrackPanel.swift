import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A scan around a tracked box as seen from above, kept small: what one panel of a ``TrackPicture`` shows.
package struct TrackPanel: Sendable {
  /// What a point belongs to.
  enum Kind: Int, Sendable {
    /// The ground.
    case ground
    /// Something that stands on it.
    case standing
    /// The tracked box.
    case inside
  }

  /// The frame's number.
  let frame: Int
  /// Points around the middle of the box, x and y of the scanner's axes, metres; the ground first, the object last.
  let points: [(place: SIMD2<Float>, kind: Kind)]
  /// The tracked box; its middle is the origin.
  let box: Box3
  /// The labelled box relative to the middle of the tracked one; nil where there is none.
  let label: Box3?
  /// Whether the tracker saw the object.
  let isSeen: Bool

  /// The most points that a panel keeps.
  private static let limit = 6000

  /// A panel.
  /// - Parameters:
  ///   - cloud: the scan; an empty cloud where there is none.
  ///   - box: the tracked box, in the cloud's axes.
  ///   - label: the labelled box, in the same axes.
  ///   - reach: how far the panel reaches from the middle of the box along x and y, metres.
  package init(frame: Int, cloud: PointCloud, box: Box3, label: Box3?, isSeen: Bool, reach: Double) {
    var near: [SIMD3<Float>] = []
    for k in 0..<cloud.count {
      let p = cloud.position(k) - box.center
      let height = p.z + box.size.z / 2
      // Trees and bridges above would hide the object.
      guard abs(p.x) <= reach, abs(p.y) <= reach, height > -2, height < box.size.z + 1.5 else { continue }
      near.append(SIMD3(Float(p.x), Float(p.y), Float(height)))
    }
    points = TrackPanel.sorted(
      EvenSample(count: near.count, limit: TrackPanel.limit).indices.map { near[$0] }, box, reach: Float(reach))
    (self.frame, self.isSeen) = (frame, isSeen)
    self.box = Box3(center: .zero, size: box.size, yawRadians: box.yawRadians)
    self.label = label.map { Box3(center: $0.center - box.center, size: $0.size, yawRadians: $0.yawRadians) }
  }

  /// How far the middles of both boxes are from each other, metres; nil without a labelled one.
  var error: Double? { label.map { ($0.center - box.center).length } }

  /// The points with what they belong to. The ground is whatever lies within 25 cm above the lowest point nearby.
  private static func sorted(
    _ near: [SIMD3<Float>], _ box: Box3, reach: Float
  ) -> [(place: SIMD2<Float>, kind: Kind)] {
    let cell: Float = 1.5
    let side = Int(2 * reach / cell) + 1
    func index(_ value: Float) -> Int { min(max(Int((value + reach) / cell), 0), side - 1) }
    var lowest = [Float](repeating: .infinity, count: side * side)
    for p in near {
      for row in max(0, index(p.y) - 1)...min(side - 1, index(p.y) + 1) {
        for column in max(0, index(p.x) - 1)...min(side - 1, index(p.x) + 1) {
          lowest[row * side + column] = min(lowest[row * side + column], p.z)
        }
      }
    }
    let (c, s) = (Float(cos(box.yawRadians)), Float(sin(box.yawRadians)))
    let half = SIMD2(Float(box.size.x), Float(box.size.y)) / 2 + 0.05
    func kind(_ p: SIMD3<Float>) -> Kind {
      let isInside = abs(c * p.x + s * p.y) <= half.x && abs(c * p.y - s * p.x) <= half.y
      // A box may stand where no ground was hit.
      if isInside, p.z > 0.2 { return .inside }
      return p.z > lowest[index(p.y) * side + index(p.x)] + 0.25 ? .standing : .ground
    }
    let known = near.map { (place: SIMD2($0.x, $0.y), kind: kind($0)) }
    return [Kind.ground, .standing, .inside].flatMap { kind in known.filter { $0.kind == kind } }
  }
}

/// A row of a ``TrackPicture``: one object in several frames, all to the same scale.
package struct TrackStrip: Sendable {
  package let title: String
  package let note: String
  let panels: [TrackPanel]
  let reach: Double

  /// A row.
  /// - Parameters:
  ///   - title: whom it shows.
  ///   - note: what became of it.
  ///   - reach: that of the panels, metres.
  package init(title: String, note: String, panels: [TrackPanel], reach: Double) {
    (self.title, self.note, self.panels, self.reach) = (title, note, panels, reach)
  }

  /// How far panels should reach around a box, metres: the box and some of what is beside it.
  package static func reach(around box: Box3) -> Double { 0.75 * max(box.size.x, box.size.y) + 2.5 }
}
