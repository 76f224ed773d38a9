import Rendering
import Registration

/// Tells the user when one cloud looks like the other in different units.
struct UnitWarning {
  private let mismatch: SizeMismatch
  private let units: SizeMismatch.Units

  /// A warning; nil where no mix-up of units explains the sizes.
  init?(_ mismatch: SizeMismatch?) {
    guard let mismatch, let units = mismatch.units else { return nil }
    self.mismatch = mismatch
    self.units = units
  }

  /// Says so, and what to do.
  func say() {
    let (small, large) =
      switch units {
      case .millimetres: ("mm", "m")
      case .inchesInMillimetres: ("mm", "inches")
      case .feetInMillimetres: ("mm", "feet")
      }
    let (source, target) = mismatch.extentRatio > 1 ? (small, large) : (large, small)
    let (cloud, other) = mismatch.extentRatio > 1 ? ("target", "source") : ("source", "target")
    let factor = units.factor.significant(6)
    Console.remark(
      "warning",
      "extents differ \(mismatch.times): source looks like \(source), target like \(target). Nothing is rescaled; "
        + "scale the \(cloud) ×\(factor) (or the \(other) ×1/\(factor)) and register again.")
  }

  /// Says by what the source was converted, or that it was not although the sizes differ.
  static func sayApplied(_ factor: Double, _ mismatch: SizeMismatch?) {
    guard let (from, to) = UnitRatio.conversion(of: factor), let mismatch else {
      UnitWarning(mismatch)?.say()
      return
    }
    Console.remark(
      "warning",
      "extents differ \(mismatch.times): source looks like \(from), target like \(to). Source read as \(from) "
        + "(factor \(factor.significant(6))); without --units auto nothing is rescaled.")
  }
}
