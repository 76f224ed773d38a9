import ArgumentParser
import Geometry
import PointClouds
import Registration
import Rendering
import Solvers

/// `plumb deskew`: undoes the motion of the sensor within one sweep.
struct DeskewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deskew", abstract: "Undoes the motion of a LiDAR within one sweep, from the times of its points.",
    discussion: """
      The motion is found by registering the scan to another one with times, or is given. Points are written where a sensor \
      would have seen them that stood still where the sweep began.

      EXAMPLES
        plumb deskew raw.ply --next raw_next.ply -o still.ply     the sweep that followed at once: turn and translation
        plumb deskew raw.ply --with other.ply -o still.ply        any other sweep of the place: the turn alone
        plumb deskew raw.ply --twist 0,0,0.05,0.8,0,0 -o still.ply
      """)

  @Argument(help: "The scan as it was measured, with a field time (t, timestamp, time_offset, ...) in any unit.")
  var scan: String

  @Option(help: ArgumentHelp("A sweep of the same place at another time.", valueName: "scan"))
  var with: String?

  @Option(help: ArgumentHelp("The sweep that followed without a pause.", valueName: "scan"))
  var next: String?

  @Option(
    help: ArgumentHelp(
      "The motion in the sweep: rotation vector in radians, translation in metres.", valueName: "rx,ry,rz,x,y,z"),
    transform: { try DeskewCommand.twist($0) })
  var twist: Twist?

  @Option(name: .shortAndLong, help: "The cloud to write: .ply, .pcd, .xyz, .csv, .bin or .npy.")
  var output: String

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  mutating func validate() throws {
    let given = [with != nil, next != nil, twist != nil].filter { $0 }.count
    if given != 1 { throw ValidationError("one of --with, --next and --twist says where the motion comes from") }
    guard CloudFormat(pathExtension: pathExtension(output)) != nil else {
      throw ValidationError("\(output): the extension must be .ply, .pcd, .xyz, .csv, .bin or .npy")
    }
  }

  func run() throws {
    common.apply()
    let clock = Stopwatch()
    let others = [with, next].compactMap { $0 }
    try OutputPlan(inputs: [scan] + others, outputs: [("output", output)], replacing: force).check()
    let raw = try read(scan)
    let motion = try motion(of: raw)
    let cloud = raw.still(SweepWarp(motion.twist))
    let moved = (0..<cloud.count).reduce(0.0) { max($0, (cloud.position($1) - raw.cloud.position($1)).length) }
    let writer = CloudWriter(format: CloudFormat(pathExtension: pathExtension(output))!)
    try writer(cloud, to: output, replacing: force)
    Console.say(
      "motion",
      "turn \(text(motion.twist.rotation * (180 / .pi), 3)) deg, translation \(text(motion.twist.translation, 3)) m per sweep"
    )
    if !others.isEmpty {
      Console.say(
        "surfaces", "rmse \(motion.rmse.before.significant(2)) m before, \(motion.rmse.after.significant(2)) m after")
    }
    if !motion.converged {
      Console.remark("warning", "the motion has not settled: it may change a little from run to run")
    }
    Console.say(
      "wrote",
      "\(output.terminalSafe)  \(cloud.count.grouped) points, moved by up to \(moved.significant(2)) m   "
        + "\(clock.seconds.decimals(1)) s", tone: .good)
    guard Console.finish(json: document(motion, cloud.count)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  private func motion(of raw: TimedScan) throws -> SweepMotion {
    if let twist { return SweepMotion(twist: twist, rmse: (0, 0), converged: true) }
    let other = try read(with ?? next ?? scan)
    do throws(RegistrationError) {
      return try with != nil ? SweepMotion.turn(of: raw, with: other) : SweepMotion.steady(of: raw, before: other)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func read(_ path: String) throws(CommandFailure) -> TimedScan {
    let loaded: LoadedCloud
    do throws(CloudFileError) { loaded = try reading.reader(common)(path) } catch { throw CommandFailure(error) }
    do throws(RegistrationError) {
      let timed = try TimedScan(loaded.cloud, times: loaded.times, name: path.terminalSafe)
      Console.say("reading", "\(path.terminalSafe)  \(loaded.encoding)  \(loaded.declaredPoints.grouped) points")
      if !timed.isOrdered {
        Console.remark("note", "\(path): points are not in the order of their times", tone: .label)
      }
      return timed
    } catch {
      throw CommandFailure(error)
    }
  }

  private func document(_ motion: SweepMotion, _ points: Int) -> JSONValue {
    let (r, t) = (motion.twist.rotation, motion.twist.translation)
    return .members([
      "schema": "plumb.deskew/1", "version": .string(Plumb.version), "output": .string(output),
      "points": .integer(points), "twist": .array([r.x, r.y, r.z, t.x, t.y, t.z].map(JSONValue.number)),
      "rmse_before": twist == nil ? .number(motion.rmse.before) : .null,
      "rmse_after": twist == nil ? .number(motion.rmse.after) : .null, "converged": .bool(motion.converged),
    ])
  }

  private func text(_ p: Point3, _ places: Int) -> String {
    "[" + [p.x, p.y, p.z].map { $0.decimals(places) }.joined(separator: ", ") + "]"
  }

  private static func twist(_ text: String) throws -> Twist {
    let numbers = text.split(separator: ",").compactMap { Double($0) }.filter(\.isFinite)
    guard numbers.count == 6, text.split(separator: ",", omittingEmptySubsequences: false).count == 6 else {
      throw ValidationError("'\(text)' is not six numbers rx,ry,rz,x,y,z")
    }
    return Twist(
      rotation: Point3(numbers[0], numbers[1], numbers[2]), translation: Point3(numbers[3], numbers[4], numbers[5]))
  }
}
