import LinearAlgebra

/// Linear regression with a penalty on the coefficients, from few labelled samples: the limit that a trained in-context
/// learner tends to, in closed form.
///
///     minimise |Zᵀ λ - y|² + c |λ|²,   λ = (Z Zᵀ + c I)⁻¹ Z y = Z (Zᵀ Z + c I)⁻¹ y
///
/// with a sample's features in a column of Z (m x N). The smaller of the two systems is solved. There is no intercept: give
/// a constant feature, which is then penalised too.
public struct RidgeRegression: Sendable {
  /// λ, one per feature.
  public let coefficients: [Double]
  /// What each sample's label would be predicted to be without it, `y_i - (y_i - ŷ_i) / (1 - H_ii)`; NaN where the sample
  /// alone decides.
  public let leaveOneOut: [Double]

  /// Fits samples.
  /// - Parameters:
  ///   - features: m x N, a sample per column.
  ///   - labels: N numbers.
  ///   - penalty: c, positive.
  public init(features: Matrix<Double>, labels: [Double], penalty: Double) throws(FactorizationError) {
    precondition(features.columns == labels.count, "\(features.columns) samples, \(labels.count) labels")
    guard penalty > 0 else { throw .notPositiveDefinite(order: 1) }
    // H = Zᵀ (Z Zᵀ + c I)⁻¹ Z is what maps labels to fitted values.
    let hat: Matrix<Double>
    if features.rows <= features.columns {
      let factor = try Cholesky(features.timesTransposed(features) + penalty * .identity(features.rows))
      coefficients = factor.solve(features * labels)
      hat = features.transposedTimes(factor.solve(features))
    } else {
      let gram = features.transposedTimes(features)
      let factor = try Cholesky(gram + penalty * .identity(features.columns))
      coefficients = features * factor.solve(labels)
      hat = factor.solve(gram)
    }
    let fitted = features.transposedTimes(coefficients)
    leaveOneOut = labels.indices.map { labels[$0] - (labels[$0] - fitted[$0]) / (1 - hat[$0, $0]) }
  }

  /// The predictions for samples in columns.
  public func predict(_ features: Matrix<Double>) -> [Double] { features.transposedTimes(coefficients) }
}
