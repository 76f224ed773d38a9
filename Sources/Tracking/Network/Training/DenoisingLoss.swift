import Geometry
import Networks

/// What the right answer to a ``DenoisingInput`` is.
public struct DenoisingTarget: Sendable {
  /// The right box in the frame of the prior box, metres and radians.
  public var box: SIMD4<Float>
  /// Whether the object is seen there.
  public var isSeen: Bool

  /// A right answer.
  public init(box: SIMD4<Float>, isSeen: Bool) { (self.box, self.isSeen) = (box, isSeen) }
}

/// How wrong a network is, summed over a batch, with the slopes that training follows.
///
///     L = Σ_j (j/L) H(x_j - x_0) + H(x - x_0)              every block's box and the last one; H: Huber, width 0.1
///       + 0.3 |ε_j - sg(x_{j-1} - x_0)/(L - j + 1)|        every block's noise: an equal share of what is left
///       + 0.5 (1 - IoU)                                    of the rectangles, the turn left aside
///       + 0.1 NLL(x - x_0, log σ²) + 0.2 BCE(token in box × 1.25) + 0.5 H(IoU' - IoU) + 0.1 BCE(seen)
///
/// Where the object is not seen only the last line counts. Blocks that predict no noise do not count.
struct DenoisingLoss: Sendable {
  /// The network.
  let shape: DenoiserShape

  /// The value and the slopes, in the shape of the output.
  func callAsFunction<S: NetworkScalar>(
    _ output: BoxDenoiser.Output<S>, _ batch: [DenoisingInput], _ targets: [DenoisingTarget]
  ) -> (value: S, slopes: BoxDenoiser.Output<S>) {
    var slopes = output
    slopes.boxes = output.boxes.map { $0.map { _ in .zero } }
    slopes.noise = output.noise.map { $0.map { _ in .zero } }
    slopes.heads = Tokens(rows: output.heads.rows, columns: output.heads.columns)
    slopes.inside = Tokens(rows: output.inside.rows, columns: 1)
    var (value, token): (S, Int) = (0, 0)
    for (i, (input, target)) in zip(batch, targets).enumerated() {
      let sample = Sample(
        index: i, input: input, target: target, truth: SIMD4<S>(target.box), scale: SIMD4<S>(BoxScale.of(input.size)))
      if target.isSeen { value += chain(sample, output, &slopes) }
      value += answers(sample, output, &slopes)
      value += tokens(sample, token, output, &slopes)
      token += input.search.count
    }
    return (value, slopes)
  }

  private struct Sample<S: NetworkScalar> {
    let index: Int
    let input: DenoisingInput
    let target: DenoisingTarget
    let truth: SIMD4<S>
    let scale: SIMD4<S>
  }

  /// Boxes and noise of the blocks.
  private func chain<S: NetworkScalar>(
    _ sample: Sample<S>, _ output: BoxDenoiser.Output<S>, _ slopes: inout BoxDenoiser.Output<S>
  ) -> S {
    let (i, blocks) = (sample.index, output.noise.count)
    var value: S = 0
    for j in 0..<blocks where shape.denoises(in: j) {
      let weight = S(j + 1) / S(blocks)
      value += huber(
        output.boxes[j + 1][i] - sample.truth, sample.scale, weight: weight, &slopes.boxes[j + 1][i])
      let share = S(shape.sharesNoise ? blocks - j : 1)
      let anchor = output.anchors[j][i]
      let left = (anchor - sample.truth).turnedIn(scale: sample.scale, anchor: anchor) / share
      for k in 0..<4 {
        let error = output.noise[j][i][k] - left[k]
        value += S(0.3) * abs(error)
        slopes.noise[j][i][k] += error > 0 ? S(0.3) : error < 0 ? S(-0.3) : 0
      }
    }
    value += overlap(output.boxes[blocks][i] - sample.truth, sample, &slopes.boxes[blocks][i])
    return value
  }

  /// What the heads say: the last box with its variances, overlap and sight.
  private func answers<S: NetworkScalar>(
    _ sample: Sample<S>, _ output: BoxDenoiser.Output<S>, _ slopes: inout BoxDenoiser.Output<S>
  ) -> S {
    let (i, blocks, scale) = (sample.index, output.noise.count, sample.scale)
    let heads = output.heads
    let residual = SIMD4(heads[i, 0], heads[i, 1], heads[i, 2], heads[i, 3])
    let error = output.boxes[blocks][i] + scale * residual - sample.truth
    var (value, slope): (S, SIMD4<S>) = (0, .zero)
    if sample.target.isSeen {
      value += huber(error, scale, weight: 1, &slope)
      value += overlap(error, sample, &slope)
    }
    for k in 0..<4 {
      let cost = Loss.gaussian(error[k] / scale[k], logVariance: heads[i, 4 + k])
      value += S(0.1) * cost.value
      slope[k] += S(0.1) * cost.slope / scale[k]
      slopes.heads[i, 4 + k] += S(0.1) * cost.logVarianceSlope
    }
    slopes.boxes[blocks][i] += slope
    for k in 0..<4 { slopes.heads[i, k] += slope[k] * scale[k] }
    // The truth about the overlap is that of the box before the last correction, through which no gradient goes.
    let found = BoxDenoiser.box(output.anchors[blocks][i], size: sample.input.size)
    let right = BoxDenoiser.box(sample.truth, size: sample.input.size)
    let share = sample.target.isSeen ? S(found.intersectionOverUnion(with: right)) : 0
    let guess = logistic(heads[i, 8])
    let cost = Loss.smoothAbsolute(guess - share, width: S(0.1))
    value += S(0.5) * cost.value
    slopes.heads[i, 8] += S(0.5) * cost.slope * guess * (1 - guess)
    let sight = Loss.binaryCrossEntropy(logit: heads[i, 9], target: sample.target.isSeen ? 1 : 0)
    value += S(0.1) * sight.value
    slopes.heads[i, 9] += S(0.1) * sight.slope
    return value
  }

  /// Which tokens lie in the right box.
  private func tokens<S: NetworkScalar>(
    _ sample: Sample<S>, _ first: Int, _ output: BoxDenoiser.Output<S>, _ slopes: inout BoxDenoiser.Output<S>
  ) -> S {
    let count = sample.input.search.count
    guard count > 0 else { return 0 }
    let size = SIMD3(S(sample.input.size.x), S(sample.input.size.y), S(sample.input.size.z))
    let weight = S(0.2) / S(count)
    var value: S = 0
    for (k, place) in sample.input.search.places.enumerated() {
      let reach = sample.truth.surroundings(SIMD3<S>(place), size: size)[6]
      let cost = Loss.binaryCrossEntropy(
        logit: output.inside[first + k, 0], target: sample.target.isSeen && reach <= S(1.25) ? 1 : 0)
      value += weight * cost.value
      slopes.inside[first + k, 0] += weight * cost.slope
    }
    return value
  }

  private func huber<S: NetworkScalar>(
    _ error: SIMD4<S>, _ scale: SIMD4<S>, weight: S, _ slope: inout SIMD4<S>
  ) -> S {
    var value: S = 0
    for k in 0..<4 {
      let cost = Loss.smoothAbsolute(error[k] / scale[k], width: S(0.1))
      value += weight * cost.value
      slope[k] += weight * cost.slope / scale[k]
    }
    return value
  }

  private func overlap<S: NetworkScalar>(_ error: SIMD4<S>, _ sample: Sample<S>, _ slope: inout SIMD4<S>) -> S {
    let cost = Loss.rectangleOverlap(
      offset: SIMD2(error.x, error.y), size: SIMD2(S(sample.input.size.x), S(sample.input.size.y)))
    slope.x += S(0.5) * cost.slope.x
    slope.y += S(0.5) * cost.slope.y
    return S(0.5) * cost.value
  }
}

/// What of a network is trained.
public enum DenoiserPart: String, Sendable, CaseIterable {
  /// Everything.
  case whole
  /// What says how good a box is, expected overlap and sight: boxes stay what they are (DeTrack's third stage).
  case confidence
}

extension BoxDenoiser {
  /// A box of the chain as a box.
  static func box<S: NetworkScalar>(_ pose: SIMD4<S>, size: Point3) -> Box3 {
    Box3(center: Point3(Double(pose.x), Double(pose.y), Double(pose.z)), size: size, yawRadians: Double(pose.w))
  }

  /// Adds the gradient of a batch, summed over its samples, and returns the sum of their losses.
  func addGradient<S: NetworkScalar>(
    _ batch: [DenoisingInput], _ targets: [DenoisingTarget], _ parameters: [S], _ gradient: inout [S],
    anchors: [[SIMD4<S>]]? = nil
  ) -> S {
    let (output, memory) = forward(batch, parameters, anchors: anchors)
    let loss = DenoisingLoss(shape: shape)(output, batch, targets)
    backward(loss.slopes, output, memory, parameters, &gradient)
    return loss.value
  }

  /// Adds the gradient of a batch in single precision, see ``addGradient(_:_:_:_:anchors:)``, and returns the sum of the losses.
  /// - Parameter part: whose gradient is added.
  public func train(
    _ batch: [DenoisingInput], _ targets: [DenoisingTarget], _ parameters: [Float], _ gradient: inout [Float],
    part: DenoiserPart = .whole
  ) -> Double {
    guard part == .confidence else { return Double(addGradient(batch, targets, parameters, &gradient)) }
    let (output, memory) = forward(batch, parameters)
    let loss = DenoisingLoss(shape: shape)(output, batch, targets)
    var slopes = loss.slopes.heads
    for i in 0..<slopes.rows {
      for k in 0..<slopes.columns where !Self.confidenceValues.contains(k) { slopes[i, k] = 0 }
    }
    _ = heads.backward(slopes, input: memory.flat, parameters, &gradient)
    return Double(loss.value)
  }

  /// Where the parameters of a part stand.
  func ranges(of part: DenoiserPart) -> [Range<Int>] {
    switch part {
    case .whole: [0..<layout.count]
    case .confidence: heads.ranges(of: Self.confidenceValues)
    }
  }

  /// What the network answers for one sample.
  public struct Answer: Sendable {
    /// The box after every block that ran and after the refinement, in the frame of the prior box, metres and radians.
    public var boxes: [SIMD4<Float>]
    /// The variances of the last one, metres² and radians².
    public var variances: SIMD4<Float>
    /// How much of the box is expected to be right, from 0 to 1.
    public var overlap: Float
    /// How surely the object is seen, from 0 to 1.
    public var sight: Float
  }

  /// Places boxes, one for each sample.
  /// - Parameter exit: when blocks may be left out, for all samples at once; nil runs them all.
  public func callAsFunction(
    _ batch: [DenoisingInput], _ parameters: [Float], exit: EarlyExit? = nil
  ) -> [Answer] {
    let (output, memory) = forward(batch, parameters, exit: exit)
    let ran = output.noise.count
    return batch.indices.map { i in
      let (heads, scale) = (output.heads, memory.scales[i])
      let last = output.boxes[ran][i] + scale * SIMD4(heads[i, 0], heads[i, 1], heads[i, 2], heads[i, 3])
      var variances = SIMD4<Float>.zero
      for k in 0..<4 { variances[k] = Float.exponential(min(max(heads[i, 4 + k], -10), 6)) * scale[k] * scale[k] }
      return Answer(
        boxes: output.boxes.dropFirst().map { $0[i] } + [last], variances: variances,
        overlap: logistic(heads[i, 8]), sight: logistic(heads[i, 9]))
    }
  }
}
