import Geometry
import PointClouds

/// The brightness of two clouds of a pair at its working voxels, in common units.
///
/// Colours are taken by their luminance, and where one cloud has none, intensities. Values count from the common median in
/// units of the common robust deviation, so neither the range of the sensor nor that of the file matters.
struct PairAppearance: Sendable {
  /// What was found in both clouds.
  enum Channel: String, Sendable { case color, intensity }

  /// The brightness of one cloud per point of its surfaces.
  struct Brightness: Sendable {
    /// Per point of the surface at v.
    let coarse: [Float]
    /// Per point of the surface at v/2.
    let fine: [Float]
  }

  let channel: Channel
  let source, target: Brightness

  /// The common appearance of two scans; nil where they have none and it is not insisted on.
  /// - Throws: where it is insisted on, with the scan that lacks it.
  init?(
    _ source: WorkingFrame, _ target: WorkingFrame, names: (source: String, target: String), voxel: Double,
    use: Registrar.Settings.ColorUse
  ) throws(RegistrationError) {
    if use == .off { return nil }
    guard let channel = Self.channel(source.cloud, target.cloud) else {
      if use == .auto { return nil }
      throw RegistrationError(Self.lack(source.cloud, target.cloud, names))
    }
    let (a, b) = (Self.values(source.cloud, channel), Self.values(target.cloud, channel))
    guard let unit = Self.unit(a, b) else {
      if use == .auto { return nil }
      throw RegistrationError("\(names.source): its \(channel) is the same everywhere, which tells nothing apart")
    }
    self.channel = channel
    self.source = Self.brightness(source.cloud, a.map { ($0 - unit.middle) / unit.deviation }, voxel)
    self.target = Self.brightness(target.cloud, b.map { ($0 - unit.middle) / unit.deviation }, voxel)
  }

  /// What both clouds have.
  static func channel(_ a: PointCloud, _ b: PointCloud) -> Channel? {
    if a.colors != nil, b.colors != nil { return .color }
    return a.intensities != nil && b.intensities != nil ? .intensity : nil
  }

  /// Which cloud lacks what, in one line.
  private static func lack(_ a: PointCloud, _ b: PointCloud, _ names: (source: String, target: String)) -> String {
    func bare(_ cloud: PointCloud) -> Bool { cloud.colors == nil && cloud.intensities == nil }
    let name = bare(a) ? names.source : names.target
    if bare(a) || bare(b) {
      return "\(name): has neither colour nor intensity, which both clouds need; do without --use-color on"
    }
    return "\(names.source): has \(a.colors == nil ? "intensity" : "colour") only and the other cloud has not; "
      + "do without --use-color on"
  }

  /// The brightness of every point; what is not finite is taken for the median.
  private static func values(_ cloud: PointCloud, _ channel: Channel) -> [Float] {
    switch channel {
    case .color:
      // Rec. 601 luma.
      return (cloud.colors ?? []).map { 0.299 * Float($0.x) + 0.587 * Float($0.y) + 0.114 * Float($0.z) }
    case .intensity:
      let values = cloud.intensities ?? []
      if values.allSatisfy(\.isFinite) { return values }
      let finite = values.filter(\.isFinite).sorted()
      let middle = finite.isEmpty ? 0 : finite[finite.count / 2]
      return values.map { $0.isFinite ? $0 : middle }
    }
  }

  /// The median of an even sample of both clouds and their median absolute deviation from it as a standard deviation; where
  /// more than half are equal, the mean one. Nil where all are equal.
  private static func unit(_ a: [Float], _ b: [Float]) -> (middle: Float, deviation: Float)? {
    func sample(_ x: [Float]) -> [Float] {
      stride(from: 0, to: x.count, by: max(1, x.count / 20_000)).map { x[$0] }
    }
    let all = (sample(a) + sample(b)).sorted()
    guard !all.isEmpty else { return nil }
    let middle = all[all.count / 2]
    let off = all.map { abs($0 - middle) }.sorted()
    var deviation = 1.4826 * off[off.count / 2]
    if !(deviation > 0) { deviation = off.reduce(0, +) / Float(off.count) }
    return deviation > 0 && deviation.isFinite ? (middle, deviation) : nil
  }

  /// The means of the same voxels as those of `PreparedCloud`, in their order.
  private static func brightness(_ cloud: PointCloud, _ values: [Float], _ voxel: Double) -> Brightness {
    // A few highlights must not outweigh everything else.
    let limited = PointCloud(positions: cloud.positions, intensities: values.map { min(max($0, -4), 4) })
    func means(_ edge: Float) -> [Float] { VoxelGrid(size: edge)(limited).intensities ?? [] }
    return Brightness(coarse: means(Float(voxel)), fine: means(Float(voxel) / 2))
  }
}
