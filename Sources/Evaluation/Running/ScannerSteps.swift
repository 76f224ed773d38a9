import Geometry
import Tracking

/// How a scanner moved between the scans of a sequence, found once for all objects that are followed through them.
struct ScannerSteps {
  /// A scan and the file that it comes from.
  struct Scan {
    var path: String
    var cloud: PointCloud
  }

  private struct Step: Hashable { let from, to: String }
  private var known: [Step: EgoMotion?] = [:]
  /// The surroundings in the last two scans that were asked for.
  private var maps: [(path: String, map: SurfelMap)] = []

  /// The movement from one scan to another; nil where they do not show it.
  mutating func callAsFunction(from earlier: Scan, to later: Scan) -> EgoMotion? {
    let step = Step(from: earlier.path, to: later.path)
    if let found = known[step] { return found }
    let found = EgoMotion(from: map(of: earlier), to: map(of: later))
    known[step] = .some(found)
    return found
  }

  private mutating func map(of scan: Scan) -> SurfelMap {
    if let kept = maps.first(where: { $0.path == scan.path }) { return kept.map }
    let map = SurfelMap(scan.cloud)
    maps = maps.suffix(1) + [(scan.path, map)]
    return map
  }
}
