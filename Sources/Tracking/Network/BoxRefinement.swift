import Networks

/// A layer that refines the last box: its tokens look at each other and at the boxes of the trajectory, which never read
/// them (causal), then at the search region.
struct BoxRefinement: Sendable {
  let norm: LayerNorm
  let attention: MultiHeadAttention
  let look: BoxLook

  init(_ layout: inout ParameterLayout, _ shape: DenoiserShape) {
    norm = LayerNorm(&layout, "norm", shape.channels)
    attention = MultiHeadAttention(
      &layout, "attention", channels: shape.channels, heads: shape.heads, kernel: shape.kernel)
    look = layout.part("look") { BoxLook(&$0, shape) }
  }

  struct Memory<S: NetworkScalar> {
    let norm: LayerNorm.Memory<S>
    let attention: MultiHeadAttention.GroupMemory<S>
    let look: BoxLook.Memory<S>
  }

  func forward<S: NetworkScalar>(
    _ box: Tokens<S>, trajectory: Tokens<S>, search: Tokens<S>, surroundings: Tokens<S>, _ groups: DenoisingGroups,
    _ p: [S]
  ) -> (Tokens<S>, Memory<S>) {
    let (normal, norm) = norm.forward(box, p)
    let (seen, attention) = attention.forward(
      normal, context: normal.followed(by: trajectory), groups: groups.trajectory, p)
    let (looked, look) = look.forward(
      box + seen, search: search, surroundings: surroundings, groups.box, attends: true, p)
    return (looked, Memory(norm: norm, attention: attention, look: look))
  }

  func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: Memory<S>, _ p: [S], _ gradient: inout [S]
  ) -> (box: Tokens<S>, trajectory: Tokens<S>, search: Tokens<S>) {
    let back = look.backward(dy, memory.look, p, &gradient)
    let seen = attention.backward(back.box, memory.attention, p, &gradient)
    let n = dy.rows
    let normal = seen.tokens + seen.context.rows(0..<n)
    return (
      back.box + norm.backward(normal, memory.norm, p, &gradient), seen.context.rows(n..<seen.context.rows),
      back.search
    )
  }
}
