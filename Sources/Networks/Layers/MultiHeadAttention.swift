/// Attention between projected tokens: queries from one list, keys and values from another, the result mapped back.
public struct MultiHeadAttention: Sendable {
  /// Maps the asking tokens to queries.
  public let query: Linear
  /// Maps the context to keys.
  public let key: Linear
  /// Maps the context to values.
  public let value: Linear
  /// Maps what was gathered.
  public let output: Linear
  /// The attention between them.
  public let attention: Attention

  /// What the backward pass needs.
  public struct Memory<S: NetworkScalar>: Sendable {
    @usableFromInline let tokens: Tokens<S>
    @usableFromInline let context: Tokens<S>
    @usableFromInline let queries: Tokens<S>
    @usableFromInline let keys: Tokens<S>
    @usableFromInline let values: Tokens<S>
    @usableFromInline let gathered: Tokens<S>
    @usableFromInline let weights: Attention.Memory<S>

    @inlinable
    init(
      tokens: Tokens<S>, context: Tokens<S>, queries: Tokens<S>, keys: Tokens<S>, values: Tokens<S>,
      gathered: Tokens<S>, weights: Attention.Memory<S>
    ) {
      (self.tokens, self.context, self.queries, self.keys) = (tokens, context, queries, keys)
      (self.values, self.gathered, self.weights) = (values, gathered, weights)
    }
  }

  /// Reserves the parameters.
  public init(
    _ layout: inout ParameterLayout, _ name: String, channels: Int, heads: Int, kernel: AttentionKernel = .softmax
  ) {
    query = Linear(&layout, name + ".query", channels, channels)
    key = Linear(&layout, name + ".key", channels, channels)
    value = Linear(&layout, name + ".value", channels, channels)
    output = Linear(&layout, name + ".output", channels, channels, gain: 0.5)
    attention = Attention(heads: heads, kernel: kernel)
  }

  /// What the tokens gather from the context, and what the backward pass needs.
  /// - Parameter shift: added to keys and values, one row for each token of the context; nil adds nothing.
  @inlinable
  public func forward<S: NetworkScalar>(
    _ x: Tokens<S>, context: Tokens<S>, shift: Tokens<S>? = nil, _ parameters: [S]
  ) -> (Tokens<S>, Memory<S>) {
    let queries = query.forward(x, parameters)
    var keys = key.forward(context, parameters)
    var values = value.forward(context, parameters)
    if let shift {
      keys += shift
      values += shift
    }
    let (gathered, weights) = attention.forward(queries, keys, values)
    let memory = Memory(
      tokens: x, context: context, queries: queries, keys: keys, values: values, gathered: gathered, weights: weights)
    return (output.forward(gathered, parameters), memory)
  }

  /// The gradients with respect to tokens, context and shift; those of the parameters are added.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: Memory<S>, _ parameters: [S], _ gradient: inout [S]
  ) -> (tokens: Tokens<S>, context: Tokens<S>, shift: Tokens<S>) {
    let gathered = output.backward(dy, input: memory.gathered, parameters, &gradient)
    let d = attention.backward(gathered, memory.queries, memory.keys, memory.values, memory.weights)
    let tokens = query.backward(d.queries, input: memory.tokens, parameters, &gradient)
    var context = key.backward(d.keys, input: memory.context, parameters, &gradient)
    context += value.backward(d.values, input: memory.context, parameters, &gradient)
    return (tokens, context, d.keys + d.values)
  }
}
