import Foundation
import LinearAlgebra
import Networks
import Testing

/// What layers do, against the formula written out.
@Suite struct LayerLawTests {
  @Test("attention is the mean of the values weighted by the kernel", arguments: AttentionKernel.allCases)
  func attention(kernel: AttentionKernel) {
    let (q, k, v) = (tokens(3, 6, seed: 1), tokens(4, 6, seed: 2), tokens(4, 6, seed: 3))
    let found = Attention(heads: 2, kernel: kernel).forward(q, k, v).0
    for head in 0..<2 {
      for i in 0..<3 {
        let weights = (0..<4).map { j in
          var (dot, squares) = (0.0, 0.0)
          for c in 3 * head..<3 * head + 3 {
            dot += q[i, c] * k[j, c]
            squares += (q[i, c] - k[j, c]) * (q[i, c] - k[j, c])
          }
          return kernel == .softmax ? exp(dot / sqrt(3)) : exp(-squares / (2 * sqrt(3)))
        }
        let sum = weights.reduce(0, +)
        for c in 3 * head..<3 * head + 3 {
          let mean = (0..<4).reduce(0) { $0 + weights[$1] / sum * v[$1, c] }
          #expect(abs(found[i, c] - mean) < 1e-12)
        }
      }
    }
  }

  @Test("attention does not mind the order of the keys, and gives zero without any")
  func order() {
    let (q, k, v) = (tokens(2, 4, seed: 4), tokens(3, 4, seed: 5), tokens(3, 4, seed: 6))
    let layer = Attention(heads: 1)
    func reversed(_ t: Tokens<Double>) -> Tokens<Double> {
      t.rows(2..<3).followed(by: t.rows(1..<2)).followed(by: t.rows(0..<1))
    }
    let (a, b) = (layer.forward(q, k, v).0, layer.forward(q, reversed(k), reversed(v)).0)
    for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < 1e-12) }
    let none = Tokens<Double>(rows: 0, columns: 4)
    #expect(layer.forward(q, none, none).0 == Tokens(rows: 2, columns: 4))
    #expect(layer.backward(q, q, none, none, layer.forward(q, none, none).1).queries == Tokens(rows: 2, columns: 4))
  }

  /// What a layer of two heads gathers, and the gradient of the sum of its squares.
  private func gathered(_ parameters: [Double], _ layer: MultiHeadAttention) -> (Tokens<Double>, gradient: [Double]) {
    let (x, context) = (tokens(3, 6, seed: 11), tokens(5, 6, seed: 12))
    let (y, memory) = layer.forward(x, context: context, parameters)
    var gradient = [Double](repeating: 0, count: parameters.count)
    _ = layer.backward(Tokens(rows: 3, columns: 6, values: y.values.map { 2 * $0 }), memory, parameters, &gradient)
    return (y, gradient)
  }

  @Test(
    "an invertible map between queries and keys, or values and outputs, of a head changes nothing; so their charges stay"
  )
  func sharedChannels() {
    var layout = ParameterLayout()
    let layer = MultiHeadAttention(&layout, "a", channels: 6, heads: 2)
    let parameters = numbers(layout.count, seed: 13)
    let (y, gradient) = gathered(parameters, layer)
    // Scaling the queries of one channel and the keys back; the same for values and outputs.
    var scaled = parameters
    func scale(_ map: Linear, _ channel: Int, _ factor: Double, reads: Bool = false) {
      for k in 0..<6 {
        let place = reads ? k * 6 + channel : channel * 6 + k
        scaled[map.weight.offset + place] *= factor
      }
      if !reads { scaled[map.bias.offset + channel] *= factor }
    }
    scale(layer.query, 4, 3)
    scale(layer.key, 4, 1.0 / 3)
    scale(layer.value, 1, 0.5)
    scale(layer.output, 1, 2, reads: true)
    #expect(scaled != parameters)
    #expect(zip(y.values, gathered(scaled, layer).0.values).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(layer.sharedScores.map(\.channels) == [0..<3, 3..<6] && layer.sharedValues.count == 2)
    for shared in layer.sharedScores + layer.sharedValues {
      let (map, slope) = (shared.rows(in: parameters), shared.rows(in: gradient))
      let (first, second) = (slope.first.timesTransposed(map.first), slope.second.timesTransposed(map.second))
      #expect(first.norm > 1e-3)
      #expect((first - second.transposed).norm < 1e-10 * first.norm)
    }
  }

  @Test("huge logits stay finite")
  func huge() {
    let q = Tokens<Float>(rows: 1, columns: 2, values: [1e4, -1e4])
    let k = Tokens<Float>(rows: 2, columns: 2, values: [1e4, 0, 0, 1e4])
    for kernel in AttentionKernel.allCases {
      let found = Attention(heads: 1, kernel: kernel).forward(q, k, k).0
      #expect(found.values.allSatisfy { $0.isFinite })
    }
  }

  @Test("normalised rows have mean 0 and variance 1, a constant row becomes zero")
  func layerNorm() {
    var layout = ParameterLayout()
    let layer = LayerNorm(&layout, "norm", 8)
    var parameters = [Double](repeating: 0, count: layout.count)
    for i in layer.gain.range { parameters[i] = 1 }
    var x = tokens(3, 8, seed: 7)
    for c in 0..<8 { x[2, c] = 5 }
    let y = layer.forward(x, parameters).0
    for r in 0..<2 {
      let row = (0..<8).map { y[r, $0] }
      #expect(abs(row.reduce(0, +)) < 1e-9)
      #expect(abs(row.reduce(0) { $0 + $1 * $1 } / 8 - 1) < 1e-3)
    }
    #expect((0..<8).allSatisfy { y[2, $0] == 0 })
  }

  @Test("exponentials of eight at once agree with those of one, at any count", arguments: [0, 1, 7, 8, 19])
  func exponentials(count: Int) {
    let x = (0..<count).map { -Float($0) * 4.37 }
    var found = x
    found.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Float.exponentials(base, count: count) } }
    for (a, b) in zip(x, found) { #expect(abs(b - exp(max(a, -87))) <= 4e-7 * exp(max(a, -87))) }
    var far: [Float] = [-1e30, -.infinity, 0]
    far.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Float.exponentials(base, count: 3) } }
    #expect(far[0] < 1e-37 && far[1] < 1e-37 && far[2] == 1)
  }

  @Test("single precision follows double")
  func precisions() {
    var layout = ParameterLayout()
    let layer = MultiHeadAttention(&layout, "look", channels: 8, heads: 2)
    let parameters = layout.startValues(seed: 3)
    let (x, z) = (tokens(5, 8, seed: 8), tokens(9, 8, seed: 9))
    func single(_ t: Tokens<Double>) -> Tokens<Float> {
      Tokens(rows: t.rows, columns: t.columns, values: t.values.map { Float($0) })
    }
    let exact = layer.forward(x, context: z, parameters.map { Double($0) }).0
    let found = layer.forward(single(x), context: single(z), parameters).0
    for (a, b) in zip(exact.values, found.values) { #expect(abs(a - Double(b)) < 1e-5) }
  }

  @Test("names are joined by dots and places follow each other")
  func layout() {
    var layout = ParameterLayout()
    let layers = layout.part("blocks") { layout in
      (0..<2).map { i in layout.part("\(i)") { Linear(&$0, "map", 2, 3) } }
    }
    #expect(layout.parameters.map(\.name).first == "blocks.0.map.weight")
    #expect(layers[1].bias.name == "blocks.1.map.bias" && layout.count == 18 && layers[1].weight.offset == 9)
    #expect(layout.startValues(seed: 1) == layout.startValues(seed: 1))
    #expect(layout.startValues(seed: 1) != layout.startValues(seed: 2))
    #expect(layers[0].weight.decays && !layers[0].bias.decays)
  }
}
