import Geometry
import PointClouds

/// How much larger one cloud is than the other, and whether that smells of units: a cloud in millimetres against one in
/// metres is 1000 times larger and 1000 times sparser.
///
/// A part registered on a large map also differs in size, but its points are about as dense as the map's; so a scaled copy
/// is told from a part by its spacing.
public struct SizeMismatch: Sendable, Equatable {
  /// A pair of units that people mix up.
  public enum Units: String, Sendable {
    /// Millimetres against metres.
    case millimetres
    /// Millimetres against inches.
    case inchesInMillimetres
    /// Millimetres against feet.
    case feetInMillimetres

    /// How many of the small unit make the large one.
    public var factor: Double {
      switch self {
      case .millimetres: 1000
      case .inchesInMillimetres: 25.4
      case .feetInMillimetres: 304.8
      }
    }
  }

  /// The source's robust diagonal over the target's.
  public let extentRatio: Double
  /// The source's point spacing over the target's.
  public let spacingRatio: Double

  /// Compares two clouds; nil when one has no extent.
  public init?(source: SpacingEstimate, target: SpacingEstimate) {
    let ratio = Double(source.extent.diagonal) / Double(target.extent.diagonal)
    guard ratio > 0, ratio.isFinite else { return nil }
    extentRatio = ratio
    spacingRatio = target.spacing > 0 && source.spacing > 0 ? Double(source.spacing) / Double(target.spacing) : 1
  }

  /// The ratio of the larger cloud to the smaller.
  public var ratio: Double { max(extentRatio, 1 / extentRatio) }

  /// Whether extents and spacing differ by the same large factor: one cloud looks like the other, scaled.
  public var looksScaled: Bool {
    let relative = spacingRatio / extentRatio
    return ratio >= 4 && relative > 0.4 && relative < 2.5
  }

  /// The units that explain the ratio, within what two views of one scene may differ.
  public var units: Units? {
    guard looksScaled else { return nil }
    return [Units.millimetres, .feetInMillimetres, .inchesInMillimetres].first {
      ratio > $0.factor / 1.3 && ratio < $0.factor * 1.3
    }
  }
}
