/// A point of the source cloud paired with a point of the target cloud, by index.
public struct Correspondence: Equatable, Hashable, Sendable {
  /// Index into the source.
  public var source: Int32
  /// Index into the target.
  public var target: Int32

  /// The pair of two indices.
  @inlinable
  public init(source: Int32, target: Int32) {
    self.source = source
    self.target = target
  }
}
