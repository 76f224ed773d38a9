import Networks

/// One link of the chain from the noisy box to the right one: it refines the search tokens, lets the box tokens look at
/// them, and predicts and subtracts noise, in the latents and in the explicit box.
///
///     s ← s + MHA(q = LN s, kv = [LN s ; LN z]),   s ← s + FFN(LN s)        (DeTrack, eq. 5; templates z never read s)
///     x' = x + MHA(q = LN x, k = K(LN s) + g, v = V(LN s) + g)              (eqs. 6, 7; g says where s lies in the box)
///     x'' = x' + FFN(LN x')                                                 (eq. 8)
///     x ← x'' - NoisePred(x'')                                              (eqs. 9, 10)
///     ε = W x,   c ← c - R(θ)(S ⊙ ε),  θ ← θ - s ε                          (explicit box, not in the paper)
struct DenoisingBlock: Sendable {
  let searchNorm: LayerNorm
  let templateNorm: LayerNorm
  let searchAttention: MultiHeadAttention
  let searchForwardNorm: LayerNorm
  let searchForward: FeedForward
  let look: BoxLook
  let noise: FeedForward
  let step: Linear
  let denoises: Bool
  let subtractsNoise: Bool
  let attends: Bool

  /// A block with its place in the chain, counted from zero.
  init(_ layout: inout ParameterLayout, _ shape: DenoiserShape, number: Int) {
    let c = shape.channels
    searchNorm = LayerNorm(&layout, "searchNorm", c)
    templateNorm = LayerNorm(&layout, "templateNorm", c)
    searchAttention = MultiHeadAttention(
      &layout, "searchAttention", channels: c, heads: shape.heads, kernel: shape.kernel)
    searchForwardNorm = LayerNorm(&layout, "searchForwardNorm", c)
    searchForward = FeedForward(&layout, "searchForward", c, hidden: 2 * c, gain: 0.5)
    look = layout.part("look") { BoxLook(&$0, shape) }
    noise = FeedForward(&layout, "noise", c, hidden: c, gain: 0.2)
    step = Linear(&layout, "step", BoxDenoiser.boxTokens * c, 4, gain: 0.1)
    denoises = shape.denoises(in: number)
    (subtractsNoise, attends) = (denoises && shape.subtractsNoise, shape.attendsInBlocks)
  }

  /// What the backward pass needs.
  struct Memory<S: NetworkScalar> {
    let searchNorm: LayerNorm.Memory<S>
    let templateNorm: LayerNorm.Memory<S>
    let searchAttention: MultiHeadAttention.GroupMemory<S>
    let searchForwardNorm: LayerNorm.Memory<S>
    let searchForward: FeedForward.Memory<S>
    let look: BoxLook.Memory<S>
    let noise: FeedForward.Memory<S>
    let flat: Tokens<S>
  }

  /// What a block makes of search tokens and box tokens, and the noise that it sees in the explicit boxes (a row for each).
  struct Output<S: NetworkScalar> {
    var search: Tokens<S>
    var box: Tokens<S>
    var noise: Tokens<S>
  }

  /// - Parameter surroundings: for every search token where it lies in the box, see `BoxLook`.
  func forward<S: NetworkScalar>(
    search: Tokens<S>, templates: Tokens<S>, box: Tokens<S>, surroundings: Tokens<S>, _ groups: DenoisingGroups,
    _ p: [S]
  ) -> (Output<S>, Memory<S>) {
    let (normal, searchNorm) = searchNorm.forward(search, p)
    let (remembered, templateNorm) = templateNorm.forward(templates, p)
    let (seen, searchAttention) = searchAttention.forward(
      normal, context: normal.followed(by: remembered), groups: groups.search, p)
    let mixed = search + seen
    let (mixedNormal, searchForwardNorm) = searchForwardNorm.forward(mixed, p)
    let (change, searchForward) = searchForward.forward(mixedNormal, p)
    let refined = mixed + change
    let (looked, look) = look.forward(
      box, search: refined, surroundings: surroundings, groups.box, attends: attends, p)
    let (latent, noise) = noise.forward(looked, p)
    let cleaned = subtractsNoise ? looked - latent : looked
    let flat = cleaned.joined(BoxDenoiser.boxTokens)
    let memory = Memory(
      searchNorm: searchNorm, templateNorm: templateNorm, searchAttention: searchAttention,
      searchForwardNorm: searchForwardNorm, searchForward: searchForward, look: look, noise: noise, flat: flat)
    let seenNoise = denoises ? step.forward(flat, p) : Tokens(rows: flat.rows, columns: 4)
    return (Output(search: refined, box: cleaned, noise: seenNoise), memory)
  }

  /// The gradients with respect to search tokens, templates and box tokens; those of the parameters are added.
  func backward<S: NetworkScalar>(
    _ slopes: Output<S>, _ memory: Memory<S>, _ p: [S], _ gradient: inout [S]
  ) -> (search: Tokens<S>, templates: Tokens<S>, box: Tokens<S>) {
    var cleaned = slopes.box
    if denoises {
      cleaned += step.backward(slopes.noise, input: memory.flat, p, &gradient).split(BoxDenoiser.boxTokens)
    }
    let looked = subtractsNoise ? cleaned + noise.backward(-cleaned, memory.noise, p, &gradient) : cleaned
    let back = look.backward(looked, memory.look, p, &gradient)
    let refined = slopes.search + back.search
    let mixedNormal = searchForward.backward(refined, memory.searchForward, p, &gradient)
    let mixed = refined + searchForwardNorm.backward(mixedNormal, memory.searchForwardNorm, p, &gradient)
    let seen = searchAttention.backward(mixed, memory.searchAttention, p, &gradient)
    let n = mixed.rows
    let normal = seen.tokens + seen.context.rows(0..<n)
    let templates = templateNorm.backward(
      seen.context.rows(n..<seen.context.rows), memory.templateNorm, p, &gradient)
    return (mixed + searchNorm.backward(normal, memory.searchNorm, p, &gradient), templates, back.box)
  }
}

/// Box tokens look at the search region and think about it.
struct BoxLook: Sendable {
  let boxNorm: LayerNorm
  let searchNorm: LayerNorm
  let attention: MultiHeadAttention
  /// Makes of where a token lies in the box what is added to its key and its value.
  let position: Linear
  let forwardNorm: LayerNorm
  let feedForward: FeedForward

  /// How many numbers say where a token lies in the box.
  static let positionValues = 10

  init(_ layout: inout ParameterLayout, _ shape: DenoiserShape) {
    let c = shape.channels
    boxNorm = LayerNorm(&layout, "boxNorm", c)
    searchNorm = LayerNorm(&layout, "searchNorm", c)
    attention = MultiHeadAttention(&layout, "attention", channels: c, heads: shape.heads, kernel: shape.kernel)
    position = Linear(&layout, "position", BoxLook.positionValues, c)
    forwardNorm = LayerNorm(&layout, "forwardNorm", c)
    feedForward = FeedForward(&layout, "feedForward", c, hidden: 2 * c, gain: 0.5)
  }

  struct Memory<S: NetworkScalar> {
    let boxNorm: LayerNorm.Memory<S>?
    let searchNorm: LayerNorm.Memory<S>?
    let attention: MultiHeadAttention.GroupMemory<S>?
    let surroundings: Tokens<S>
    let forwardNorm: LayerNorm.Memory<S>
    let feedForward: FeedForward.Memory<S>
  }

  func forward<S: NetworkScalar>(
    _ box: Tokens<S>, search: Tokens<S>, surroundings: Tokens<S>, _ groups: [AttentionGroup], attends: Bool, _ p: [S]
  ) -> (Tokens<S>, Memory<S>) {
    var looked = box
    var memories: (LayerNorm.Memory<S>, LayerNorm.Memory<S>, MultiHeadAttention.GroupMemory<S>)?
    if attends {
      let (boxNormal, boxMemory) = boxNorm.forward(box, p)
      let (normal, searchMemory) = searchNorm.forward(search, p)
      let (seen, memory) = attention.forward(
        boxNormal, context: normal, shift: position.forward(surroundings, p), groups: groups, p)
      looked += seen
      memories = (boxMemory, searchMemory, memory)
    }
    let (lookedNormal, forwardNorm) = forwardNorm.forward(looked, p)
    let (change, feedForward) = feedForward.forward(lookedNormal, p)
    let memory = Memory(
      boxNorm: memories?.0, searchNorm: memories?.1, attention: memories?.2, surroundings: surroundings,
      forwardNorm: forwardNorm, feedForward: feedForward)
    return (looked + change, memory)
  }

  func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ memory: Memory<S>, _ p: [S], _ gradient: inout [S]
  ) -> (box: Tokens<S>, search: Tokens<S>) {
    let normal = feedForward.backward(dy, memory.feedForward, p, &gradient)
    let looked = dy + forwardNorm.backward(normal, memory.forwardNorm, p, &gradient)
    guard let attended = memory.attention, let boxMemory = memory.boxNorm, let searchMemory = memory.searchNorm else {
      return (looked, Tokens(rows: memory.surroundings.rows, columns: dy.columns))
    }
    let back = attention.backward(looked, attended, p, &gradient)
    _ = position.backward(back.shift, input: memory.surroundings, p, &gradient)
    return (
      looked + boxNorm.backward(back.tokens, boxMemory, p, &gradient),
      searchNorm.backward(back.context, searchMemory, p, &gradient)
    )
  }
}

extension Tokens {
  /// Every few tokens joined to one.
  func joined(_ count: Int) -> Tokens { Tokens(rows: rows / count, columns: columns * count, values: values) }

  /// Every token cut into a few.
  func split(_ count: Int) -> Tokens { Tokens(rows: rows * count, columns: columns / count, values: values) }
}
