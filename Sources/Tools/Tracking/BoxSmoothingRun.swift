import PointClouds
import Rendering
import Tracking

/// `plumb track --boxes`: smooths a file of boxes.
struct BoxSmoothingRun {
  /// The file of boxes.
  let input: String
  /// The file to write.
  let output: String
  /// The longest gap that is filled, frames.
  let maxGap: Int
  /// The calibration whose P2 shows boxes in space in the image; nil without one.
  let calibration: String?
  /// Whether label rows stand in the rectified camera frame.
  let isRectified: Bool
  /// The size of the image.
  let image: ImageSize
  /// Whether an existing file may be replaced.
  let replacing: Bool

  /// Reads, smooths and writes.
  func callAsFunction() throws {
    try OutputPlan(
      inputs: [input] + [calibration].compactMap { $0 }, outputs: [("-o", output)], replacing: replacing
    ).check()
    let file = try BoxFile(input)
    let result = BoxSmoother(maxGap: maxGap)(file, showing: try showing(file))
    try AtomicFile.write(Array(result.file.text.utf8), to: output, replacing: replacing)
    say(file, result)
    guard Console.finish(json: json(file, result)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  /// What the camera shows of a label, where a calibration says so.
  private func showing(_ file: BoxFile) throws -> ((KITTILabel) -> [Double]?)? {
    guard let calibration else { return nil }
    guard case .kitti = file else {
      throw CommandFailure(.usage, "--calib \(calibration): \(input) holds \(file.name), only label rows need one")
    }
    let read = try KITTICalibration(calibration)
    guard read.camera != nil else {
      throw CommandFailure(.damagedInput, "\(calibration): no entry P2, which boxes in the image need")
    }
    return { read.imageBox(of: $0, isRectified: isRectified, in: image) }
  }

  private func say(_ file: BoxFile, _ result: BoxSmoother.Result) {
    let objects = result.objects
    Console.say(
      "boxes",
      "\(input.terminalSafe)  \(file.name), \(objects.map(\.given).reduce(0, +).grouped) boxes of "
        + "\(objects.count.grouped) \(objects.count == 1 ? "object" : "objects")")
    if let jitter = result.jitterInSpace {
      Console.say(
        "jitter",
        "x \(jitter.x.significant(2)), y \(jitter.y.significant(2)), z \(jitter.z.significant(2)) m, heading "
          + "\((jitter.w * 180 / .pi).significant(2)) degrees")
    }
    if let jitter = result.jitterInImage {
      func percent(_ share: Double) -> String { (100 * share).significant(2) }
      Console.say(
        "jitter",
        "in the image, % of the size: x \(percent(jitter.x)), y \(percent(jitter.y)), width "
          + "\(percent(jitter.z)), height \(percent(jitter.w))")
    }
    let (filled, open) = (objects.map(\.filled.count).reduce(0, +), objects.map(\.openGaps).reduce(0, +))
    Console.say(
      "gaps",
      "\(filled.grouped) \(filled == 1 ? "frame" : "frames") filled"
        + (open > 0 ? ", \(open.grouped) \(open == 1 ? "gap is" : "gaps are") longer than \(maxGap) frames" : ""),
      tone: open > 0 ? .caution : .label)
    Console.say("wrote", output.terminalSafe, tone: .good)
  }

  private func json(_ file: BoxFile, _ result: BoxSmoother.Result) -> JSONValue {
    func four(_ values: SIMD4<Double>?, _ names: [String]) -> JSONValue {
      guard let values else { return .null }
      return .object((0..<4).map { .init(key: names[$0], value: .number(values[$0])) })
    }
    return .members([
      "schema": "plumb.track.boxes/1", "version": .string(Plumb.version), "input": .string(input),
      "output": .string(output), "format": .string(file.name), "max_gap": .integer(maxGap),
      "jitter_in_space": four(result.jitterInSpace, ["x", "y", "z", "heading_radians"]),
      "jitter_in_image": four(result.jitterInImage, ["x", "y", "width", "height"]),
      "objects": .array(
        result.objects.map { object in
          .members([
            "track": .integer(object.track), "given": .integer(object.given),
            "filled_frames": .array(object.filled.map { .integer($0) }), "open_gaps": .integer(object.openGaps),
          ])
        }),
    ])
  }
}
