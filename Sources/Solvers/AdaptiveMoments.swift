import Foundation

/// The step rule of Adam: a gradient over the root of its second moment, both averaged over time and freed of their start.
///
///     m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²,   step = rate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
///
/// Source: Kingma and Ba, ICLR 2015, algorithm 1.
public struct AdaptiveMoments: Sendable {
  /// How slowly the averages of the gradient and of its square forget.
  public var decays = (first: 0.9, second: 0.999)
  /// Added to the root.
  public var epsilon = 1e-8
  private var first: [Double]
  private var second: [Double]
  private var powers = (first: 1.0, second: 1.0)

  /// Nothing seen yet.
  /// - Parameter count: how many parameters there are.
  public init(count: Int) {
    first = [Double](repeating: 0, count: count)
    second = first
  }

  /// Takes a step against a gradient.
  public mutating func step(_ parameters: inout [Double], against gradient: [Double], rate: Double) {
    precondition(parameters.count == first.count && gradient.count == first.count, "Adam of \(first.count) parameters")
    powers = (powers.first * decays.first, powers.second * decays.second)
    let corrections = (first: 1 / (1 - powers.first), second: 1 / (1 - powers.second))
    for k in parameters.indices {
      let g = gradient[k]
      first[k] = decays.first * first[k] + (1 - decays.first) * g
      second[k] = decays.second * second[k] + (1 - decays.second) * g * g
      parameters[k] -= rate * first[k] * corrections.first / ((second[k] * corrections.second).squareRoot() + epsilon)
    }
  }
}
