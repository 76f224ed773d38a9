import Foundation
import Geometry
import Parallelism
import Testing

import Simulation

@Suite(.serialized) struct SimulatedPairTests {
  private typealias Kind = SimulatedPair.Kind
  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data")

  /// The payload of a binary PLY file of floats.
  private func payload(_ name: String) throws -> Data {
    let bytes = try Data(contentsOf: Self.data.appending(path: name))
    let end = try #require(bytes.range(of: Data("end_header\n".utf8)))
    return bytes[end.upperBound...]
  }

  private func bytes(_ cloud: PointCloud) -> Data {
    var data = Data()
    for (i, p) in cloud.positions.enumerated() {
      for value in [p.x, p.y, p.z] + (cloud.intensities.map { [$0[i]] } ?? []) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  @Test(arguments: SimulatedPair.Kind.allCases) func dataIsRemadeBitForBit(_ kind: SimulatedPair.Kind) throws {
    let pair = SimulatedPair(kind, seed: 3)
    #expect(try payload("\(kind.rawValue)_source.ply") == bytes(pair.source))
    #expect(try payload("\(kind.rawValue)_target.ply") == bytes(pair.target))
    let text = try String(contentsOf: Self.data.appending(path: "\(kind.rawValue)_truth.txt"), encoding: .utf8)
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    #expect(rows == pair.targetFromSource.rows)
    #expect((0.5...0.8).contains(pair.overlap))
    #expect((20_000...40_000).contains(pair.source.count) && (20_000...40_000).contains(pair.target.count))
  }

  @Test(arguments: SimulatedPair.Kind.allCases) func threadsDoNotMatter(_ kind: SimulatedPair.Kind) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let clouds = [1, 2, 5].map { threads in
      Parallel.threads = threads
      let pair = SimulatedPair(kind, seed: 21)
      return [pair.source, pair.target].map(\.positions)
    }
    #expect(clouds[0] == clouds[1] && clouds[1] == clouds[2])
  }

  @Test(arguments: SimulatedPair.Kind.allCases) func exactScansLieOnTheSceneUnderTheTruth(_ kind: SimulatedPair.Kind) {
    var settings = SimulatedPair.Settings()
    settings.noise = false
    settings.points = 3000
    let pair = SimulatedPair(kind, seed: 5, settings: settings)
    let worldFromSource = pair.worldFromTarget * pair.targetFromSource
    // A point that is averaged over a cell lies on the surface where it is flat, and within the cell elsewhere.
    let (median, most) = kind == .room ? (0.0005, 0.035) : kind == .street ? (0.0002, 0.001) : (0.00002, 0.0001)
    for (cloud, pose) in [(pair.source, worldFromSource), (pair.target, pair.worldFromTarget)] {
      let distances = (0..<cloud.count).map { pair.scene.distance(to: pose(cloud.position($0))) }.sorted()
      #expect(distances[distances.count / 2] < median)
      #expect(distances[distances.count - 1] < most)
    }
    // A wrong motion would show: the same points moved by a twentieth of the size.
    let shift = pair.source.boundingBox.diagonal / 20
    let wrong = (0..<300).map { pair.scene.distance(to: worldFromSource(pair.source.position($0)) + shift) }.sorted()
    #expect(wrong[150] > 10 * median)
  }

  @Test(arguments: SimulatedPair.Kind.allCases) func cloudsHaveNoiseOfTheirOwnAndFramesFarApart(
    _ kind: SimulatedPair.Kind
  ) {
    let pair = SimulatedPair(kind, seed: 7)
    #expect(pair.source.positions != pair.target.positions)
    let motion = pair.targetFromSource
    #expect(motion.rotation.angleDegrees > 5)
    #expect(motion.translation.length > (kind == .street ? 4 : 0.05))
    #expect(abs(motion.rotation.matrix.determinant - 1) < 1e-12)
  }

  @Test func overlapCountsNeighbours() {
    let line = PointCloud(positions: (0..<10).map { SIMD3(Float($0), 0, 0) })
    let shifted = RigidTransform(translation: Point3(4, 0.05, 0))
    #expect(overlap(of: line, in: line, targetFromSource: .identity, radius: 0.1) == 1)
    #expect(overlap(of: line, in: line, targetFromSource: shifted, radius: 0.1) == 0.6)
    #expect(overlap(of: line, in: line, targetFromSource: shifted, radius: 0.04) == 0)
    #expect(overlap(of: PointCloud(positions: []), in: line, targetFromSource: .identity, radius: 1) == 0)
  }
}

extension Scene {
  /// The least range to a surface over 26 directions: an upper bound of the distance, near it where surfaces are flat.
  fileprivate func distance(to p: Point3) -> Double {
    var least = Double.infinity
    for x in -1...1 {
      for y in -1...1 {
        for z in -1...1 where (x, y, z) != (0, 0, 0) {
          let ray = Ray(origin: p, direction: Point3(Double(x), Double(y), Double(z)).normalized)
          least = min(least, cast(ray, from: 0)?.range ?? .infinity)
        }
      }
    }
    return least
  }
}
