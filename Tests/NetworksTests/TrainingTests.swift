import Foundation
import LinearAlgebra
import Networks
import Parallelism
import Testing

@Suite struct TrainingTests {
  /// A network of two maps that learns y = x₀ x₁; returns its weights and the losses of its steps.
  private func train(steps: Int, from middle: (weights: [Float], state: AdamW.State)? = nil) -> (
    weights: [Float], state: AdamW.State, losses: [Double]
  ) {
    var layout = ParameterLayout()
    let network = FeedForward(&layout, "net", 2, hidden: 16, outputs: 1)
    var weights = middle?.weights ?? layout.startValues(seed: 5)
    var state = middle?.state ?? AdamW.State(count: layout.count)
    let rate = LearningRate(peak: 0.02, end: 0.001, warmUp: 5, steps: 200)
    var losses: [Double] = []
    while state.steps < steps {
      let step = state.steps
      let (values, places) = (weights, layout)
      let batch = BatchGradient()(24, length: places.count) { i, gradient in
        var rng = SeededGenerator(seed: UInt64(step * 100 + i))
        let (a, b) = (Float(rng.uniform(-1, 1)), Float(rng.uniform(-1, 1)))
        let (y, memory) = network.forward(Tokens(rows: 1, columns: 2, values: [a, b]), values)
        let loss = Loss.smoothAbsolute(y[0, 0] - a * b, width: 1)
        _ = network.backward(Tokens(rows: 1, columns: 1, values: [loss.slope]), memory, values, &gradient)
        return Double(loss.value)
      }
      var gradient = batch.gradient
      GradientClipping()(&gradient)
      AdamW().step(&weights, gradient: gradient, rate: rate(step), &state, layout)
      losses.append(batch.loss)
    }
    return (weights, state, losses)
  }

  @Test("the loss of a small network falls to a tenth")
  func learns() {
    let losses = train(steps: 200).losses
    let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
    #expect(last < 0.1 * first, "\(losses)")
  }

  @Test("the same bits for any number of threads, and after a break")
  func determinism() {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let runs = [1, 2, 5].map { n in
      Parallel.threads = n
      return train(steps: 30)
    }
    #expect(runs[0].weights == runs[1].weights && runs[0].weights == runs[2].weights)
    let half = train(steps: 15)
    let whole = train(steps: 30, from: (half.weights, half.state))
    #expect(whole.weights == runs[0].weights && whole.state == runs[0].state)
  }

  @Test("the first step goes by the rate against the sign of every derivative; matrices decay, biases do not")
  func firstStep() {
    var layout = ParameterLayout()
    let map = Linear(&layout, "map", 1, 2)
    var weights: [Float] = [1, -1, 1, -1]
    var state = AdamW.State(count: layout.count)
    var optimizer = AdamW()
    optimizer.decay = 0.5
    optimizer.step(&weights, gradient: [3, -3, 1e-3, 0], rate: 0.1, &state, layout)
    #expect(map.weight.range == 0..<2)
    let expected: [Float] = [1 - 0.1 * 1.5, -1 + 0.1 * 1.5, 1 - 0.1, -1]
    for (a, b) in zip(weights, expected) { #expect(abs(a - b) < 1e-4) }
  }

  @Test("the rate rises to its peak, falls, and ends")
  func schedule() {
    let rate = LearningRate(peak: 1, end: 0.1, warmUp: 10, steps: 110)
    #expect(rate(0) == 0.1 && rate(9) == 1 && rate(10) == 1 && abs(rate(60) - 0.55) < 1e-6)
    #expect(rate(110) == 0.1 && rate(100_000) == 0.1)
    #expect((10..<110).allSatisfy { rate($0 + 1) <= rate($0) })
    #expect(LearningRate(peak: 1, end: 0.5, warmUp: 0, steps: 0)(0) == 0.5)
  }

  @Test("a long gradient is shortened, a short one left, a broken one dropped")
  func clipping() {
    var long: [Float] = [30, 40]
    #expect(GradientClipping(limit: 5)(&long) == 50 && abs(long[0] - 3) < 1e-6 && abs(long[1] - 4) < 1e-6)
    var short: [Float] = [3, 4]
    #expect(GradientClipping(limit: 6)(&short) == 5 && short == [3, 4])
    var broken: [Float] = [.nan, 1]
    #expect(GradientClipping()(&broken).isNaN && broken == [0, 0])
  }

  @Test("the average of constant weights is those weights, and it forgets where it began")
  func average() {
    var average = WeightAverage([4, -2], decay: 0.9)
    average.update([4, -2])
    #expect(average.values == [4, -2])
    for _ in 0..<300 { average.update([1, 1]) }
    #expect(average.values.allSatisfy { abs($0 - 1) < 1e-4 } && average.steps == 301)
  }
}
