import LinearAlgebra

/// The channels of one attention head in which two linear maps meet: queries and keys, or values and outputs.
///
/// With a row for each channel, the network does the same after `a → A a, b → A⁻ᵀ b` for any invertible A. So no loss fixes
/// how the work is shared out between the two, but the noise of its gradients does; `GradientBalance` of Solvers measures it.
public struct SharedChannels: Sendable {
  /// The channels.
  public let channels: Range<Int>
  private let first: Linear
  private let second: Linear
  private let secondReads: Bool

  /// Queries and keys of a head.
  static func scores(_ layer: MultiHeadAttention, _ channels: Range<Int>) -> SharedChannels {
    SharedChannels(channels: channels, first: layer.query, second: layer.key, secondReads: false)
  }

  /// Values and outputs of a head.
  static func values(_ layer: MultiHeadAttention, _ channels: Range<Int>) -> SharedChannels {
    SharedChannels(channels: channels, first: layer.value, second: layer.output, secondReads: true)
  }

  /// The rows of both maps in an array of parameters or of their gradient: [channels, inputs + 1], the bias last, of a map that
  /// gives the channels; [channels, outputs] of one that reads them.
  public func rows<S: NetworkScalar>(in numbers: [S]) -> (first: Matrix<Double>, second: Matrix<Double>) {
    (given(by: first, numbers), secondReads ? read(by: second, numbers) : given(by: second, numbers))
  }

  private func given<S: NetworkScalar>(by map: Linear, _ numbers: [S]) -> Matrix<Double> {
    let rows = channels.flatMap { channel in
      let start = map.weight.offset + channel * map.inputs
      return (numbers[start..<start + map.inputs] + [numbers[map.bias.offset + channel]]).map { Double($0) }
    }
    return Matrix(rows: channels.count, columns: map.inputs + 1, rows)
  }

  private func read<S: NetworkScalar>(by map: Linear, _ numbers: [S]) -> Matrix<Double> {
    let rows = channels.flatMap { channel in
      (0..<map.outputs).map { Double(numbers[map.weight.offset + $0 * map.inputs + channel]) }
    }
    return Matrix(rows: channels.count, columns: map.outputs, rows)
  }
}

extension MultiHeadAttention {
  /// Where queries and keys meet, head by head; not so where a shift is added to the keys.
  public var sharedScores: [SharedChannels] { heads.map { .scores(self, $0) } }

  /// Where values and outputs meet, head by head; not so where a shift is added to the values.
  public var sharedValues: [SharedChannels] { heads.map { .values(self, $0) } }

  /// The channels of every head.
  private var heads: [Range<Int>] {
    let width = query.outputs / attention.heads
    return (0..<attention.heads).map { $0 * width..<($0 + 1) * width }
  }
}
