import Networks

/// What a ``BoxDenoiser`` is built of. Two networks of the same shape have the same parameters.
public struct DenoiserShape: Sendable, Equatable {
  /// The length of a token.
  public var channels: Int
  /// How many denoising blocks, L.
  public var blocks: Int
  /// Heads of every attention.
  public var heads = 4
  /// What weighs a key in every attention.
  public var kernel = AttentionKernel.softmax
  /// How many layers refine the last box with the trajectory.
  public var refinements: Int
  /// The hidden width of the map of points.
  public var pointChannels: Int
  /// The most tokens of the search region.
  public var searchTokens: Int
  /// The most tokens of one template.
  public var templateTokens: Int
  /// The most points of the search region.
  public var searchPoints: Int
  /// The most points of one template.
  public var templatePoints: Int
  /// Whether blocks subtract predicted noise from the latents (DeTrack, eqs. 9 and 10).
  public var subtractsNoise = true
  /// Whether box tokens look at the search region in the blocks (DeTrack, eq. 6).
  public var attendsInBlocks = true
  /// Whether templates and trajectory are looked at.
  public var remembers = true
  /// Whether every block takes an equal share of the noise that is left, and not all of it.
  public var sharesNoise = true
  /// Which blocks predict noise and move the box.
  public var denoising = Denoising.everyBlock

  /// Which blocks of a chain predict noise.
  public enum Denoising: String, Sendable, CaseIterable {
    /// All, each a part of it.
    case everyBlock = "every"
    /// The last one, all of it at once (DeTrack, table 7).
    case lastBlock = "last"
    /// None; the refinement alone places the box (DeTrack, table 5).
    case noBlock = "none"
  }

  /// The tiny model, T.
  public static let tiny = DenoiserShape(
    channels: 64, blocks: 4, refinements: 1, pointChannels: 32, searchTokens: 64, templateTokens: 20,
    searchPoints: 384, templatePoints: 96)
  /// The small model, S.
  public static let small = DenoiserShape(
    channels: 96, blocks: 6, refinements: 2, pointChannels: 64, searchTokens: 96, templateTokens: 24,
    searchPoints: 640, templatePoints: 160)

  /// Whether a block predicts noise and moves the box, counted from zero.
  func denoises(in block: Int) -> Bool {
    switch denoising {
    case .everyBlock: true
    case .lastBlock: block == blocks - 1
    case .noBlock: false
    }
  }

  /// A shape.
  public init(
    channels: Int, blocks: Int, refinements: Int, pointChannels: Int, searchTokens: Int, templateTokens: Int,
    searchPoints: Int, templatePoints: Int
  ) {
    (self.channels, self.blocks, self.refinements) = (channels, blocks, refinements)
    (self.pointChannels, self.searchTokens, self.templateTokens) = (pointChannels, searchTokens, templateTokens)
    (self.searchPoints, self.templatePoints) = (searchPoints, templatePoints)
  }

  /// Whether a network of this shape can be built.
  public var isBuildable: Bool {
    let numbers = [channels, blocks, heads, pointChannels, searchTokens, templateTokens, searchPoints, templatePoints]
    return numbers.allSatisfy { 1...4096 ~= $0 } && 0...16 ~= refinements && blocks <= 64 && channels <= 1024
      && channels % heads == 0
  }
}
