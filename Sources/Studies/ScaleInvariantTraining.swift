import LinearAlgebra

/// The loss `(y - w·x / |w|)²` in ten dimensions, 500 samples with noise 0.5, step 0.02: the gradient is orthogonal to w.
struct ScaleInvariantTraining: Sendable {
  private let samples: [(x: [Double], y: Double)]
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    var random = SeededGenerator(seed: seed, stream: 40)
    let direction = random.gaussians(10)
    let truth = direction.scaled(by: 1 / direction.norm)
    samples = (0..<500).map { _ in
      let x = random.gaussians(10)
      return (x, x.dot(truth) + 0.5 * random.gaussian())
    }
  }

  /// |w| at the start and after every 5000 of 20000 steps; all samples per step where no batch is given.
  func norms(batch: Int?) -> [Double] {
    var random = SeededGenerator(seed: seed, stream: 41)
    var w = [Double](repeating: 1, count: 10)
    var norms = [w.norm]
    // The exact gradient is linear in w / |w|.
    var moment = Matrix<Double>(rows: 10, columns: 10)
    var pull = [Double](repeating: 0, count: 10)
    for (x, y) in samples {
      moment.addOuter(x, x, times: 1 / Double(samples.count))
      pull.add(x, times: y / Double(samples.count))
    }
    for t in 1...20_000 {
      let size = w.norm
      let u = w.scaled(by: 1 / size)
      var gradient: [Double]
      if let batch {
        gradient = [Double](repeating: 0, count: 10)
        for _ in 0..<batch {
          let (x, y) = samples[random.index(below: samples.count)]
          gradient.add(x, times: 2 * (x.dot(u) - y) / Double(batch))
        }
      } else {
        gradient = (moment * u).subtracting(pull).scaled(by: 2)
      }
      gradient.add(u, times: -u.dot(gradient))
      w.add(gradient, times: -0.02 / size)
      if t % 5000 == 0 { norms.append(w.norm) }
    }
    return norms
  }
}
