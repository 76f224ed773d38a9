import Geometry
import PointClouds
import Registration
import Rendering

/// How far a sample of the moved source lies from the target's surface.
struct RegistrationResiduals: Sendable {
  /// The sampled source points, in the source's coordinates.
  let points: [Point3]
  /// Their residuals, metres; nil where the target shows no surface.
  let values: [Double?]
  /// The residuals that there are, ascending.
  let ascending: [Double]
  /// Beyond this distance from every target point there is no surface, metres.
  let reach: Double
  /// The end of the scale of colours, metres.
  let scale: Double

  /// Points of the source that a page shows and measures.
  static let limit = 30_000
  /// The percentiles that are named.
  static let percentiles = [16, 50, 84, 95]

  /// Measures a sample under the result's pose, up to two voxels from the target, as the overlap is measured.
  init(_ result: RegistrationResult, source: PointCloud, target: PointCloud) {
    let voxel = result.voxel
    reach = voxel.isFinite && voxel > 0 ? 2 * voxel : 0
    points = EvenSample(count: source.count, limit: Self.limit).indices.map { source.position($0) }
    let pose = result.similarity
    values = SurfaceResiduals(reach: reach)(points.map { pose($0) }, on: target)
    ascending = values.compactMap { $0 }.sorted()
    scale = AxisTicks.end(holding: Histogram.percentile(0.95, of: ascending) ?? reach)
  }

  /// The residuals as bytes: 0 to 254 up to the end of the scale, 255 for none.
  var codes: [UInt8] { values.map { $0.map { UInt8(min($0 / scale * 254, 254).rounded()) } ?? 255 } }

  /// The histogram with its percentiles.
  var histogram: Markup {
    let marks = Self.percentiles.compactMap { share in
      Histogram.percentile(Double(share) / 100, of: ascending).map { (name: "\(share) %", value: $0) }
    }
    let upper = AxisTicks.end(holding: Histogram.percentile(0.99, of: ascending) ?? reach)
    let measured = "\(ascending.count.grouped) of \(points.count.grouped) sampled source points"
    let chart = Histogram(
      title: "Residuals of the moved source", xLabel: "distance to the target's surface, m",
      yLabel: "share of points, %",
      values: ascending, upper: upper, marks: marks,
      note: "\(measured) have target points within \(reach.significant(2)) m (2 voxels). The distance is that to the "
        + "least-squares plane of the 12 nearest target points, or to the nearest point where these span no plane. "
        + "The last bar also counts what lies beyond it.")
    let table = MarkupTable.facts(
      marks.map { (name: "\($0.name) of them are below", value: .text("\($0.value.significant(3)) m")) })
    return .element("div", [:], chart.markup, marks.isEmpty ? .empty : table)
  }
}
