import Geometry
import LinearAlgebra
import Networks
import Testing
import Tracking

/// The network that places boxes, and its training.
struct BoxDenoiserTests {
  private static let size = Point3(4, 1.7, 1.5)

  private static func shape(_ change: (inout DenoiserShape) -> Void = { _ in }) -> DenoiserShape {
    var shape = DenoiserShape(
      channels: 8, blocks: 2, refinements: 1, pointChannels: 6, searchTokens: 9, templateTokens: 5, searchPoints: 30,
      templatePoints: 12)
    shape.heads = 2
    change(&shape)
    return shape
  }

  /// Points on the sides of a box and on the ground.
  private static func cloud(_ box: Box3, _ rng: inout SeededGenerator) -> PointCloud {
    let turn = Rotation3(radians: box.yawRadians, about: Point3(0, 0, 1))
    var points: [SIMD3<Float>] = []
    for k in 0..<80 {
      var p = Point3(rng.uniform(-0.5, 0.5), k % 2 == 0 ? -0.5 : rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5))
      if k % 2 == 1 { p.x = -0.5 }
      points.append(SIMD3<Float>(box.center + turn(p * box.size)))
      points.append(
        SIMD3<Float>(box.center + Point3(rng.uniform(-5, 5), rng.uniform(-4, 4), -box.size.z / 2)))
    }
    return PointCloud(positions: points)
  }

  private static func sample(_ number: Int, _ shape: DenoiserShape) -> DenoiserTraining.Sample {
    var rng = SeededGenerator(seed: 5, stream: number)
    let first = Box3(center: Point3(12, rng.uniform(-3, 3), -1), size: size, yawRadians: rng.uniform(-1, 1))
    var now = first
    now.center += Point3(rng.uniform(-1, 1), rng.uniform(-1, 1), 0)
    var prior = now
    prior.center += Point3(rng.uniform(-0.6, 0.6), rng.uniform(-0.4, 0.4), 0.1)
    prior.yawRadians += rng.uniform(-0.1, 0.1)
    let scans = (cloud(first, &rng), cloud(now, &rng))
    var input = DenoisingInput(
      scans.1, prior: prior, templates: [BoxTemplate(scans.0, box: first)],
      past: [.init(box: first, age: 1, score: 1)], shape: shape)
    let target = DenoisingTarget(now, from: prior, in: scans.1)
    if number % 2 == 1 { input.addNoise(towards: target, &rng) }
    return (input, target)
  }

  @Test(
    "the gradient of the whole network is that of the loss, with each part switched off in turn",
    arguments: [
      shape(), shape { $0.subtractsNoise = false }, shape { $0.attendsInBlocks = false },
      shape { $0.remembers = false }, shape { $0.sharesNoise = false }, shape { $0.kernel = .gaussian },
      shape { $0.denoising = .lastBlock }, shape { $0.denoising = .noBlock },
    ])
  func gradient(_ shape: DenoiserShape) {
    let denoiser = BoxDenoiser(shape)
    let samples = (0..<3).map { Self.sample($0, shape) }
    let (inputs, targets) = (samples.map(\.input), samples.map(\.target))
    var rng = SeededGenerator(seed: 9)
    let point = denoiser.layout.startValues(seed: 4).map { 1.5 * Double($0) + 0.05 * rng.gaussian() }
    let (loss, gradient, anchors) = denoiser.checkedGradient(inputs, targets, point)
    #expect(loss.isFinite && loss > 0)
    // Along one random direction for each tensor.
    for parameter in denoiser.layout.parameters {
      var direction = [Double](repeating: 0, count: point.count)
      for i in parameter.range { direction[i] = rng.gaussian() }
      func value(_ step: Double) -> Double {
        denoiser.checkedLoss(
          inputs, targets, zip(point, direction).map { $0 + step * $1 }, anchors: anchors)
      }
      let slope = (value(1e-6) - value(-1e-6)) / 2e-6
      let own = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(slope - own) < 1e-5 * max(1, abs(slope)), "\(parameter.name)")
    }
  }

  @Test("layers of which one is scaled up and the other down answer the same and lose their balance")
  func noiseBalance() throws {
    let denoiser = BoxDenoiser(Self.shape())
    let samples = (0..<4).map { Self.sample($0, Self.shape()) }
    let even = denoiser.layout.startValues(seed: 4)
    var uneven = even
    // By powers of two, so that nothing is rounded.
    for parameter in denoiser.layout.parameters where parameter.name.contains("searchAttention.") {
      let factor: Float =
        parameter.name.contains(".value.") ? 16 : parameter.name.hasSuffix(".output.weight") ? 1 / 16 : 1
      for i in parameter.range { uneven[i] *= factor }
    }
    let inputs = samples.map(\.input)
    #expect(uneven != even)
    #expect(denoiser(inputs, uneven).map(\.boxes) == denoiser(inputs, even).map(\.boxes))
    let (a, b) = (denoiser.noiseBalance(samples, even), denoiser.noiseBalance(samples, uneven))
    #expect(a == denoiser.noiseBalance(samples, even))
    #expect(a.scores > 0 && a.scores < 2 && a.values > 0 && a.values < 2)
    #expect(abs(b.scores - a.scores) < 1e-4)
    // Two of three layers are uneven; those of the refinement are not.
    #expect(b.values > a.values + 0.2 && b.values < 2, "\(a) \(b)")
  }

  @Test("blocks that predict no noise do not move the box")
  func stillBlocks() {
    func boxes(_ denoising: DenoiserShape.Denoising) -> [SIMD4<Float>] {
      let shape = Self.shape { ($0.blocks, $0.denoising) = (3, denoising) }
      let denoiser = BoxDenoiser(shape)
      // It starts at the prior box.
      return denoiser([Self.sample(0, shape).input], denoiser.layout.startValues(seed: 4))[0].boxes
    }
    #expect(boxes(.everyBlock).allSatisfy { $0 != .zero })
    #expect(boxes(.lastBlock).map { $0 == .zero } == [true, true, false, false])
    #expect(boxes(.noBlock).map { $0 == .zero } == [true, true, true, false])
  }

  @Test("a chain is broken off where the blocks that are left would hardly move the box")
  func earlyExit() {
    let shape = Self.shape { $0.blocks = 3 }
    let denoiser = BoxDenoiser(shape)
    // It starts at the prior box.
    let (input, parameters) = (Self.sample(0, shape).input, denoiser.layout.startValues(seed: 4))
    func boxes(_ exit: EarlyExit?) -> [SIMD4<Float>] { denoiser([input], parameters, exit: exit)[0].boxes }
    let whole = boxes(nil)
    #expect(whole.count == 4)
    // Two blocks are left after the first one.
    let step = whole[0]
    let (metres, radians) = (2 * max(abs(step.x), abs(step.y), abs(step.z)), 2 * abs(step.w))
    #expect(metres > 1e-3 && radians > 1e-4)
    let short = boxes(EarlyExit(metres: 1.01 * metres, radians: 1.01 * radians))
    #expect(short.count == 2 && short[0] == whole[0])
    #expect(boxes(EarlyExit(metres: 0, radians: 10)) == whole)
    #expect(boxes(EarlyExit(metres: 10, radians: 0)) == whole)
  }

  @Test("training that is taken up from a checkpoint gives the bytes of one that was never stopped")
  func resuming() throws {
    let shape = Self.shape()
    let settings = DenoiserTraining.Settings(shape: shape, steps: 6)
    var whole = DenoiserTraining(settings)
    var bytes: [UInt8] = []
    while !whole.isDone {
      let step = whole.step
      whole.advance { Self.sample(step * 100 + $0, shape) }
      if whole.step == 3 { bytes = whole.checkpoint.bytes(.single) }
    }
    var resumed = try DenoiserTraining(settings, from: TensorFile(bytes, path: "c"), path: "c")
    #expect(resumed.step == 3)
    while !resumed.isDone {
      let step = resumed.step
      resumed.advance { Self.sample(step * 100 + $0, shape) }
    }
    #expect(resumed.checkpoint.bytes(.single) == whole.checkpoint.bytes(.single))
    var other = settings
    other.rate = 0.5
    #expect(throws: TensorFileError.self) {
      try DenoiserTraining(other, from: TensorFile(bytes, path: "c"), path: "c")
    }
  }

  @Test("where only the confidence is trained, boxes stay the same to the bit")
  func confidence() {
    let shape = Self.shape()
    var settings = DenoiserTraining.Settings(shape: shape, steps: 5)
    let denoiser = BoxDenoiser(shape)
    let start = TrainedDenoiser(denoiser, parameters: denoiser.layout.startValues(seed: 8))
    (settings.start, settings.part) = (start, .confidence)
    var training = DenoiserTraining(settings)
    while !training.isDone { training.advance { Self.sample($0, shape) } }
    let inputs = (0..<4).map { Self.sample($0, shape).input }
    let (before, after) = (denoiser(inputs, start.parameters), denoiser(inputs, training.parameters))
    #expect(before.map(\.boxes) == after.map(\.boxes))
    #expect(before.map(\.variances) == after.map(\.variances))
    for (a, b) in zip(before, after) { #expect(a.overlap != b.overlap && a.sight != b.sight) }
    // Two rows of one map and their biases are all that moved.
    let moved = zip(start.parameters, training.parameters).count { $0 != $1 }
    #expect(moved <= 2 * (5 * shape.channels + 1) && moved > 0)
  }

  @Test("a short training places boxes better than the prior does")
  func learning() {
    let shape = Self.shape { ($0.channels, $0.searchTokens, $0.searchPoints) = (16, 24, 96) }
    var settings = DenoiserTraining.Settings(shape: shape, steps: 150)
    (settings.batch, settings.rate) = (16, 4e-3)
    var training = DenoiserTraining(settings)
    while !training.isDone {
      let step = training.step
      training.advance { Self.sample(1000 + step * 16 + $0, shape) }
    }
    let held = (0..<60).map { Self.sample(2 * $0, shape) }
    let answers = training.denoiser(held.map(\.input), training.parameters)
    var (before, after) = (0.0, 0.0)
    for (sample, answer) in zip(held, answers) {
      let truth = sample.target.box
      let found = answer.boxes.last ?? .zero
      before += Double((truth * truth).x + (truth * truth).y)
      after += Double(((found - truth) * (found - truth)).x + ((found - truth) * (found - truth)).y)
    }
    #expect(after < 0.5 * before, "\(after) from \(before)")
  }

  @Test("weights come back from their file, and files that are none are refused in one line")
  func files() throws {
    let denoiser = BoxDenoiser(Self.shape())
    let trained = TrainedDenoiser(
      denoiser, parameters: denoiser.layout.startValues(seed: 1), notes: [.init("seed", "1")])
    let back = try TrainedDenoiser(trained.bytes, path: "w")
    #expect(back.denoiser.shape == denoiser.shape && back.notes == trained.notes)
    #expect(back.parameters.count == trained.parameters.count)
    #expect(zip(back.parameters, trained.parameters).allSatisfy { abs($0 - $1) <= 1e-3 * max(0.01, abs($1)) })
    let wrong: [[UInt8]] = [
      [], Array("no weights".utf8), Array(trained.bytes.dropLast(10)),
      TensorFile(tensors: denoiser.layout.tensors(trained.parameters)).bytes(.half),
      TensorFile(tensors: [], notes: [.init("shape", denoiser.shape.text)]).bytes(.half),
      TensorFile(tensors: [], notes: [.init("shape", "channels=8 blocks=999999999")]).bytes(.half),
    ]
    for bytes in wrong {
      #expect {
        try TrainedDenoiser(bytes, path: "w.safetensors")
      } throws: { error in
        let text = "\(error)"
        return error is TensorFileError && text.hasPrefix("w.safetensors: ") && !text.contains("\n")
      }
    }
  }

  @Test("a shape is read back from its text")
  func shapes() {
    for shape in [
      DenoiserShape.tiny, .small, Self.shape { $0.remembers = false }, Self.shape { $0.kernel = .gaussian },
      Self.shape { $0.denoising = .lastBlock }, Self.shape { $0.denoising = .noBlock },
    ] {
      #expect(DenoiserShape(text: shape.text) == shape)
    }
    #expect(DenoiserShape(text: DenoiserShape.tiny.text + " blocks=4") == nil)
    #expect(DenoiserShape(text: DenoiserShape.tiny.text + " kernel=cubic") == nil)
    #expect(DenoiserShape(text: DenoiserShape.tiny.text + " more=1") == nil)
    #expect(DenoiserShape(text: "channels=64") == nil)
  }
}
