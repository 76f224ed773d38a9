import Geometry

/// Two clouds before and after a registration, to be drawn from any direction.
package struct PairScene: Sendable {
  /// The colours of the two clouds in all pictures: orange and blue.
  package static let colors = (source: SIMD3<UInt8>(245, 133, 24), target: SIMD3<UInt8>(38, 118, 200))

  private let fixed, before, after: [Point3]
  private let views: SceneViews
  private let sourceColor: SIMD3<UInt8>
  /// How far the source was moved before it is drawn as it was, metres; zero where both clouds can be seen as they lie.
  package let shift: Point3

  /// At most `limit` points of each cloud.
  package init(
    source: PointCloud, target: PointCloud, targetFromSource: SimilarityTransform, limit: Int = 1_000_000,
    sourceColor: SIMD3<UInt8> = colors.source
  ) {
    self.sourceColor = sourceColor
    fixed = PairScene.thinned(target, limit)
    let moved = PairScene.thinned(source, limit)
    let (a, b) = (PairScene.middle(moved), PairScene.middle(fixed))
    // Clouds that lie so far apart that both would be dots are drawn over each other.
    let isFar = (a.center - b.center).length > 4 * max(a.size, b.size, 1e-30)
    shift = isFar ? b.center - a.center : .zero
    let shift = self.shift
    before = moved.map { $0 + shift }
    after = moved.map { targetFromSource($0) }
    views = SceneViews(target)
  }

  /// Says that the source was moved for the picture before; empty where it was not.
  package var remark: String {
    let distance = shift.length.rounded()
    if distance == 0, shift == .zero { return "" }
    return " (drawn \(distance < 1e15 ? "\(Int64(distance))" : "\(distance)") m nearer)"
  }

  /// A direction to look in.
  package enum Direction: Sendable {
    /// From above at an angle.
    case oblique
    /// From above; the clouds' long side across.
    case top
    /// Along the n-th axis of the target's coordinates: 0, 1, 2.
    case axis(Int)
  }

  /// One picture.
  package func picture(after isAfter: Bool, from direction: Direction, width: Int, height: Int) -> Image {
    let layers = [
      Canvas.Layer(points: fixed, color: SIMD3<Float>(PairScene.colors.target)),
      Canvas.Layer(points: isAfter ? after : before, color: SIMD3<Float>(sourceColor)),
    ]
    return Canvas(width: width, height: height)(layers, view: view(direction).view)
  }

  /// Which way the axes point in a view along an axis: `x to the right, z upwards`.
  package func axes(along axis: Int) -> String {
    let names = view(.axis(axis)).names
    return "\(names.right) to the right, \(names.up) upwards"
  }

  private func view(_ direction: Direction) -> (view: View, names: (right: String, up: String)) {
    switch direction {
    case .oblique: return (views.oblique, ("", ""))
    case .top: return (views.top, ("", ""))
    case .axis(let axis):
      // The vertical axis of the scene stays vertical; seen along it, the later of the others does.
      let vertical = -views.top.forward
      let up =
        axis == (0..<3).max { abs(vertical[$0]) < abs(vertical[$1]) }
        ? PairScene.unit(axis == 2 ? 1 : 2) : vertical
      let upAxis = (0..<3).max { abs(up[$0]) < abs(up[$1]) }!
      let right = PairScene.unit(3 - axis - upAxis)
      let names = ["x", "y", "z"]
      return (
        View(forward: up.cross(right), up: up), (names[3 - axis - upAxis], (up[upAxis] < 0 ? "-" : "") + names[upAxis])
      )
    }
  }

  private static func unit(_ axis: Int) -> Point3 {
    var axisVector = Point3.zero
    axisVector[axis] = 1
    return axisVector
  }

  /// The medians of the coordinates, and the diagonal between the 5 and 95 percentiles.
  private static func middle(_ points: [Point3]) -> (center: Point3, size: Double) {
    guard !points.isEmpty else { return (.zero, 0) }
    let step = max(1, points.count / 20_000)
    var (center, size) = (Point3.zero, Point3.zero)
    for axis in 0..<3 {
      let values = stride(from: 0, to: points.count, by: step).map { points[$0][axis] }.sorted()
      center[axis] = values[values.count / 2]
      size[axis] = values[values.count - 1 - values.count / 20] - values[values.count / 20]
    }
    return (center, size.length)
  }

  private static func thinned(_ cloud: PointCloud, _ limit: Int) -> [Point3] {
    let step = (cloud.count + limit - 1) / limit
    return stride(from: 0, to: cloud.count, by: max(1, step)).map { cloud.position($0) }.filter(\.isFinite)
  }
}
