/// Roots of symmetric positive semidefinite matrices.
extension Matrix<Double> {
  /// The symmetric root S with `S S = A`; eigenvalues below zero count as zero.
  public func positiveRoot() throws(FactorizationError) -> Matrix<Double> {
    try SymmetricEigen(symmetrized).reassembled { Swift.max($0, 0).squareRoot() }
  }

  /// The symmetric pseudo-inverse of the root; eigenvalues of at most `rankTolerance` times the largest count as zero.
  public func inversePositiveRoot(rankTolerance: Double = 1e-12) throws(FactorizationError) -> Matrix<Double> {
    let eigen = try SymmetricEigen(symmetrized)
    let floor = rankTolerance * Swift.max(eigen.values.last ?? 0, 0)
    return eigen.reassembled { $0 > floor ? 1 / $0.squareRoot() : 0 }
  }

  /// The geometric mean of two positive definite matrices,
  ///
  ///     A # B = A^½ (A^-½ B A^-½)^½ A^½,
  ///
  /// the symmetric solution G of `G A⁻¹ G = B`; it commutes in its arguments (Pusz, Woronowicz 1975). Where A is
  /// singular its pseudo-inverse stands in.
  public func geometricMean(
    _ other: Matrix<Double>, rankTolerance: Double = 1e-12
  ) throws(FactorizationError) -> Matrix<Double> {
    let root = try positiveRoot()
    let inverse = try inversePositiveRoot(rankTolerance: rankTolerance)
    let middle = try (inverse * other * inverse).positiveRoot()
    return (root * middle * root).symmetrized
  }
}
