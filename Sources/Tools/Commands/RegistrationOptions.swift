import ArgumentParser
import Registration
import Solvers

/// How two clouds are registered: the options that `register` and `evaluate` share.
struct RegistrationOptions: ParsableArguments {
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
    help:
      "Whether trees below coarse matches bring hypotheses: by transport, or by the consensus of their surroundings alone."
  )
  var tree = Registrar.Settings.Tree.paper

  @Option(
    help: ArgumentHelp("Largest distance of corresponding points in the refinement.", valueName: "auto|metres"),
    transform: { try Quantity.autoLength($0) })
  var maxCorrespondence = AutoLength.auto

  @Option(
    help: ArgumentHelp(
      "Degrees of freedom: 6 rigid, 4 a turn about the target's z axis and a translation, 3 a translation, 7 rigid and a "
        + "scale."))
  var dof = DegreesOfFreedom.rigid

  @Option(
    help: ArgumentHelp(
      "Whether the source may be scaled: estimate finds the scale, from 0.001 to 1000 or within MIN,MAX.",
      valueName: "off|estimate[:MIN,MAX]"))
  var scale: ScaleChoice?

  @Option(
    help: ArgumentHelp(
      "auto converts the source where the clouds look like different units: mm, cm, in, ft, m; by default a mismatch only "
        + "warns.", valueName: "auto"))
  var units: UnitChoice?

  @Option(
    help: ArgumentHelp(
      "Whether colour, or intensity, helps the search and fixes what the shape leaves free: auto where both clouds have it; "
        + "on insists."))
  var useColor = Registrar.Settings.ColorUse.off

  @Option(
    help: ArgumentHelp("Largest rotation of the pose.", valueName: "degrees"), transform: { try Quantity.degrees($0) })
  var maxRotation: Double?

  @Option(
    help: ArgumentHelp("Largest distance that the pose moves the source's mean.", valueName: "metres"),
    transform: { try Quantity.length($0) })
  var maxDisplacement: Double?

  @Option(
    help: ArgumentHelp(
      "Fail below this overlap, 0 to 1, of the cloud that overlaps more (default: any overlap will do).",
      valueName: "share"),
    transform: { try Quantity.share($0) })
  var overlapMin: Double?

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 1

  mutating func validate() throws {
    if dof == .similarity, scale == .off { throw ValidationError("--dof 7 estimates a scale, --scale off forbids it") }
    if units != nil, scaling != .off {
      throw ValidationError("--units auto and the estimate of a scale exclude each other: the estimate finds any unit")
    }
  }

  /// The scale that `--scale` and `--dof 7` ask for.
  private var scaling: Registrar.Settings.Scale {
    switch scale {
    case nil: dof == .similarity ? .estimate(Registrar.Settings.Scale.defaultRange) : .off
    case .off: .off
    case .estimate(let range): .estimate(range)
    }
  }

  /// What the options ask of a registrar.
  var settings: Registrar.Settings {
    var settings = Registrar.Settings()
    settings.voxel = voxel.metres
    (settings.quality, settings.descriptor, settings.tree) = (quality, descriptor, tree)
    settings.maximumCorrespondence = maxCorrespondence.metres
    settings.motion = dof.motion
    settings.color = useColor
    settings.scale = units != nil ? .units : scaling
    (settings.maximumRotation, settings.maximumDisplacement) = (maxRotation, maxDisplacement)
    settings.minimumOverlap = overlapMin
    settings.seed = seed
    return settings
  }

  /// The arguments that give another process the same options.
  var words: [String] {
    let given: [(name: String, value: String?)] = [
      ("voxel", voxel.metres.map { "\($0)" }), ("quality", quality.rawValue), ("descriptor", descriptor.rawValue),
      ("tree", tree.rawValue), ("max-correspondence", maxCorrespondence.metres.map { "\($0)" }),
      ("dof", dof.rawValue), ("scale", scale?.defaultValueDescription), ("units", units?.rawValue),
      ("max-rotation", maxRotation.map { "\($0)" }),
      ("max-displacement", maxDisplacement.map { "\($0)" }), ("overlap-min", overlapMin.map { "\($0)" }),
      ("seed", "\(seed)"),
    ]
    return given.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
  }
}

extension Registrar.Settings.Quality: ExpressibleByArgument {}
extension Registrar.Settings.Descriptor: ExpressibleByArgument {}
extension Registrar.Settings.Tree: ExpressibleByArgument {}
extension Registrar.Settings.ColorUse: ExpressibleByArgument {}

/// The degrees of freedom of the motion, as `--dof` names them.
enum DegreesOfFreedom: String, ExpressibleByArgument, CaseIterable, Sendable {
  case rigid = "6"
  case yaw = "4"
  case translation = "3"
  case similarity = "7"

  /// The motion without its scale.
  var motion: MotionModel {
    switch self {
    case .rigid, .similarity: .rigid
    case .yaw: .yaw
    case .translation: .translation
    }
  }
}

/// What `--units` may do.
enum UnitChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// Converts the source to the target's unit.
  case auto
}

/// What `--scale` may be: off, estimate, or estimate:MIN,MAX.
enum ScaleChoice: ExpressibleByArgument, Sendable, Equatable {
  case off
  case estimate(ClosedRange<Double>)

  init?(argument: String) {
    switch argument {
    case "off": self = .off
    case "estimate": self = .estimate(Registrar.Settings.Scale.defaultRange)
    default:
      guard argument.hasPrefix("estimate:"), let range = try? Quantity.range(String(argument.dropFirst(9))) else {
        return nil
      }
      self = .estimate(range)
    }
  }

  /// The choice as it is written.
  var defaultValueDescription: String {
    switch self {
    case .off: "off"
    case .estimate(let range):
      range == Registrar.Settings.Scale.defaultRange
        ? "estimate" : "estimate:\(range.lowerBound),\(range.upperBound)"
    }
  }
}
