import Geometry
import Registration

/// The sums behind one row of the ablation.
struct AblationTally {
  private var pairs = 0
  private var (coarseRatio, bestRatio, kept) = (0.0, 0.0, 0)
  private var (areas, areaCount) = (0.0, 0)
  private var (fineRatio, fineCount, featureMatched) = (0.0, 0, 0)
  private var (treeSeconds, totalSeconds) = (0.0, 0.0)
  private var (judged, first, registered) = (0, 0, 0)

  /// Counts a pair: what the tree said of it, and what the whole registration made of it.
  mutating func add(_ evidence: TreeEvidence?, _ truth: PairTruth, _ result: RegistrationResult?) {
    pairs += 1
    if let evidence { add(evidence, truth) }
    guard let result else { return }
    if truth.isRight(result.targetFromSource) { registered += 1 }
    treeSeconds += result.stages.first { $0.name == "tree" }?.seconds ?? 0
    totalSeconds += result.stages.reduce(0) { $0 + $1.seconds }
  }

  private mutating func add(_ evidence: TreeEvidence, _ truth: PairTruth) {
    judged += 1
    let isRight = evidence.coarse.map { truth.confirms($0, voxels: 4) }
    func ratio(_ places: some Collection<Int>) -> Double {
      Double(places.count { isRight[$0] }) / Double(max(places.count, 1))
    }
    kept += evidence.kept.count
    coarseRatio += ratio(evidence.kept)
    bestRatio += ratio(evidence.kept.prefix(64))
    // Without a tree the order of the putative set is all there is.
    let scores = evidence.consistency ?? evidence.coarse.indices.map { -Float($0) }
    if let area = areaUnderCurve(scores, isRight: isRight) {
      areas += area
      areaCount += 1
    }
    let right = evidence.fine.count { truth.confirms($0, voxels: 2) }
    let share = Double(right) / Double(max(evidence.fine.count, 1))
    fineRatio += share
    fineCount += evidence.fine.count
    if share > 0.05 { featureMatched += 1 }
    if let pose = evidence.poses.first, truth.isRight(local: pose) { first += 1 }
  }

  /// The heads of the columns.
  static let columns = [
    "coarse IR (kept)", "IR of the best 64", "AUC", "fine IR (n)", "FMR", "first pose right", "RR", "tree time",
    "whole time",
  ]

  /// The row; times are relative to those of another row.
  func row(relativeTo base: AblationTally) -> [String] {
    guard pairs > 0 else { return AblationTally.columns.map { _ in "-" } }
    let n = Double(max(judged, 1))
    func percent(_ count: Int) -> String { (100 * Double(count) / Double(pairs)).digits(1) }
    let evidence =
      judged == 0
      ? [String](repeating: "-", count: 6)
      : [
        "\((coarseRatio / n).digits(3)) (\((Double(kept) / n).digits(0)))", (bestRatio / n).digits(3),
        areaCount > 0 ? (areas / Double(areaCount)).digits(3) : "-",
        "\((fineRatio / n).digits(3)) (\((Double(fineCount) / n).digits(0)))", percent(featureMatched), percent(first),
      ]
    return evidence + [
      percent(registered), (treeSeconds / max(base.treeSeconds, 1e-9)).digits(2),
      (totalSeconds / max(base.totalSeconds, 1e-9)).digits(2),
    ]
  }

  /// How many pairs were registered rightly, of how many.
  var recall: String { "\((100 * Double(registered) / Double(max(pairs, 1))).digits(1))" }
}

extension Double {
  /// The number with so many digits after the point.
  func digits(_ count: Int) -> String {
    let scale = (0..<count).reduce(1.0) { value, _ in value * 10 }
    let rounded = (self * scale).rounded() / scale
    guard count > 0 else { return "\(Int(rounded))" }
    let text = "\(rounded)"
    let decimals = text.split(separator: ".").last?.count ?? 0
    return text + String(repeating: "0", count: max(0, count - decimals))
  }
}
