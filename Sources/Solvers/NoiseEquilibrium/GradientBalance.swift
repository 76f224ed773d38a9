import LinearAlgebra

/// The balance of two factors inside any model, from its gradients alone.
///
/// Where a model does the same after `a → A a, b → A⁻ᵀ b`, a step η of gradient descent changes the charge
/// `Tr E (a aᵀ - b bᵀ)` of every symmetric E by `η² Tr E (G_a G_aᵀ - G_b G_bᵀ)`, so that in the mean it rests where
/// `E G_a G_aᵀ = E G_b G_bᵀ`. For ``FactorizedLayers`` (a = W, b = Uᵀ) these are `4 Uᵀ Γ_U U` and `4 W Γ_W Wᵀ`: the balance of
/// theorem 5.2 without decay. Source: as there.
public struct GradientBalance: Sendable {
  private var first: Matrix<Double>
  private var second: Matrix<Double>

  /// No gradient yet.
  /// - Parameter channels: the rows of a and b.
  public init(channels: Int) {
    first = Matrix(rows: channels, columns: channels)
    second = first
  }

  /// Adds the gradients of a and b for one sample, [channels, any columns] each.
  public mutating func add(first a: Matrix<Double>, second b: Matrix<Double>) {
    first = first + a.timesTransposed(a)
    second = second + b.timesTransposed(b)
  }

  /// Adds what another one has gathered.
  public mutating func add(_ other: GradientBalance) {
    first = first + other.first
    second = second + other.second
  }

  /// How far the factors are from the balance, see ``FactorizedLayers/mismatch(_:_:)``: zero at it, at most 2.
  public var mismatch: Double { FactorizedLayers.mismatch(first, second) }
}
