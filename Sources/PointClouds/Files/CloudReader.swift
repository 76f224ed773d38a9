import Geometry

/// Reads a point cloud from a file; the content decides the format.
public struct CloudReader: Sendable {
  /// The format to read; sniffed from the content when nil.
  public var format: CloudFormat?
  /// What happens to points with a NaN or infinite coordinate.
  public var nonFinite: NonFinitePolicy
  /// The most memory that reading may take, bytes; 80 % of what the machine or its control group has when nil.
  public var memoryLimit: Int?

  /// A reader; the defaults suit every file.
  public init(format: CloudFormat? = nil, nonFinite: NonFinitePolicy = .drop, memoryLimit: Int? = nil) {
    self.format = format
    self.nonFinite = nonFinite
    self.memoryLimit = memoryLimit
  }
}
