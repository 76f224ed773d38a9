/// Shortens a gradient that is longer than a limit (Pascanu, Mikolov, Bengio 2013).
public struct GradientClipping: Sendable {
  /// The greatest length that is left as it is.
  public var limit: Double

  /// Clipping at a length.
  public init(limit: Double = 10) { self.limit = limit }

  /// Shortens the gradient in place and returns the length that it had. One that is not finite becomes zero.
  @discardableResult
  public func callAsFunction(_ gradient: inout [Float]) -> Double {
    var squares = 0.0
    for g in gradient { squares += Double(g) * Double(g) }
    let length = squares.squareRoot()
    if !length.isFinite {
      for i in gradient.indices { gradient[i] = 0 }
    } else if length > limit {
      let scale = Float(limit / length)
      for i in gradient.indices { gradient[i] *= scale }
    }
    return length
  }
}
