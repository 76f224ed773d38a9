import Evaluation
import Geometry
import PointClouds
import Tracking

/// How well the movement of the scanner is found from one scan to the next, on sequences of a tracking benchmark with true poses
/// (`ego/NNNN.txt`, twelve numbers a row). Prints Markdown.
final class EgoBenchmark {
  private let paths: [String]
  private let every: Int

  init(_ arguments: Arguments) {
    paths = Array(arguments.positional.dropFirst())
    every = max(1, arguments.integer("every", 1))
    if paths.isEmpty { fail(usage) }
  }

  func run() {
    print(
      "| sequence | steps | not found | tilt, mrad: median, 95 % | turn, mrad | translation, m | height 50 m away, m | s per scan |\n"
        + "|---|---|---|---|---|---|---|---|")
    for path in paths {
      do {
        for name in TrackingRecording.sequences(in: path) ?? [] { try measure(path, name) }
      } catch {
        fail("\(error)")
      }
    }
  }

  private func measure(_ path: String, _ name: String) throws(CloudFileError) {
    let all = try TrackingRecording(path, sequence: name).sequence.scans
    let poses = try TrajectoryFile("\(path)/ego/\(name).txt").trajectory.poses
    guard all.count == poses.count else { fail("\(path)/\(name): \(all.count) scans, \(poses.count) poses") }
    let kept = Array(stride(from: 0, to: all.count, by: every))
    let (scans, truth) = (kept.map { all[$0] }, kept.map { poses[$0] })
    var (tilts, turns, shifts, heights): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var (last, lost, seconds): (SurfelMap?, Int, Double) = (nil, 0, 0)
    for (k, scan) in scans.enumerated() {
      let cloud = try CloudReader()(scan.path).cloud
      let clock = ContinuousClock.now
      let map = SurfelMap(cloud)
      let motion = last.flatMap { EgoMotion(from: $0, to: map) }
      seconds += (ContinuousClock.now - clock) / .seconds(1)
      if let motion {
        let right = truth[k].inverse * truth[k - 1]
        let error = (motion.transform * right.inverse).logarithm
        tilts.append(1000 * Point3(error.rotation.x, error.rotation.y, 0).length)
        turns.append(1000 * abs(error.rotation.z))
        shifts.append(error.translation.length)
        heights += [Point3(50, 0, 0), Point3(0, 50, 0), Point3(-50, 0, 0), Point3(0, -50, 0)].map {
          abs((motion.transform($0) - right($0)).z)
        }
      } else if last != nil {
        lost += 1
      }
      last = map
    }
    func text(_ values: [Double]) -> String {
      let sorted = values.sorted()
      guard !sorted.isEmpty else { return "-" }
      func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
      return "\(rounded(sorted[sorted.count / 2])), \(rounded(sorted[sorted.count * 95 / 100]))"
    }
    let cells =
      [name, "\(scans.count - 1)", "\(lost)"] + [tilts, turns, shifts, heights].map(text) + [
        "\((seconds / Double(scans.count) * 1e4).rounded() / 1e4)"
      ]
    print("| \(cells.joined(separator: " | ")) |")
  }
}
