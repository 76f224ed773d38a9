extension ConstantVelocityFilter {
  /// The filter in other axes: velocities and covariances are mapped by M, the coordinates become the given ones.
  public func mapped(by m: Matrix4, to position: SIMD4<Double>) -> ConstantVelocityFilter {
    var filter = self
    filter.position = position
    filter.velocity = m * velocity
    filter.positionCovariance = m * positionCovariance * m.transpose
    filter.crossCovariance = m * crossCovariance * m.transpose
    filter.velocityCovariance = m * velocityCovariance * m.transpose
    return filter
  }
}
