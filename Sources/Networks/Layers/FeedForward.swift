/// Two linear maps with a bend between: `W₂ ReLU(W₁ x)`.
public struct FeedForward: Sendable {
  /// The first map.
  public let first: Linear
  /// The second map.
  public let second: Linear
  /// The bend.
  public let activation: Activation

  /// What the backward pass needs.
  public struct Memory<S: NetworkScalar>: Sendable {
    @usableFromInline let input: Tokens<S>
    @usableFromInline let hidden: Tokens<S>
    @usableFromInline let bent: Tokens<S>

    @inlinable
    init(input: Tokens<S>, hidden: Tokens<S>, bent: Tokens<S>) {
      (self.input, self.hidden, self.bent) = (input, hidden, bent)
    }
  }

  /// Reserves the parameters.
  /// - Parameter gain: see ``Linear``; of the second map.
  public init(
    _ layout: inout ParameterLayout, _ name: String, _ inputs: Int, hidden: Int, outputs: Int? = nil,
    activation: Activation = .relu, gain: Double = 1
  ) {
    first = Linear(&layout, name + ".first", inputs, hidden, gain: 2.0.squareRoot())
    second = Linear(&layout, name + ".second", hidden, outputs ?? inputs, gain: gain)
    self.activation = activation
  }

  /// The mapped tokens and what the backward pass needs.
  @inlinable
  public func forward<S: NetworkScalar>(_ x: Tokens<S>, _ parameters: [S]) -> (Tokens<S>, Memory<S>) {
    let hidden = first.forward(x, parameters)
    let bent = activation.forward(hidden)
    return (second.forward(bent, parameters), Memory(input: x, hidden: hidden, bent: bent))
  }

  /// The gradient with respect to the input; those of the parameters are added.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: Memory<S>, _ parameters: [S], _ gradient: inout [S]
  ) -> Tokens<S> {
    let bent = second.backward(dy, input: memory.bent, parameters, &gradient)
    let hidden = activation.backward(bent, input: memory.hidden)
    return first.backward(hidden, input: memory.input, parameters, &gradient)
  }
}
