import Geometry
import Networks

/// DeTrack3D: a network that takes a wrong box, the search region around it and what is remembered of the object, and
/// places the box right in one pass, block by block.
///
/// After Zhou et al., *DeTrack: In-model Latent Denoising Learning for Visual Object Tracking* (NeurIPS 2024), with a
/// point cloud for the image and an upright box in space for the rectangle. See docs/tracking.md for what differs.
///
/// A network is its places in an array of parameters; it holds no numbers. Several samples go through every linear map
/// in one product.
public struct BoxDenoiser: Sendable {
  /// What it is built of.
  public let shape: DenoiserShape
  /// The places of its parameters.
  public let layout: ParameterLayout
  let points: FeedForward
  let places: FeedForward
  let waves = FourierEmbedding(frequencies: 8)
  let embedding: Linear
  let past: FeedForward
  let blocks: [DenoisingBlock]
  let refinements: [BoxRefinement]
  let heads: Linear
  let inside: Linear

  /// Four coordinates and the object.
  static let boxTokens = 5
  /// Residual (4), logarithm of the variance (4), overlap, sight.
  static let headValues = 10
  /// Which of the head values say how good a box is.
  static let confidenceValues = 8..<10

  /// Builds a network.
  public init(_ shape: DenoiserShape) {
    var layout = ParameterLayout()
    let c = shape.channels
    points = FeedForward(&layout, "points", PillarCrop.pointValues, hidden: shape.pointChannels, outputs: c)
    places = FeedForward(&layout, "places", PillarCrop.placeValues, hidden: shape.pointChannels, outputs: c)
    embedding = Linear(&layout, "embedding", 16 + BoxDenoiser.boxTokens + 3, c)
    past = FeedForward(&layout, "past", DenoisingInput.Past.count, hidden: c, outputs: c)
    blocks = (0..<shape.blocks).map { j in layout.part("blocks.\(j)") { DenoisingBlock(&$0, shape, number: j) } }
    refinements = (0..<shape.refinements).map { j in layout.part("refinements.\(j)") { BoxRefinement(&$0, shape) } }
    heads = Linear(&layout, "heads", BoxDenoiser.boxTokens * c, BoxDenoiser.headValues, gain: 0.1)
    inside = Linear(&layout, "inside", c, 1)
    (self.shape, self.layout) = (shape, layout)
  }

  /// What the network says of a batch.
  struct Output<S: NetworkScalar> {
    /// The explicit boxes before the first block and after every block, sample by sample: metres and radians in the
    /// frame of the prior box.
    var boxes: [[SIMD4<S>]]
    /// The noise that every block subtracted, in units of the scale along the axes of the box before.
    var noise: [[SIMD4<S>]]
    /// A row of head values for each sample.
    var heads: Tokens<S>
    /// For every search token the logit that it lies in the box.
    var inside: Tokens<S>
    /// The boxes that geometry was taken from, which no gradient goes through: before every block and at last.
    var anchors: [[SIMD4<S>]]
  }

  /// What the backward pass needs.
  struct Memory<S: NetworkScalar> {
    var points: FeedForward.Memory<S>
    var places: FeedForward.Memory<S>
    var pooled: SegmentMax.Memory
    var embedding: Tokens<S>
    var past: FeedForward.Memory<S>
    var blocks: [DenoisingBlock.Memory<S>] = []
    var refinements: [BoxRefinement.Memory<S>] = []
    var flat: Tokens<S>
    var search: Tokens<S>
    var scales: [SIMD4<S>]
  }

  /// Runs through a batch.
  /// - Parameters:
  ///   - anchors: boxes that stand in for those that geometry is taken from; nil takes the network's own.
  ///   - exit: when blocks are left out; what they would have said is missing from the output, which cannot be learned from.
  func forward<S: NetworkScalar>(
    _ batch: [DenoisingInput], _ p: [S], anchors pinned: [[SIMD4<S>]]? = nil, exit: EarlyExit? = nil
  ) -> (Output<S>, Memory<S>) {
    let groups = DenoisingGroups(batch, remembers: shape.remembers)
    let crops = batch.map(\.search) + batch.map(\.templates)
    let (tokens, pooled, pointMemory, placeMemory): EncodedCrops<S> = encode(crops, p)
    let searched = groups.owners.count
    var search = tokens.rows(0..<searched)
    let templates = tokens.rows(searched..<tokens.rows)
    let scales = batch.map { SIMD4<S>(BoxScale.of($0.size)) }
    let embedded: Tokens<S> = embeddingInput(batch)
    var box = embedding.forward(embedded, p)
    let pastRows: Tokens<S> = BoxDenoiser.rows(
      batch.flatMap { $0.trajectory.flatMap(\.values) }, DenoisingInput.Past.count)
    let (trajectory, pastMemory) = past.forward(pastRows, p)
    var output = Output<S>(
      boxes: [zip(batch, scales).map { SIMD4<S>($0.start) * $1 }], noise: [],
      heads: Tokens(rows: 0, columns: BoxDenoiser.headValues), inside: Tokens(rows: 0, columns: 1), anchors: [])
    var memory = Memory<S>(
      points: pointMemory, places: placeMemory, pooled: pooled, embedding: embedded, past: pastMemory, flat: box,
      search: search, scales: scales)
    var geometry = Tokens<S>(rows: 0, columns: BoxLook.positionValues)
    var isSettled = false
    for j in 0...blocks.count {
      let boxes = output.boxes[j]
      let anchors = pinned?[j] ?? boxes
      output.anchors.append(anchors)
      geometry = surroundings(batch, groups, anchors)
      guard j < blocks.count, !isSettled else { break }
      let (found, kept) = blocks[j].forward(
        search: search, templates: templates, box: box, surroundings: geometry, groups, p)
      (search, box) = (found.search, found.box)
      memory.blocks.append(kept)
      let noise = (0..<batch.count).map { i in
        SIMD4(found.noise[i, 0], found.noise[i, 1], found.noise[i, 2], found.noise[i, 3])
      }
      output.noise.append(noise)
      output.boxes.append(
        boxes.indices.map { boxes[$0].without(noise: noise[$0], scale: scales[$0], anchor: anchors[$0]) })
      isSettled = exit?.allows(noise: noise, scales: scales, blocksLeft: blocks.count - 1 - j) ?? false
    }
    for layer in refinements {
      let (found, kept) = layer.forward(
        box, trajectory: trajectory, search: search, surroundings: geometry, groups, p)
      box = found
      memory.refinements.append(kept)
    }
    (memory.flat, memory.search) = (box.joined(BoxDenoiser.boxTokens), search)
    output.heads = heads.forward(memory.flat, p)
    output.inside = inside.forward(search, p)
    return (output, memory)
  }

  /// Adds the gradient of the parameters.
  /// - Parameter slopes: the gradient of every number of the output; that of the first boxes and of anchors is left out.
  func backward<S: NetworkScalar>(
    _ slopes: Output<S>, _ output: Output<S>, _ memory: Memory<S>, _ p: [S], _ gradient: inout [S]
  ) {
    var box = heads.backward(slopes.heads, input: memory.flat, p, &gradient).split(BoxDenoiser.boxTokens)
    var search = inside.backward(slopes.inside, input: memory.search, p, &gradient)
    var trajectory: Tokens<S>?
    for (layer, kept) in zip(refinements, memory.refinements).reversed() {
      let back = layer.backward(box, kept, p, &gradient)
      box = back.box
      search += back.search
      trajectory = trajectory.map { $0 + back.trajectory } ?? back.trajectory
    }
    if let trajectory { _ = past.backward(trajectory, memory.past, p, &gradient) }
    var boxes = slopes.boxes[blocks.count]
    var templates: Tokens<S>?
    for j in blocks.indices.reversed() {
      var noise = Tokens<S>(rows: boxes.count, columns: 4)
      for i in boxes.indices {
        let slope =
          slopes.noise[j][i] + boxes[i].noiseSlope(scale: memory.scales[i], anchor: output.anchors[j][i])
        for k in 0..<4 { noise[i, k] = slope[k] }
        boxes[i] += slopes.boxes[j][i]
      }
      let back = blocks[j].backward(.init(search: search, box: box, noise: noise), memory.blocks[j], p, &gradient)
      (search, box) = (back.search, back.box)
      templates = templates.map { $0 + back.templates } ?? back.templates
    }
    _ = embedding.backward(box, input: memory.embedding, p, &gradient)
    let tokens = templates.map { search.followed(by: $0) } ?? search
    _ = places.backward(tokens, memory.places, p, &gradient)
    _ = points.backward(SegmentMax.backward(tokens, memory.pooled), memory.points, p, &gradient)
  }
}

/// Tokens of crops with what the backward pass needs.
typealias EncodedCrops<S: NetworkScalar> = (Tokens<S>, SegmentMax.Memory, FeedForward.Memory<S>, FeedForward.Memory<S>)

extension BoxDenoiser {
  /// A token for every pillar: the maximum over its points, and its place.
  private func encode<S: NetworkScalar>(_ crops: [PillarCrop], _ p: [S]) -> EncodedCrops<S> {
    var all = PillarCrop()
    for crop in crops { all.append(crop) }
    let (mapped, pointMemory) = points.forward(BoxDenoiser.rows(all.points, PillarCrop.pointValues), p)
    let (pooled, memory) = SegmentMax.forward(mapped, segments: all.segments, count: all.count)
    let (placed, placeMemory) = places.forward(BoxDenoiser.rows(all.geometry, PillarCrop.placeValues), p)
    return (pooled + placed, memory, pointMemory, placeMemory)
  }

  /// What box tokens are made of: waves of the coordinate, which of the tokens it is, and the size of the box.
  private func embeddingInput<S: NetworkScalar>(_ batch: [DenoisingInput]) -> Tokens<S> {
    var values: [S] = []
    for input in batch {
      for k in 0..<BoxDenoiser.boxTokens {
        if k < 4 {
          values += waves.forward(Tokens(rows: 1, columns: 1, values: [S(input.start[k])])).values
        } else {
          values += [S](repeating: 0, count: 16)
        }
        for other in 0..<BoxDenoiser.boxTokens { values.append(other == k ? 1 : 0) }
        values += [input.size.x, input.size.y, input.size.z].map { S(logarithm(Float($0))) }
      }
    }
    return Tokens(rows: batch.count * BoxDenoiser.boxTokens, columns: embedding.inputs, values: values)
  }

  /// Where the search tokens lie in their boxes.
  private func surroundings<S: NetworkScalar>(
    _ batch: [DenoisingInput], _ groups: DenoisingGroups, _ boxes: [SIMD4<S>]
  ) -> Tokens<S> {
    var values: [S] = []
    values.reserveCapacity(groups.owners.count * BoxLook.positionValues)
    for (input, box) in zip(batch, boxes) {
      let size = SIMD3(S(input.size.x), S(input.size.y), S(input.size.z))
      let turn = S.sineCosine(box.w)
      for place in input.search.places {
        values += box.surroundings(SIMD3<S>(place), size: size, turn: turn)
      }
    }
    return Tokens(rows: groups.owners.count, columns: BoxLook.positionValues, values: values)
  }

  /// Numbers as tokens of a length.
  private static func rows<S: NetworkScalar>(_ values: [Float], _ columns: Int) -> Tokens<S> {
    Tokens(rows: values.count / columns, columns: columns, values: values.map { S($0) })
  }
}
