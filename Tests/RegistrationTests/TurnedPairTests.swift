import Foundation
import Geometry
import PointClouds
import Registration
import Testing

/// Turning a scan round whose side was guessed wrong.
@Suite struct TurnedPairTests {
  private func pair() throws -> PreparedPair {
    let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "data")
    let clouds = try ["object_source", "object_target"].map {
      try CloudReader()(data.appending(path: "\($0).ply").path).cloud
    }
    return try PreparedPair(
      source: PreparedScan(clouds[0], name: "source"), target: PreparedScan(clouds[1], name: "target"),
      settings: Registrar.Settings())
  }

  @Test("one scan is turned: its normals change their sign, nothing else changes")
  func one() throws {
    let given = try pair()
    let turned = try #require(given.turned)
    func isTurned(_ a: PreparedCloud, _ b: PreparedCloud) -> Bool {
      #expect(a.coarse.positions == b.coarse.positions && a.fine.positions == b.fine.positions)
      for (x, y) in [(a.coarse, b.coarse), (a.fine, b.fine)] {
        #expect(x.normals == y.normals || x.normals == y.normals.map { -$0 })
      }
      return a.coarse.normals != b.coarse.normals
    }
    #expect(isTurned(given.source, turned.source) != isTurned(given.target, turned.target))
  }

  @Test("a wrong side is found by the matches and turned back")
  func turnedBack() throws {
    let given = try pair()
    let right = MatchedPair(given)
    let wrong = MatchedPair(try #require(right.pair.turned))
    // Both scans seen from one side, whichever it is.
    #expect(right.matches.count > 20 && 2 * wrong.matches.count > right.matches.count)
  }
}
