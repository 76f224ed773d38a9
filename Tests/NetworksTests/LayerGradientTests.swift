import Networks
import Testing

/// Every layer's derivative against differences, in double precision.
@Suite struct LayerGradientTests {
  static let limit = 1e-6

  @Test("linear map", arguments: [0, 1, 5])
  func linear(rows: Int) {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "map", 4, 3)
    let error = gradientError([tokens(rows, 4, seed: 1)], parameters: numbers(layout.count, seed: 2)) {
      layer.forward($0[0], $1)
    } _: {
      [layer.backward($0, input: $1[0], $2, &$3)]
    }
    #expect(error < Self.limit)
  }

  @Test("layer norm, with unequal gains")
  func layerNorm() {
    var layout = ParameterLayout()
    let layer = LayerNorm(&layout, "norm", 6)
    let error = gradientError([tokens(4, 6, seed: 3)], parameters: numbers(layout.count, seed: 4)) {
      layer.forward($0[0], $1).0
    } _: {
      [layer.backward($0, layer.forward($1[0], $2).1, $2, &$3)]
    }
    #expect(error < Self.limit)
  }

  @Test("attention, by both kernels and several heads", arguments: AttentionKernel.allCases, [1, 2])
  func attention(kernel: AttentionKernel, heads: Int) {
    let layer = Attention(heads: heads, kernel: kernel)
    let inputs = [tokens(3, 4, seed: 5), tokens(5, 4, seed: 6), tokens(5, 4, seed: 7)]
    let error = gradientError(inputs) { x, _ in
      layer.forward(x[0], x[1], x[2]).0
    } _: { dy, x, _, _ in
      let d = layer.backward(dy, x[0], x[1], x[2], layer.forward(x[0], x[1], x[2]).1)
      return [d.queries, d.keys, d.values]
    }
    #expect(error < Self.limit)
  }

  @Test("projected attention with a shift of keys and values", arguments: AttentionKernel.allCases)
  func multiHeadAttention(kernel: AttentionKernel) {
    var layout = ParameterLayout()
    let layer = MultiHeadAttention(&layout, "look", channels: 4, heads: 2, kernel: kernel)
    let inputs = [tokens(3, 4, seed: 8), tokens(5, 4, seed: 9), tokens(5, 4, seed: 10)]
    let error = gradientError(inputs, parameters: numbers(layout.count, seed: 11)) {
      layer.forward($0[0], context: $0[1], shift: $0[2], $1).0
    } _: { dy, x, p, g in
      let memory = layer.forward(x[0], context: x[1], shift: x[2], p).1
      let d = layer.backward(dy, memory, p, &g)
      return [d.tokens, d.context, d.shift]
    }
    #expect(error < Self.limit)
  }

  @Test("segment maximum, with an empty segment and one of a single row")
  func segmentMax() {
    let segments = [2, 0, 2, 2, 3, 0]
    let error = gradientError([tokens(6, 3, seed: 12)]) { x, _ in
      SegmentMax.forward(x[0], segments: segments, count: 4).0
    } _: { dy, x, _, _ in
      [SegmentMax.backward(dy, SegmentMax.forward(x[0], segments: segments, count: 4).1)]
    }
    #expect(error < Self.limit)
  }

  @Test("Fourier embedding")
  func fourier() {
    let layer = FourierEmbedding(frequencies: 5)
    let error = gradientError([tokens(3, 2, seed: 13)]) { x, _ in
      layer.forward(x[0])
    } _: { dy, x, _, _ in
      [layer.backward(dy, input: x[0])]
    }
    #expect(error < Self.limit)
  }

  @Test("activations", arguments: Activation.allCases)
  func activation(_ activation: Activation) {
    let error = gradientError([tokens(4, 5, seed: 14)]) { x, _ in
      activation.forward(x[0])
    } _: { dy, x, _, _ in
      [activation.backward(dy, input: x[0])]
    }
    #expect(error < Self.limit)
  }

  @Test("two maps with a bend", arguments: Activation.allCases)
  func feedForward(_ activation: Activation) {
    var layout = ParameterLayout()
    let layer = FeedForward(&layout, "feed", 4, hidden: 6, activation: activation)
    let error = gradientError([tokens(3, 4, seed: 15)], parameters: numbers(layout.count, seed: 16)) {
      layer.forward($0[0], $1).0
    } _: {
      [layer.backward($0, layer.forward($1[0], $2).1, $2, &$3)]
    }
    #expect(error < Self.limit)
  }

  @Test("a wrong derivative is found")
  func wrong() {
    let error = gradientError([tokens(2, 3, seed: 17)]) { x, _ in
      Activation.silu.forward(x[0])
    } _: { dy, x, _, _ in
      [Activation.relu.backward(dy, input: x[0])]
    }
    #expect(error > 0.01)
  }
}
