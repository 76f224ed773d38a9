import Foundation
import Geometry
import PointClouds
import Registration
import Testing

/// Registration of real scans from scratch, with defaults only. The scans lie beside the checkout and are not shipped;
/// without them the suite says so and skips.
@Suite(.serialized)
struct RealScansTests {
  static let hasScans: Bool = {
    if RealPair.folder == nil {
      print("SKIPPED: real scans are absent (../shared/data/real beside the checkout); RealScansTests did not run")
    }
    return RealPair.folder != nil
  }()

  @Test(.enabled(if: hasScans, "real scans are absent"))
  func everyPairRegistersFromScratch() throws {
    let folder = try #require(RealPair.folder)
    print("real pair                     rotation deg  translation m  displacement m  verdict   seconds")
    for pair in RealPair.all {
      let source = try CloudReader()(folder.appending(path: pair.source).path).cloud
      let target = try CloudReader()(folder.appending(path: pair.target).path).cloud
      let truth = try RealPair.readTransform(folder.appending(path: pair.truth))
      let clock = ContinuousClock.now
      let result = try Registrar()(source: source, target: target)
      let seconds =
        Double((ContinuousClock.now - clock).components.attoseconds) * 1e-18
        + Double((ContinuousClock.now - clock).components.seconds)
      let error = result.targetFromSource * truth.inverse
      let degrees = error.rotation.angleDegrees
      let metres = (result.targetFromSource.translation - truth.translation).length
      let displacement = Self.displacement(of: source, result.targetFromSource, truth)
      print(
        pair.name.padding(toLength: 30, withPad: " ", startingAt: 0)
          + [degrees, metres, displacement].map { String(format: "%14.4f", $0) }.joined()
          + "  \(result.verdict.rawValue)".padding(toLength: 11, withPad: " ", startingAt: 0)
          + String(format: "%8.2f", seconds))
      if pair.reportOnly { continue }
      switch pair.tolerance {
      case .pose(let maximumDegrees, let maximumMetres):
        #expect(degrees <= maximumDegrees && metres <= maximumMetres, "\(pair)")
      case .displacement(let maximum):
        #expect(displacement <= maximum, "\(pair)")
      }
    }
  }

  /// Root mean square distance between the source points under the two poses.
  static func displacement(of cloud: PointCloud, _ a: RigidTransform, _ b: RigidTransform) -> Double {
    let step = max(1, cloud.count / 10_000)
    let indices = stride(from: 0, to: cloud.count, by: step)
    let sum = indices.reduce(0.0) { $0 + (a(cloud.position($1)) - b(cloud.position($1))).squaredLength }
    return (sum / Double(indices.underestimatedCount)).squareRoot()
  }

  /// Scans of different places have no pose: none of them may be called trusted.
  @Test(.enabled(if: hasScans, "real scans are absent"))
  func unrelatedScansAreNeverTrusted() throws {
    let folder = try #require(RealPair.folder)
    let data = RealPair.root.appending(path: "data")
    var scans = RealPair.all.reduce(into: [String: URL]()) { $0[$1.place] = folder.appending(path: $1.source) }
    for name in ["room", "street", "object"] { scans["data/\(name)"] = data.appending(path: "\(name)_source.ply") }
    let places = scans.keys.sorted()
    let clouds = try places.map { try CloudReader()(scans[$0]!.path).cloud }
    var (combinations, trusted) = (0, [String]())
    for i in places.indices {
      for j in places.indices where i < j {
        let result = try Registrar()(source: clouds[i], target: clouds[j])
        combinations += 1
        if result.verdict == .trusted { trusted.append("\(places[i]) on \(places[j])") }
      }
    }
    print("unrelated combinations: \(combinations), trusted: \(trusted.count) \(trusted)")
    #expect(combinations >= 40)
    #expect(trusted.isEmpty)
  }
}
