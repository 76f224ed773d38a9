import Geometry
import Networks

/// What a ``BoxDenoiser`` looks at to place one box. All of it stands in the frame of the prior box.
public struct DenoisingInput: Sendable {
  /// The search region.
  public var search: PillarCrop
  /// The templates, each in the frame of its own box.
  public var templates = PillarCrop()
  /// Length, width and height, metres.
  public var size: Point3
  /// x_I, where the chain starts, in units of the box's scale; zero is the prior box itself.
  public var start = SIMD4<Float>.zero
  /// The boxes before, the last one first, at most seven.
  public var trajectory: [Past] = []

  /// The same question once more, the chain starting at an answer: a box in the frame of the prior box, metres and radians.
  public func starting(at box: SIMD4<Float>) -> DenoisingInput {
    var input = self
    input.start = box / SIMD4<Float>(BoxScale.of(size))
    return input
  }

  /// A box of the trajectory.
  public struct Past: Sendable, Equatable {
    /// Its displacement and turn from the prior box, metres and radians.
    var offset: SIMD4<Float>
    /// How many scans ago.
    var age: Float
    /// How much it was believed, from 0 to 1.
    var score: Float

    /// How many numbers describe it.
    static let count = 8

    /// Those numbers.
    var values: [Float] {
      let turn = Float.sineCosine(offset.w)
      return [offset.x / 2, offset.y / 2, offset.z / 2, turn.sine, turn.cosine - 1, age / 7, score, 1]
    }
  }
}

/// Which tokens of a batch belong together.
struct DenoisingGroups: Sendable {
  /// Search tokens ask search tokens and templates, which follow in one list.
  var search: [AttentionGroup] = []
  /// Box tokens ask search tokens.
  var box: [AttentionGroup] = []
  /// Box tokens ask box tokens and the trajectory, which follow in one list.
  var trajectory: [AttentionGroup] = []
  /// For every search token its sample.
  var owners: [Int] = []

  init(_ batch: [DenoisingInput], remembers: Bool) {
    let n = BoxDenoiser.boxTokens
    let searched = batch.reduce(0) { $0 + $1.search.count }
    var (s, z, t) = (0, searched, batch.count * n)
    for (i, input) in batch.enumerated() {
      let own = s..<s + input.search.count
      let templates = z..<z + input.templates.count
      let past = t..<t + input.trajectory.count
      let box = i * n..<(i + 1) * n
      search.append(AttentionGroup(queries: own, keys: remembers ? [own, templates] : [own]))
      self.box.append(AttentionGroup(queries: box, keys: [own]))
      trajectory.append(AttentionGroup(queries: box, keys: remembers ? [box, past] : [box]))
      owners += [Int](repeating: i, count: own.count)
      (s, z, t) = (own.upperBound, templates.upperBound, past.upperBound)
    }
  }
}
