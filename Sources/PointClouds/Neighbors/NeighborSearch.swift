/// A point found near a query.
///
/// The two fields are laid out so that, read as one little-endian `UInt64`, neighbours compare by distance first and by
/// index where distances tie: the order of every result list.
public struct Neighbor: Sendable, Equatable {
  /// Index of the point in the searched cloud; -1 where a fixed-size list has no entry.
  public var index: Int32
  /// Squared Euclidean distance to the query, square metres; infinite where there is no entry.
  public var squaredDistance: Float

  /// A neighbour from its parts.
  @inlinable
  public init(index: Int32, squaredDistance: Float) {
    self.index = index
    self.squaredDistance = squaredDistance
  }

  /// Fills the places of a fixed-size list that have no neighbour.
  public static let none = Neighbor(index: -1, squaredDistance: .infinity)

  /// True when `self` is listed before `other`: nearer, or as near with a smaller index.
  @inlinable
  public func precedes(_ other: Neighbor) -> Bool { key < other.key }

  @inlinable @inline(__always)
  package init(key: UInt64) {
    index = Int32(bitPattern: UInt32(truncatingIfNeeded: key))
    squaredDistance = Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32))
  }

  /// Distances are not negative, so that their bit patterns are ordered as they are.
  @inlinable @inline(__always)
  package var key: UInt64 { UInt64(squaredDistance.bitPattern) << 32 | UInt64(UInt32(bitPattern: index)) }
}

/// Exact search for the nearest points of a 3-D cloud.
///
/// All lists are in ascending order of distance and, where distances tie, of index. Points with a coordinate that is
/// not finite are never found, and a query with one finds nothing. Distances are evaluated in single precision as
/// `(dx dx + dy dy) + dz dz`. Searching is safe from several threads.
public protocol NeighborSearch: Sendable {
  /// The number of points given.
  var count: Int { get }
  /// The nearest point whose distance is at most `radius` metres, or nil.
  func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor?
  /// The k nearest points, or all of them when there are fewer.
  func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor]
  /// All points whose distance is at most `radius` metres.
  func neighbors(of query: SIMD3<Float>, within radius: Float) -> [Neighbor]
}

extension NeighborSearch {
  /// The nearest point at any distance, or nil when there is none.
  public func nearest(to query: SIMD3<Float>) -> Neighbor? { nearest(to: query, within: .infinity) }
}

/// The largest squared distance that belongs to a radius, or nil when nothing can lie within it.
func squaredBound(_ radius: Float) -> Float? {
  radius >= 0 ? min(radius * radius, .greatestFiniteMagnitude) : nil
}
