/// Adam with decoupled weight decay (Kingma, Ba 2015; Loshchilov, Hutter 2019).
///
///     m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
///     w ← w - η (m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε) + λ w)
///
/// Only matrices decay, see ``Parameter/decays``.
public struct AdamW: Sendable {
  /// β₁.
  public var momentum: Float = 0.9
  /// β₂.
  public var scaling: Float = 0.999
  /// ε.
  public var floor: Float = 1e-8
  /// λ.
  public var decay: Float = 1e-4

  /// What it remembers between steps.
  public struct State: Sendable, Equatable {
    /// m.
    public var first: [Float]
    /// v.
    public var second: [Float]
    /// t, the steps so far.
    public var steps: Int

    /// Before the first step.
    public init(count: Int) {
      (first, second, steps) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count), 0)
    }

    /// As it was after some step.
    public init(first: [Float], second: [Float], steps: Int) {
      precondition(first.count == second.count && steps >= 0, "moments of different lengths")
      (self.first, self.second, self.steps) = (first, second, steps)
    }
  }

  /// The usual settings.
  public init() {}

  /// One step against the gradient.
  /// - Parameters:
  ///   - rate: η.
  ///   - trained: where the numbers stand that are moved; nil moves them all.
  public func step(
    _ values: inout [Float], gradient: [Float], rate: Float, _ state: inout State, _ layout: ParameterLayout,
    only trained: [Range<Int>]? = nil
  ) {
    precondition(
      values.count == layout.count && gradient.count == layout.count && state.first.count == layout.count,
      "arrays of another network")
    state.steps += 1
    // By multiplication, so that the same step has the same bits on every platform.
    var (p1, p2) = (1.0, 1.0)
    for _ in 0..<min(state.steps, 20_000) {
      p1 *= Double(momentum)
      p2 *= Double(scaling)
    }
    let (c1, c2) = (Float(1 / (1 - p1)), Float(1 / (1 - p2)))
    for parameter in layout.parameters {
      let lambda = parameter.decays ? decay : 0
      for range in trained ?? [parameter.range] {
        for i in parameter.range.clamped(to: range) {
          let g = gradient[i]
          state.first[i] += (1 - momentum) * (g - state.first[i])
          state.second[i] += (1 - scaling) * (g * g - state.second[i])
          let move = state.first[i] * c1 / ((state.second[i] * c2).squareRoot() + floor)
          values[i] -= rate * (move + lambda * values[i])
        }
      }
    }
  }
}
