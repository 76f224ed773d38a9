import ArgumentParser
import Geometry
import PointClouds
import Registration

/// `plumb register`: two clouds in, one pose and a verdict out.
struct RegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Finds the pose between two point clouds and says how far to trust it.",
    discussion: """
      The pose T maps source to target: p_target = T · p_source. No initial guess is needed.

      EXAMPLES
        plumb register scan2.ply scan1.ply -o T.txt --save-merged both.ply --picture both.png
        plumb register scan2.ply scan1.ply --report both.html
        plumb register scan2.ply scan1.ply --json | jq .verdict
        plumb register scan2.ply scan1.ply --init rough.txt -o T.json --force
        plumb register part.ply model.ply --accept trusted || echo "check this one"

      The verdict is trusted, doubtful or failed. The exit status is 0 when it is accepted (--accept, by default doubtful \
      or better) and 1 otherwise; then poses and clouds are not written, JSON, picture and report are.
      """)

  @Argument(help: "The cloud that is moved: PLY, PCD, XYZ, CSV, KITTI .bin or NPY; - is stdin.")
  var source: String

  @Argument(help: "The cloud that stands still.")
  var target: String

  @Option(name: .shortAndLong, help: "Write the result: .json all of it, .txt 4x4 matrix, .tum or .kitti one line.")
  var output: String?

  @Option(help: "Where the search begins; auto is local where --init is given, global otherwise.")
  var method = Registrar.Settings.Method.auto

  @Option(help: ArgumentHelp("A first guess: a .txt or .json file, identity or centroids.", valueName: "T"))
  var `init`: String?

  @Option(help: "The least verdict that ends with status 0.")
  var accept = Acceptance.doubtful

  @Option(help: ArgumentHelp("Write the source moved by T, .ply or .pcd.", valueName: "file"))
  var saveAligned: String?

  @Option(help: ArgumentHelp("Write the moved source and the target as one cloud, .ply or .pcd.", valueName: "file"))
  var saveMerged: String?

  @Option(help: ArgumentHelp("Draw both clouds before and after, .png.", valueName: "file"))
  var picture: String?

  @Option(
    help: ArgumentHelp(
      "Write a page about the result, .html: verdict, pose, 3-D view, residuals; needs no network.", valueName: "file"))
  var report: String?

  @Option(
    help: "Say how far the pose may err, as a 6x6 covariance; variational looks beyond the curvature at the pose.")
  var covariance = Registrar.Settings.Covariance.off

  @Flag(help: "Replace existing outputs.")
  var force = false

  @OptionGroup(title: "Registration") var registration: RegistrationOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  mutating func validate() throws {
    try outputs.checkExtensions()
    if let output, pathExtension(output) == "tum", registration.settings.scale != .off {
      throw ValidationError("-o \(output): a TUM line holds no scale; choose .txt, .kitti or .json")
    }
  }

  func run() throws {
    common.apply()
    let plan = OutputPlan(
      inputs: [source, target] + [initFile].compactMap { $0 }, outputs: outputs.named, replacing: force)
    let clock = Stopwatch()
    if source == "-", target == "-" { throw CommandFailure(.usage, "only one of source and target can be stdin") }
    try plan.check()
    let fixedStart = try initFile.map { try PoseFile.read($0) }

    let pair = try CloudPair(source: source, target: target, reader: reading.reader(common))
    let readSeconds = clock.seconds
    let settings = settings(fixedStart, pair)
    try pair.check(voxel: settings.voxel, scalesSource: settings.scale != .off)
    if settings.scale == .off { UnitWarning(pair.sizeMismatch)?.say() }
    try ProcessMemory.checkRoom()
    let registrar = Registrar(settings: settings)
    var result = try run(registrar, pair)
    if settings.color == .auto, result.appearance == nil {
      Console.remark("note", "colour is not used: \(pair.lackOfColor)", tone: .label)
    }
    if settings.scale == .units { UnitWarning.sayApplied(result.scale, pair.sizeMismatch) }
    pair.reservations(scaled: result.scale != 1).apply(to: &result)

    let accepted = accept.admits(result.verdict)
    let report = RegistrationReport(pair: pair, result: result, settings: settings, readSeconds: readSeconds)
    RegistrationSummary(pair: pair, result: result, settings: settings, seconds: clock.seconds)
      .say(accept)
    try outputs.write(report, accepted: accepted, totalSeconds: clock.seconds, replacing: force)
    guard Console.finish(json: report.json(totalSeconds: clock.seconds)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    if !accepted {
      throw CommandFailure(.notAccepted, "not accepted: \(RegistrationSummary.outcome(result))")
    }
  }

  /// Registers and tells the stages; an error names the file instead of the cloud's part.
  private func run(_ registrar: Registrar, _ pair: CloudPair) throws -> RegistrationResult {
    do throws(RegistrationError) {
      return try registrar(source: pair.source.cloud, target: pair.target.cloud) { stage in
        Console.progress(stage.name)
        if Console.isVerbose { Console.remark(stage.name, StageLine(stage).text, tone: .label) }
      }
    } catch {
      for (part, path) in [("source: ", source), ("target: ", target)] where error.description.hasPrefix(part) {
        throw CommandFailure(.damagedInput, "\(path): \(error.description.dropFirst(part.count))")
      }
      throw CommandFailure(error)
    }
  }

  private var outputs: RegistrationOutputs {
    RegistrationOutputs(result: output, aligned: saveAligned, merged: saveMerged, picture: picture, page: report)
  }

  private var initFile: String? { `init`.flatMap { $0 == "identity" || $0 == "centroids" ? nil : $0 } }

  private func settings(_ fixedStart: RigidTransform?, _ pair: CloudPair) -> Registrar.Settings {
    var settings = registration.settings
    (settings.method, settings.covariance) = (method, covariance)
    settings.initial =
      switch `init` {
      case nil: nil
      case "identity": .identity
      case "centroids": pair.centroidAlignment
      default: fixedStart
      }
    if method == .global, settings.initial != nil {
      Console.remark("warning", "--init is not used by --method global")
    }
    return settings
  }
}

/// The least verdict that is accepted.
enum Acceptance: String, ExpressibleByArgument, CaseIterable, Sendable {
  case trusted, doubtful, any

  /// Whether a verdict is good enough.
  func admits(_ verdict: Verdict) -> Bool {
    switch self {
    case .trusted: verdict == .trusted
    case .doubtful: verdict >= .doubtful
    case .any: true
    }
  }
}

extension Registrar.Settings.Method: ExpressibleByArgument {}
extension Registrar.Settings.Covariance: ExpressibleByArgument {}
