import Networks

/// When a chain of blocks is broken off: where the blocks that are left would hardly move the box any more. The last box is
/// refined as ever, from the latents that there are.
///
/// Blocks take equal shares of the noise, so those that are left after block j of L are expected to move the box by
/// (L - j) |ε_j| S.
public struct EarlyExit: Sendable, Equatable {
  /// The most that is left to move along each axis, metres.
  public var metres: Float
  /// The most that is left to turn, radians.
  public var radians: Float

  /// A limit. That of the turn is a fifth of the other, which moves the ends of a vehicle by less than half as much.
  public init(metres: Float, radians: Float? = nil) { (self.metres, self.radians) = (metres, radians ?? 0.2 * metres) }

  /// Whether boxes may stay where a block has moved them.
  /// - Parameters:
  ///   - noise: what the block subtracted, in units of the scales.
  ///   - blocksLeft: how many blocks follow.
  func allows<S: NetworkScalar>(noise: [SIMD4<S>], scales: [SIMD4<S>], blocksLeft: Int) -> Bool {
    zip(noise, scales).allSatisfy { noise, scale in
      let left = noise * scale * S(blocksLeft)
      return max(abs(left.x), abs(left.y), abs(left.z)) <= S(metres) && abs(left.w) <= S(radians)
    }
  }
}
