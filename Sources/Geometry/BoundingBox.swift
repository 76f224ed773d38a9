/// An axis-aligned box; empty when it holds no point.
public struct BoundingBox: Equatable, Sendable {
  /// The corner with the smallest coordinates; +infinity when empty.
  public var lower = Point3(repeating: .infinity)
  /// The corner with the largest coordinates; -infinity when empty.
  public var upper = Point3(repeating: -.infinity)

  /// The empty box.
  public init() {}

  /// The smallest box that holds the points.
  public init(_ points: some Sequence<Point3>) { for p in points { insert(p) } }

  /// Grows the box so that it holds the point.
  @inlinable
  public mutating func insert(_ p: Point3) {
    lower.replace(with: p, where: p .< lower)
    upper.replace(with: p, where: p .> upper)
  }

  /// True when no point was inserted.
  public var isEmpty: Bool { !(lower.x <= upper.x) }
  /// The edge lengths; zero when empty.
  public var size: Point3 { isEmpty ? .zero : upper - lower }
  /// The length of the diagonal.
  public var diagonal: Double { size.length }
  /// The middle; the origin when empty.
  public var center: Point3 { isEmpty ? .zero : (lower + upper) * 0.5 }
}
