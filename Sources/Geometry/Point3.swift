/// A point or vector of 3-D space, in metres unless a name says otherwise.
public typealias Point3 = SIMD3<Double>

extension SIMD3 where Scalar: FloatingPoint {
  /// The scalar product.
  @inlinable @inline(__always)
  public func dot(_ other: Self) -> Scalar { x * other.x + y * other.y + z * other.z }

  /// The vector product.
  @inlinable @inline(__always)
  public func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The squared Euclidean length.
  @inlinable @inline(__always)
  public var squaredLength: Scalar { dot(self) }

  /// The Euclidean length.
  @inlinable @inline(__always)
  public var length: Scalar { squaredLength.squareRoot() }

  /// The vector scaled to unit length; the zero vector stays zero.
  @inlinable @inline(__always)
  public var normalized: Self {
    let l = length
    return l > 0 ? self / l : self
  }

  /// True when no coordinate is NaN or infinite.
  @inlinable @inline(__always)
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension Collection where Element == SIMD3<Float> {
  /// The mean of the points, summed in their order in double precision; zero for none.
  public var mean: Point3 { reduce(Point3.zero) { $0 + Point3($1) } / Double(Swift.max(count, 1)) }
}
