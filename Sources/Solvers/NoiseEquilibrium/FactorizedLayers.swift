import LinearAlgebra

/// Two linear layers in a row, `x ↦ U W x`, and the balance that the noise of stochastic gradient descent gives them.
///
/// The product does not change under `U → U A, W → A⁻¹ W`. Gradient flow keeps the start's place in that family; the noise
/// of single samples moves it to
///
///     W Γ_W Wᵀ = Uᵀ Γ_U U,   Γ_W = E |r|² x xᵀ + k I,   Γ_U = E |x|² r rᵀ + k I,   r = U W x - y,
///
/// for the loss |r|² with weight decay γ, step η and batch S, where k = γ S / η. Source: "Parameter symmetry and noise
/// equilibrium of stochastic gradient descent", NeurIPS 2024, arXiv 2402.07193, theorem 5.2. The constant k differs from
/// print, which has 2γ; see row C3 of `plumb study noise-equilibrium`.
public struct FactorizedLayers: Sendable {
  /// The outer layer, d_y x d.
  public var outer: Matrix<Double>
  /// The inner layer, d x d_x.
  public var inner: Matrix<Double>

  /// Two layers that fit together.
  public init(outer: Matrix<Double>, inner: Matrix<Double>) {
    precondition(outer.columns == inner.rows, "a layer of \(outer.columns) inputs after one of \(inner.rows) outputs")
    self.outer = outer
    self.inner = inner
  }

  /// The end-to-end map.
  public var product: Matrix<Double> { outer * inner }

  /// The two sides of the balance, `P = Uᵀ Γ_U U` and `Q = W Γ_W Wᵀ`.
  public func sides(_ noise: GradientNoise) -> (outer: Matrix<Double>, inner: Matrix<Double>) {
    (outer.transposedTimes(noise.outer * outer), (inner * noise.inner).timesTransposed(inner))
  }

  /// How far the layers are from the balance: `|P - Q|` over the mean of |P| and |Q|; zero at the equilibrium, at most 2.
  public func mismatch(_ noise: GradientNoise) -> Double {
    let (p, q) = sides(noise)
    return FactorizedLayers.mismatch(p, q)
  }

  /// The relative distance of two sides; zero for two zero matrices.
  public static func mismatch(_ p: Matrix<Double>, _ q: Matrix<Double>) -> Double {
    let size = (p.norm + q.norm) / 2
    return size > 0 ? (p - q).norm / size : 0
  }

  /// The member of the family at the equilibrium, in one step: `A = G^½` with the geometric mean `G = P⁻¹ # Q` solves
  /// `Aᵀ P A = A⁻¹ Q A⁻ᵀ`. The product stays.
  ///
  /// The noise must not depend on the member, as E |r|² x xᵀ does not: a decay term k I is exact only where A is
  /// orthogonal. Directions that neither side reaches keep their place. The result is ours; it is measured in row C1.
  /// - Parameter rankTolerance: eigenvalues below this share of the largest count as zero.
  public func balanced(
    _ noise: GradientNoise, rankTolerance: Double = 1e-10
  ) throws(FactorizationError) -> FactorizedLayers {
    let (p, q) = sides(noise)
    let root = try p.positiveRoot()
    let inverse = try p.inversePositiveRoot(rankTolerance: rankTolerance)
    let middle = try (root * q * root).positiveRoot()
    let mean = inverse * middle * inverse
    let turn = try mean.positiveRoot()
    let back = try mean.inversePositiveRoot(rankTolerance: rankTolerance)
    return FactorizedLayers(outer: outer * turn, inner: back * inner)
  }

  /// The factor e^λ that balances a rescaling pair, `a → e^λ a` and `b → e^-λ b`:
  ///
  ///     e^4λ = (s Tr Σ_a + 4 γ |b|²) / (s Tr Σ_b + 4 γ |a|²),   s = η / S.
  ///
  /// - Parameters:
  ///   - squaredNorms: |a|² and |b|².
  ///   - noise: the traces of the covariances of the gradients of a and b.
  ///   - decay: weight decay γ.
  ///   - stepOverBatch: the step over the batch size.
  /// - Returns: nil when the noise or the decay does not fix it.
  public static func rescaling(
    squaredNorms: (a: Double, b: Double), noise: (a: Double, b: Double), decay: Double, stepOverBatch: Double
  ) -> Double? {
    let upper = stepOverBatch * noise.a + 4 * decay * squaredNorms.b
    let lower = stepOverBatch * noise.b + 4 * decay * squaredNorms.a
    let power = upper / lower
    return power.isFinite && power > 0 ? power.squareRoot().squareRoot() : nil
  }

  /// The trace of the Hessian of |r|²/2 where the residual is pure noise: `d_y |W Σ_x^½|² + |U|² Tr Σ_x` (proposition 5.3).
  public func sharpness(inputCovariance: Matrix<Double>) -> Double {
    Double(outer.rows) * (inner * inputCovariance).timesTransposed(inner).trace
      + outer.squaredNorm * inputCovariance.trace
  }
}

/// The second moments of the gradient that decide the balance of two layers, gathered sample by sample.
public struct GradientNoise: Sendable {
  /// Γ_U, d_y x d_y.
  public var outer: Matrix<Double>
  /// Γ_W, d_x x d_x.
  public var inner: Matrix<Double>
  private var samples = 0

  /// The moments themselves.
  public init(outer: Matrix<Double>, inner: Matrix<Double>) { (self.outer, self.inner) = (outer, inner) }

  /// No sample yet.
  public init(inputs: Int, outputs: Int) {
    self.init(outer: Matrix(rows: outputs, columns: outputs), inner: Matrix(rows: inputs, columns: inputs))
  }

  /// Adds a sample to the running means.
  public mutating func add(input x: [Double], residual r: [Double]) {
    samples += 1
    let share = 1 / Double(samples)
    outer = (1 - share) * outer
    inner = (1 - share) * inner
    outer.addOuter(r, r, times: share * x.squaredNorm)
    inner.addOuter(x, x, times: share * r.squaredNorm)
  }

  /// The exact moments for inputs x ~ N(0, Σ_x) and residuals `D x - e` with e ~ N(0, Σ_e) independent:
  /// `E |r|² x xᵀ = Tr Σ_r Σ_x + 2 Σ_x Dᵀ D Σ_x` and `E |x|² r rᵀ = Tr Σ_x Σ_r + 2 D Σ_x² Dᵀ` (Isserlis).
  public init(deviation d: Matrix<Double>, inputCovariance: Matrix<Double>, noiseCovariance: Matrix<Double>) {
    let spread = d * inputCovariance
    let residual = spread.timesTransposed(d) + noiseCovariance
    self.init(
      outer: inputCovariance.trace * residual + 2 * spread.timesTransposed(spread),
      inner: residual.trace * inputCovariance + 2 * spread.transposedTimes(spread))
  }

  /// The moments with a decay term `k I` added.
  public func adding(decay k: Double) -> GradientNoise {
    GradientNoise(outer: outer + k * .identity(outer.rows), inner: inner + k * .identity(inner.rows))
  }
}
