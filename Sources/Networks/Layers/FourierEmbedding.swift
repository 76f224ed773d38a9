/// Numbers as waves: every value x becomes `sin(2ᵏ x), cos(2ᵏ x)` for k below ``frequencies`` (Tancik et al. 2020), so
/// that a linear map can tell near values apart. It has no parameters.
public struct FourierEmbedding: Sendable {
  /// How many octaves.
  public let frequencies: Int

  /// An embedding.
  public init(frequencies: Int = 8) { self.frequencies = frequencies }

  /// How many numbers a token of so many values becomes.
  public func outputs(_ inputs: Int) -> Int { 2 * frequencies * inputs }

  /// The waves: for each value its sines and cosines by octave.
  @inlinable
  public func forward<S: NetworkScalar>(_ x: Tokens<S>) -> Tokens<S> {
    var values: [S] = []
    values.reserveCapacity(x.values.count * 2 * frequencies)
    for value in x.values {
      var angle = value
      for _ in 0..<frequencies {
        let wave = S.sineCosine(angle)
        values.append(wave.sine)
        values.append(wave.cosine)
        angle *= 2
      }
    }
    return Tokens(rows: x.rows, columns: outputs(x.columns), values: values)
  }

  /// The gradient with respect to the values.
  @inlinable
  public func backward<S: NetworkScalar>(_ dy: Tokens<S>, input x: Tokens<S>) -> Tokens<S> {
    var dx = Tokens<S>(rows: x.rows, columns: x.columns)
    for i in x.values.indices {
      var (angle, rate): (S, S) = (x.values[i], 1)
      for k in 0..<frequencies {
        let wave = S.sineCosine(angle)
        let at = 2 * (i * frequencies + k)
        dx.values[i] += rate * (dy.values[at] * wave.cosine - dy.values[at + 1] * wave.sine)
        angle *= 2
        rate *= 2
      }
    }
    return dx
  }
}
