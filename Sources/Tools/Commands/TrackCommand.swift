import ArgumentParser
import Geometry
import PointClouds
import Rendering
import Tracking

/// `plumb track`: follows objects through a sequence of scans from their first boxes.
struct TrackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Follows objects through a sequence of scans, each from its first box; smooths files of boxes.",
    discussion: """
      The folder holds the scans (z up, metres), or the layout of KITTI tracking: velodyne/NNNN, calib/NNNN.txt and \
      label_02/NNNN.txt, whose objects are then followed from their first rows. Boxes keep the size of the first one. \
      Where a scan does not show an object its box coasts on the motion so far, and the row says so: score 0 in label \
      rows, "seen": false in JSON lines.

      EXAMPLES
        plumb track scans/ --box 12,3,-0.9,4.2,1.8,1.5,30 -o car.jsonl
        plumb track KITTI/ --sequence 0000 -o boxes.txt
        plumb track KITTI/ --sequence 0000 --objects 0,3 -o boxes.jsonl --picture tracks.png --report tracks.html
        plumb track --boxes detections.txt -o smooth.txt

      The exit status is 3 when some objects could not be started or scans were damaged; what could be done is written.
      """)

  @Argument(help: "A folder of scans, or one in the layout of KITTI tracking; none with --boxes.")
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "A first box in the frame of the scanner: its middle and size in metres, its yaw in degrees; may be repeated.",
      valueName: "x,y,z,l,w,h,yaw"),
    transform: { try FirstBoxes.box($0) })
  var box: [Box3] = []

  @Option(help: ArgumentHelp("The class of these boxes.", valueName: "name"))
  var type = "Misc"

  @Option(help: ArgumentHelp("Label rows of KITTI tracking: each object begins with its first row.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp("Only these objects of the labels.", valueName: "number,number"),
    transform: { try Self.numbers($0) })
  var objects: [Int]?

  @Option(help: ArgumentHelp("The calibration that leads from labels to scans.", valueName: "file"))
  var calib: String?

  @Option(help: ArgumentHelp("The sequence of KITTI's layout, such as 0000.", valueName: "name"))
  var sequence: String?

  @Option(help: "Labels stand in the rectified camera frame; off as some published code does.")
  var rect = DatasetOptions.Switch.on

  @Option(help: "Find the scanner's own movement, too, and predict objects over ground.")
  var egoMotion = DatasetOptions.Switch.on

  @Option(help: ArgumentHelp("Give an object up when so many frames in a row do not show it.", valueName: "frames"))
  var patience: Int = 20

  @OptionGroup var tracking: TrackerOptions

  @Option(name: .shortAndLong, help: "The boxes to write: \(TrackRowFormat.extensions).")
  var output: String

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup var files: TrackBoxOptions
  @OptionGroup var showing: TrackShowing
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard 1...1_000_000 ~= patience else { throw ValidationError("--patience \(patience): 1 to 1000000 are possible") }
    guard !type.isEmpty, !type.contains(where: { $0.isWhitespace || $0 == "#" }) else {
      throw ValidationError("--type '\(type)': one word is expected")
    }
    if !box.isEmpty, labels != nil || objects != nil {
      throw ValidationError("--box and \(labels != nil ? "--labels" : "--objects") exclude each other")
    }
    try checkSource()
    guard files.boxes != nil || ["txt", "jsonl"].contains(pathExtension(output)) else {
      throw ValidationError("-o \(output): \(TrackRowFormat.extensions) is expected")
    }
  }

  /// Scans or boxes are followed, and what belongs to the other is refused.
  private func checkSource() throws {
    guard files.boxes != nil else {
      guard folder != nil else {
        throw ValidationError("a folder of scans is expected, or --boxes with a file of boxes")
      }
      return
    }
    let needScans = [
      (folder.map { "the folder \($0)" }), box.isEmpty ? nil : "--box", labels.map { _ in "--labels" },
      objects.map { _ in "--objects" }, sequence.map { _ in "--sequence" }, tracking.named,
      showing.named.first?.option,
    ]
    if let extra = needScans.compactMap({ $0 }).first {
      throw ValidationError("--boxes and \(extra) exclude each other: a file of boxes is smoothed without scans")
    }
  }

  func run() throws {
    common.apply()
    if let boxes = files.boxes {
      return try BoxSmoothingRun(
        input: boxes, output: output, maxGap: files.maxGap, calibration: calib, isRectified: rect == .on,
        image: files.image, replacing: force)()
    }
    guard let folder else { return }
    let inputs = [labels, calib, tracking.network].compactMap { $0 }
    try OutputPlan(inputs: inputs, outputs: [("-o", output)] + showing.named, replacing: force).check()
    let recording = try TrackingRecording(folder, sequence: try chosenSequence(folder), calibration: calib)
    if let note = recording.sequence.note { Console.remark("note", note, tone: .label) }
    let first = FirstBoxes(boxes: box, category: type, labels: labels, chosen: objects, isRectified: rect == .on)
    let objects = try first.objects(recording)
    var history = TrackHistory(objects, labels: showing.named.isEmpty ? [:] : try first.labelled(recording))
    let tracker = SequenceTracker(
      objects, tracker: try tracking.tracker(), patience: patience, followsScanner: egoMotion == .on)
    let run = TrackRun(
      recording: recording, reader: reading.reader(common), format: format(recording), output: output,
      replacing: force, observe: { if !showing.named.isEmpty { history.add($0, frame: $1, rows: $2) } })
    let summary = TrackSummary(outcome: try run(tracker), output: output)
    summary.say()
    try showing.write(
      TrackPage(subject: subject(folder), facts: facts(folder), history: history, outcome: summary.outcome),
      replacing: force)
    guard Console.finish(json: summary.json) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    let (failed, broken) = (summary.notStarted.count, summary.outcome.broken.count(where: \.isDamaged))
    if failed > 0 || broken > 0 {
      throw CommandFailure(
        .incomplete,
        "\(failed) of \(summary.outcome.objects.count) objects could not be started, \(broken) scans "
          + "are damaged")
    }
  }

  /// What was followed, for people.
  private func subject(_ folder: String) -> String {
    let name = FileName.last(folder)
    return sequence.map { "\(name)/\($0)".terminalSafe } ?? name
  }

  private func facts(_ folder: String) -> [(name: String, value: String)] {
    [
      (name: "scans", value: folder), (name: "tracker", value: tracking.words),
      (name: "boxes", value: output), (name: "version", value: Plumb.version),
    ]
  }

  private func format(_ recording: TrackingRecording) -> TrackRowFormat {
    pathExtension(output) == "jsonl"
      ? .jsonLines : .kitti(recording.calibration ?? .upright, isRectified: rect == .on, files.image)
  }

  /// The sequence of KITTI's layout; nil for a folder of scans.
  private func chosenSequence(_ folder: String) throws -> String? {
    guard let all = TrackingRecording.sequences(in: folder) else {
      if let sequence {
        throw CommandFailure(
          .usage, "--sequence \(sequence): \(folder) has no velodyne/NNNN and is taken for the scans")
      }
      return nil
    }
    let names = all.prefix(12).joined(separator: ", ") + (all.count > 12 ? ", …" : "")
    if let sequence {
      guard all.contains(sequence) else {
        throw CommandFailure(.missingInput, "\(folder): no sequence \(sequence) in velodyne (found \(names))")
      }
      return sequence
    }
    guard all.count == 1 else {
      throw CommandFailure(.usage, "\(folder): \(all.count) sequences (\(names)), choose one with --sequence")
    }
    return all[0]
  }

  private static func numbers(_ text: String) throws -> [Int] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap { Int($0) }
    guard numbers.count == words.count else {
      throw ValidationError("'\(text)': whole numbers between commas are expected")
    }
    return numbers
  }
}
