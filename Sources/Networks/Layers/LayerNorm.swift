/// Every token brought to mean 0 and variance 1, then scaled and shifted channel by channel (Ba, Kiros, Hinton 2016).
///
///     x̂ = (x - mean) / σ,  y = γ ⊙ x̂ + β,  σ² = variance + 1e-5
///     g = γ ⊙ dy,  dx = (g - mean(g) - x̂ mean(g ⊙ x̂)) / σ,  dγ += Σ dy ⊙ x̂,  dβ += Σ dy
public struct LayerNorm: Sendable {
  /// γ.
  public let gain: Parameter
  /// β.
  public let shift: Parameter
  /// The length of a token.
  public let channels: Int

  /// What the backward pass needs.
  public struct Memory<S: NetworkScalar>: Sendable {
    /// x̂.
    public let normalized: Tokens<S>
    /// 1/σ of every row.
    public let inverseDeviations: [S]

    @inlinable
    init(normalized: Tokens<S>, inverseDeviations: [S]) {
      self.normalized = normalized
      self.inverseDeviations = inverseDeviations
    }
  }

  /// Reserves the parameters.
  public init(_ layout: inout ParameterLayout, _ name: String, _ channels: Int) {
    self.channels = channels
    gain = layout.add(name + ".gain", [channels], .ones)
    shift = layout.add(name + ".shift", [channels], .zeros)
  }

  /// The normalised tokens and what the backward pass needs.
  @inlinable
  public func forward<S: NetworkScalar>(_ x: Tokens<S>, _ parameters: [S]) -> (Tokens<S>, Memory<S>) {
    precondition(x.columns == channels, "\(gain.name): tokens of \(x.columns) values")
    let c = channels
    var (normalized, output, inverses) = (x, x, [S](repeating: 0, count: x.rows))
    normalized.values.withUnsafeMutableBufferPointer { u in
      output.values.withUnsafeMutableBufferPointer { y in
        parameters.withUnsafeBufferPointer { p in
          for r in 0..<x.rows {
            let row = r * c
            var (sum, squares): (S, S) = (0, 0)
            for j in 0..<c { sum += u[row + j] }
            let mean = sum / S(c)
            for j in 0..<c {
              u[row + j] -= mean
              squares += u[row + j] * u[row + j]
            }
            let inverse = 1 / (squares / S(c) + S(1e-5)).squareRoot()
            inverses[r] = inverse
            for j in 0..<c {
              u[row + j] *= inverse
              y[row + j] = p[gain.offset + j] * u[row + j] + p[shift.offset + j]
            }
          }
        }
      }
    }
    return (output, Memory(normalized: normalized, inverseDeviations: inverses))
  }

  /// The gradient with respect to the input; those of the parameters are added.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: Memory<S>, _ parameters: [S], _ gradient: inout [S]
  ) -> Tokens<S> {
    let c = channels
    var dx = dy
    dx.values.withUnsafeMutableBufferPointer { d in
      memory.normalized.values.withUnsafeBufferPointer { u in
        parameters.withUnsafeBufferPointer { p in
          gradient.withUnsafeMutableBufferPointer { g in
            for r in 0..<dy.rows {
              let row = r * c
              var (sum, along): (S, S) = (0, 0)
              for j in 0..<c {
                let slope = d[row + j]
                g[gain.offset + j] += slope * u[row + j]
                g[shift.offset + j] += slope
                let scaled = slope * p[gain.offset + j]
                d[row + j] = scaled
                sum += scaled
                along += scaled * u[row + j]
              }
              let (mean, share, inverse) = (sum / S(c), along / S(c), memory.inverseDeviations[r])
              for j in 0..<c { d[row + j] = (d[row + j] - mean - u[row + j] * share) * inverse }
            }
          }
        }
      }
    }
    return dx
  }
}
