import Foundation
import LinearAlgebra

/// A Gaussian distribution N(m, C Cᵀ) in terms of its location m and scale C.
public struct VariationalGaussian: Sendable {
  /// The mean.
  public var location: [Double]
  /// A root of the covariance, lower triangular or symmetric.
  public var scale: Matrix<Double>

  /// A distribution with a location and a scale of its dimension.
  public init(location: [Double], scale: Matrix<Double>) {
    precondition(scale.rows == location.count && scale.columns == location.count, "the scale fits the location")
    self.location = location
    self.scale = scale
  }

  /// The covariance `C Cᵀ`.
  public var covariance: Matrix<Double> { scale.timesTransposed(scale) }

  /// The point of a standard normal vector, `C u + m`.
  public func point(_ u: [Double]) -> [Double] { (scale * u).adding(location) }

  /// The squared distance in the space of parameters, `|m - m'|² + |C - C'|²`.
  public func squaredDistance(to other: VariationalGaussian) -> Double {
    location.subtracting(other.location).squaredNorm + (scale - other.scale).squaredNorm
  }
}

/// The logarithm of a density up to a constant, with its gradient.
public protocol LogDensity: Sendable {
  /// The number of coordinates.
  var dimension: Int { get }
  /// The value and the gradient at a point.
  func valueAndGradient(_ z: [Double]) -> (value: Double, gradient: [Double])
}

/// A Gaussian density with a mean and a precision matrix.
public struct GaussianDensity: LogDensity {
  /// The mean.
  public let mean: [Double]
  /// The inverse covariance.
  public let precision: Matrix<Double>

  /// A density; the precision is symmetric.
  public init(mean: [Double], precision: Matrix<Double>) {
    precondition(precision.rows == mean.count && precision.columns == mean.count, "the precision fits the mean")
    self.mean = mean
    self.precision = precision
  }

  /// The number of coordinates.
  public var dimension: Int { mean.count }

  /// The value `-½ (z - μ)ᵀ H (z - μ)` and its gradient.
  public func valueAndGradient(_ z: [Double]) -> (value: Double, gradient: [Double]) {
    let offset = z.subtracting(mean)
    let pull = precision * offset
    return (-0.5 * offset.dot(pull), pull.scaled(by: -1))
  }
}
