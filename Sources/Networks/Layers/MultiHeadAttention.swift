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

  /// What the tokens gather from the context, and what the backward pass needs: all of them are one group.
  /// - Parameter shift: added to keys and values, one row for each token of the context; nil adds nothing.
  @inlinable
  public func forward<S: NetworkScalar>(
    _ x: Tokens<S>, context: Tokens<S>, shift: Tokens<S>? = nil, _ parameters: [S]
  ) -> (Tokens<S>, GroupMemory<S>) {
    let all = AttentionGroup(queries: 0..<x.rows, keys: [0..<context.rows])
    return forward(x, context: context, shift: shift, groups: [all], parameters)
  }
}
