import ArgumentParser
import Geometry
import PointClouds
import Registration
import Solvers

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

  @Option(
    help: ArgumentHelp("Working resolution in metres; auto takes it from both clouds.", valueName: "auto|metres"),
    transform: { try Quantity.autoLength($0) })
  var voxel = AutoLength.auto

  @Option(help: "How much work is spent.")
  var quality = Registrar.Settings.Quality.normal

  @Option(
    help: "What keypoints are compared by: plain histograms, or these reduced by a map fitted to simulated scans.")
  var descriptor = Registrar.Settings.Descriptor.mapped

  @Option(
    help: "Whether trees below coarse matches bring hypotheses: by the consensus of their surroundings or by transport."
  )
  var tree = Registrar.Settings.Tree.consensus

  @Option(
    help: ArgumentHelp("Largest distance of corresponding points in the refinement.", valueName: "auto|metres"),
    transform: { try Quantity.autoLength($0) })
  var maxCorrespondence = AutoLength.auto

  @Option(help: "Degrees of freedom: 6 rigid, 4 a turn about the target's z axis and a translation, 3 a translation.")
  var dof = MotionModel.rigid

  @Option(
    help: ArgumentHelp("Largest rotation of the pose.", valueName: "degrees"), transform: { try Quantity.degrees($0) })
  var maxRotation: Double?

  @Option(
    help: ArgumentHelp("Largest distance that the pose moves the source's mean.", valueName: "metres"),
    transform: { try Quantity.length($0) })
  var maxDisplacement: Double?

  @Option(
    help: ArgumentHelp("Fail below this overlap, 0 to 1, of the cloud that overlaps more.", valueName: "share"),
    transform: { try Quantity.share($0) })
  var overlapMin: Double?

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

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 1

  @Flag(help: "Replace existing outputs.")
  var force = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  mutating func validate() throws { try outputs.checkExtensions() }

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
    try pair.check(voxel: voxel.metres)
    UnitWarning(pair.sizeMismatch)?.say()
    try ProcessMemory.checkRoom()
    let settings = settings(fixedStart, pair)
    let registrar = Registrar(settings: settings)
    var result = try run(registrar, pair)
    pair.reservations.apply(to: &result)

    let accepted = accept.admits(result.verdict)
    let report = RegistrationReport(pair: pair, result: result, settings: settings, readSeconds: readSeconds)
    RegistrationSummary(pair: pair, result: result, voxelGiven: voxel.metres != nil, seconds: clock.seconds)
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
    var settings = Registrar.Settings()
    settings.method = method
    settings.quality = quality
    settings.descriptor = descriptor
    settings.tree = tree
    settings.voxel = voxel.metres
    settings.maximumCorrespondence = maxCorrespondence.metres
    settings.motion = dof
    settings.maximumRotation = maxRotation
    settings.maximumDisplacement = maxDisplacement
    settings.minimumOverlap = overlapMin
    settings.seed = seed
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
extension Registrar.Settings.Quality: ExpressibleByArgument {}
extension Registrar.Settings.Descriptor: ExpressibleByArgument {}
extension Registrar.Settings.Tree: ExpressibleByArgument {}
extension MotionModel: ExpressibleByArgument {
  /// The degrees of freedom, as the help lists them.
  public static var allValueStrings: [String] { allCases.map { "\($0.rawValue)" } }
  /// The degrees of freedom.
  public var defaultValueDescription: String { "\(rawValue)" }
}
