import Geometry
import PointClouds
import Solvers

/// Finds shifts from which an alignment is worth starting, on a horizontal grid around the prior.
struct PoseSearch: Sendable {
  /// The distance of two shifts, metres.
  var spacing = 0.5
  /// How far the grid reaches, metres.
  var radius: Double
  /// The most starts.
  var count = 3
  /// About how many points of the template are looked up for each shift.
  var sampleCount = 60

  /// The best shifts that do not lie side by side, the best one first.
  ///
  /// A shift scores the mean of `1 - d²/r²` over a sample of the template, d the distance to the scan (at most r, 0.6
  /// spacings), less a twentieth of its squared distance from the prior.
  func callAsFunction(_ template: ObjectTemplate, in scan: AlignedScan, prior: PosePrior) -> [SIMD4<Double>] {
    let n = Int(radius / spacing)
    let step = max(1, template.entries.count / sampleCount)
    let sample = stride(from: 0, to: template.entries.count, by: step).map { template.entries[$0].position }
    let reach = Float(0.6 * spacing)
    var scored: [(score: Double, place: SIMD4<Double>)] = []
    for i in -n...n {
      for j in -n...n {
        let place = prior.mean + SIMD4(Double(i) * spacing, Double(j) * spacing, 0, 0)
        let shift = SIMD3<Float>(Float(place.x), Float(place.y), Float(place.z))
        var sum = 0.0
        for p in sample {
          guard let near = scan.tree.nearest(to: p + shift, within: reach) else { continue }
          sum += 1 - Double(near.squaredDistance / (reach * reach))
        }
        scored.append((sum / Double(sample.count) - 0.05 * prior.squaredDistance(place), place))
      }
    }
    let order = scored.indices.sorted { (scored[$0].score, $1) > (scored[$1].score, $0) }
    var chosen: [SIMD4<Double>] = []
    for place in order.lazy.map({ scored[$0].place }) where chosen.count < count {
      let isApart = chosen.allSatisfy { ((place - $0) * (place - $0)).sum() > 2.1 * spacing * spacing }
      if isApart { chosen.append(place) }
    }
    return chosen
  }
}
