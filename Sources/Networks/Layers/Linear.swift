import LinearAlgebra

/// An affine map of every token: `y = x Wᵀ + b`.
///
///     dx = dy W,   dW += dyᵀ x,   db += Σ dy
public struct Linear: Sendable {
  /// W, [outputs, inputs].
  public let weight: Parameter
  /// b, [outputs].
  public let bias: Parameter
  /// The length of a token before.
  public let inputs: Int
  /// The length of a token after.
  public let outputs: Int

  /// Reserves the parameters.
  /// - Parameter gain: the deviation of the first weights times √inputs; 0 begins with the map to zero.
  public init(_ layout: inout ParameterLayout, _ name: String, _ inputs: Int, _ outputs: Int, gain: Double = 1) {
    (self.inputs, self.outputs) = (inputs, outputs)
    let start: Parameter.Start = gain == 0 ? .zeros : .normal(deviation: gain / Double(inputs).squareRoot())
    weight = layout.add(name + ".weight", [outputs, inputs], start)
    bias = layout.add(name + ".bias", [outputs], .zeros)
  }

  /// Where the parameters of some outputs stand.
  public func ranges(of outputs: Range<Int>) -> [Range<Int>] {
    let weights = weight.offset + outputs.lowerBound * inputs..<weight.offset + outputs.upperBound * inputs
    return [weights, bias.offset + outputs.lowerBound..<bias.offset + outputs.upperBound]
  }

  /// The mapped tokens.
  @inlinable
  public func forward<S: NetworkScalar>(_ x: Tokens<S>, _ parameters: [S]) -> Tokens<S> {
    precondition(x.columns == inputs, "\(weight.name): tokens of \(x.columns) values")
    let (n, m, k) = (x.rows, outputs, inputs)
    let values = [S](unsafeUninitializedCapacity: n * m) { y, count in
      count = n * m
      guard n > 0, let y = y.baseAddress else { return }
      parameters.withUnsafeBufferPointer { p in
        let (w, b) = (p.baseAddress! + weight.offset, p.baseAddress! + bias.offset)
        for r in 0..<n { (y + r * m).initialize(from: b, count: m) }
        x.values.withUnsafeBufferPointer { x in
          S.multiply(
            .init(x.baseAddress!, stride: k), .init(w, stride: k, isTransposed: true), rows: n, columns: m, inner: k,
            scale: 1, keeping: 1, into: y, stride: m)
        }
      }
    }
    return Tokens(rows: n, columns: m, values: values)
  }

  /// The gradient with respect to the input; those of the parameters are added.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, input x: Tokens<S>, _ parameters: [S], _ gradient: inout [S]
  ) -> Tokens<S> {
    precondition(dy.columns == outputs && dy.rows == x.rows, "\(weight.name): gradient of another shape")
    let (n, m, k) = (x.rows, outputs, inputs)
    guard n > 0 else { return Tokens(rows: 0, columns: k) }
    let values = [S](unsafeUninitializedCapacity: n * k) { dx, count in
      count = n * k
      dy.values.withUnsafeBufferPointer { dy in
        parameters.withUnsafeBufferPointer { p in
          S.multiply(
            .init(dy.baseAddress!, stride: m), .init(p.baseAddress! + weight.offset, stride: k), rows: n, columns: k,
            inner: m, scale: 1, keeping: 0, into: dx.baseAddress!, stride: k)
        }
        gradient.withUnsafeMutableBufferPointer { g in
          let db = g.baseAddress! + bias.offset
          for r in 0..<n { for j in 0..<m { db[j] += dy[r * m + j] } }
          x.values.withUnsafeBufferPointer { x in
            S.multiply(
              .init(dy.baseAddress!, stride: m, isTransposed: true), .init(x.baseAddress!, stride: k), rows: m,
              columns: k, inner: n, scale: 1, keeping: 1, into: g.baseAddress! + weight.offset, stride: k)
          }
        }
      }
    }
    return Tokens(rows: n, columns: k, values: values)
  }
}
