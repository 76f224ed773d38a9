import ArgumentParser
import Foundation
import Geometry
import Simulation

/// `plumb simulate`: writes pairs of simulated scans with their exact relative pose.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Write a pair of simulated scans and their exact relative pose.",
    discussion: """
      For each kind K the folder gets K_source.ply, K_target.ply and K_truth.txt, the 4x4 matrix T (row by row) with
      p_target = T p_source. The same options give the same bytes.
      """)

  /// What to simulate.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case room, street, object, all
  }

  @Argument(help: "What to scan: room, street, object or all.")
  var kind: Kind

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Option(name: [.customShort("o"), .long], help: "The folder to write to; it is made when missing.")
  var output: String

  @Option(help: "At most so many points per cloud.")
  var points: Int = 36_000

  func validate() throws {
    if points < 1 { throw ValidationError("--points must be at least 1, not \(points).") }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for kind in SimulatedPair.Kind.allCases where self.kind == .all || self.kind.rawValue == kind.rawValue {
      var settings = SimulatedPair.Settings()
      settings.points = points
      let pair = SimulatedPair(kind, seed: seed, settings: settings)
      try Self.ply(pair.source).write(to: folder.appending(path: "\(kind.rawValue)_source.ply"))
      try Self.ply(pair.target).write(to: folder.appending(path: "\(kind.rawValue)_target.ply"))
      try Self.text(pair.targetFromSource).write(
        to: folder.appending(path: "\(kind.rawValue)_truth.txt"), atomically: true, encoding: .utf8)
      print(
        "\(kind.rawValue): \(pair.source.count) and \(pair.target.count) points,",
        "overlap \(Int((pair.overlap * 100).rounded())) % within \(pair.overlapRadius) m")
    }
  }

  /// The bytes of a binary little-endian PLY file.
  private static func ply(_ cloud: PointCloud) -> Data {
    let names = ["x", "y", "z"] + (cloud.intensities == nil ? [] : ["intensity"])
    let header =
      ["ply", "format binary_little_endian 1.0", "element vertex \(cloud.count)"]
      + names.map { "property float \($0)" } + ["end_header", ""]
    var data = Data(header.joined(separator: "\n").utf8)
    for i in 0..<cloud.count {
      let p = cloud.positions[i]
      for value in [p.x, p.y, p.z] + (cloud.intensities.map { [$0[i]] } ?? []) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  /// The homogeneous matrix, 17 significant digits each.
  private static func text(_ t: RigidTransform) -> String {
    t.rows.map { $0.map { String(format: "%.17g", $0) }.joined(separator: " ") + "\n" }.joined()
  }
}
