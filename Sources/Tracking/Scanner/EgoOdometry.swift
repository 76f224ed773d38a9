import Geometry

/// The movement of a scanner from scan to scan through a sequence.
public struct EgoOdometry: Sendable {
  /// The surroundings of the last scan that showed any.
  private var last: SurfelMap?

  /// Nothing has been seen yet.
  public init() {}

  /// One scan further: the movement since the last scan that was not empty; nil where there is none or it cannot be told.
  public mutating func callAsFunction(_ scan: PointCloud) -> EgoMotion? {
    guard !scan.isEmpty else { return nil }
    let map = SurfelMap(scan)
    defer { last = map }
    return last.flatMap { EgoMotion(from: $0, to: map) }
  }
}
