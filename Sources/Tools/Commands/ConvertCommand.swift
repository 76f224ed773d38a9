import Rendering
import ArgumentParser
import Geometry
import PointClouds

/// `plumb convert`: changes format, moves, crops, thins and merges clouds.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Changes the format of point clouds; moves, crops, thins and merges them.",
    discussion: """
      Several inputs become one cloud; attributes are kept when all inputs have them. The steps run in this order: \
      merge, transform, crop, thin. A transform T maps input to output: p_out = T · p_in.

      EXAMPLES
        plumb convert scan.pcd scan.ply
        plumb convert scan2.ply moved.ply --transform T.txt
        plumb convert a.ply b.ply both.pcd --voxel 0.05 --compressed
        plumb convert city.ply block.ply --crop 0,0,-5,50,50,40 --ascii
      """)

  @Argument(
    help: ArgumentHelp(
      "Input files, then the output file: .ply, .pcd, .xyz, .csv, .bin or .npy.", valueName: "in... out"))
  var paths: [String]

  @Option(help: ArgumentHelp("Move the points by a rigid transform, .txt or .json.", valueName: "T"))
  var transform: String?

  @Flag(help: "Move by the inverse of the transform.")
  var inverse = false

  @Option(
    help: ArgumentHelp("Replace the points of every voxel of this edge by their mean.", valueName: "metres"),
    transform: { try Quantity.length($0) })
  var voxel: Double?

  @Option(
    help: ArgumentHelp("Keep the points in a box.", valueName: "xmin,ymin,zmin,xmax,ymax,zmax"),
    transform: { try Quantity.box($0) })
  var crop: CropBox?

  @Flag(exclusivity: .exclusive, help: "How the output is encoded (default: binary where the format has it).")
  var encoding: OutputEncoding?

  @Flag(help: "Write coordinates in double precision (default: where survey coordinates need it).")
  var double = false

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  mutating func validate() throws {
    guard paths.count >= 2 else { throw ValidationError("at least one input and one output are needed") }
    guard CloudFormat(pathExtension: pathExtension(output)) != nil else {
      throw ValidationError("\(output): the extension must be .ply, .pcd, .xyz, .csv, .bin or .npy")
    }
    if inverse, transform == nil { throw ValidationError("--inverse needs --transform") }
    if inputs.filter({ $0 == "-" }).count > 1 { throw ValidationError("stdin can be read once") }
  }

  func run() throws {
    common.apply()
    let clock = Stopwatch()
    let plan = OutputPlan(
      inputs: inputs + [transform].compactMap { $0 }, outputs: [("output", output)], replacing: force)
    try plan.check()
    let motion = try transform.map { try PoseFile.read($0) }

    let reader = reading.reader(common)
    var members: [LoadedCloud] = []
    for path in inputs {
      let member = try reader(path)
      Console.progress(path.terminalSafe)
      ConvertCommand.announce(path, member)
      members.append(member)
    }
    var cloud = CloudMerge.merge(members.map(\.cloud))
    if let motion { cloud = cloud.transformed(by: inverse ? motion.inverse : motion) }
    if let crop { cloud = crop(cloud) }
    if let voxel { cloud = try thin(cloud, voxel) }
    guard !cloud.isEmpty else {
      throw CommandFailure(
        .damagedInput, "\(output): no point is left to write\(crop == nil ? "" : ", --crop holds none")")
    }
    let format = CloudFormat(pathExtension: pathExtension(output))!
    let writer = CloudWriter(
      format: format, encoding: encoding?.encoding ?? .binary, precision: double ? .double : .automatic)
    try writer(cloud, to: output, replacing: force)
    Console.say(
      "wrote", "\(output.terminalSafe)  \(cloud.count.grouped) points   \(clock.seconds.decimals(1)) s", tone: .good)
    guard Console.finish(json: document(members, cloud)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  private var inputs: [String] { Array(paths.dropLast()) }
  private var output: String { paths.last ?? "" }

  private func thin(_ cloud: PointCloud, _ voxel: Double) throws -> PointCloud {
    let edge = Float(voxel)
    guard edge > 0, edge.isFinite else {
      throw CommandFailure(.damagedInput, "--voxel \(voxel) m: beyond single precision, choose another one")
    }
    return VoxelGrid(size: edge)(cloud)
  }

  private static func announce(_ path: String, _ member: LoadedCloud) {
    let dropped = member.droppedNonFinite
    Console.say(
      "reading",
      "\(path.terminalSafe)  \(member.encoding)  \(member.declaredPoints.grouped) points"
        + (dropped > 0 ? " (\(dropped) non-finite dropped)" : ""))
    for warning in member.warnings { Console.remark("warning", "\(path): \(warning)".terminalSafe) }
    for note in member.notes { Console.remark("note", "\(path): \(note)".terminalSafe, tone: .label) }
  }

  private func document(_ members: [LoadedCloud], _ cloud: PointCloud) -> JSONValue {
    .members([
      "schema": "plumb.convert/1", "version": .string(Plumb.version), "output": .string(output),
      "points": .integer(cloud.count),
      "input": .array(
        zip(inputs, members).map { path, member in
          .members([
            "path": .string(path), "sha256": .string(member.sha256), "points": .integer(member.declaredPoints),
            "dropped_non_finite": .integer(member.droppedNonFinite), "format": .string(member.format.rawValue),
          ])
        }),
    ])
  }
}

/// How an output is encoded.
enum OutputEncoding: String, EnumerableFlag, Sendable {
  case ascii, binary, compressed

  /// The encoding of the file module.
  var encoding: CloudWriter.Encoding {
    switch self {
    case .ascii: .ascii
    case .binary: .binary
    case .compressed: .compressed
    }
  }
}
