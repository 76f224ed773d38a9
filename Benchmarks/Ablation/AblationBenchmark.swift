import Evaluation
import Geometry
import PointClouds
import Registration

/// What each part of the tree adds: rows as in the paper's Table 6, how many hypotheses are needed, and recall without free
/// space, over the pairs of a benchmark folder or a list of pairs. Prints tables in Markdown.
final class AblationBenchmark {
  private let path: String
  private let every: Int
  private var rows: [[AblationTally]] = []
  private var blind: [[AblationTally]] = []
  private var orders: [[(name: String, tally: HypothesisTally)]] = []
  private var lists: [(name: String, pairs: Int)] = []
  private var scans: (scene: String, kept: [CloudReference: PreparedScan]) = ("", [:])

  init(_ arguments: Arguments) {
    path = arguments.cloudPath(1)
    every = max(1, arguments.integer("every", 1))
  }

  func run() {
    for (k, item) in PairItem.all(in: path).enumerated() where k % every == 0 {
      do {
        try measure(item)
      } catch {
        fail("\(item.id): \(error)")
      }
    }
    for (k, list) in lists.enumerated() { report(k, list) }
  }

  private func measure(_ item: PairItem) throws {
    let (source, target) = (try scan(item.source, item), try scan(item.target, item))
    let probe = try HypothesisProbe(source: source, target: target, settings: Registrar.Settings())
    guard let truth = PairTruth(item, probe) else { fail("\(item.id): has no true pose") }
    let list = place(of: item.list)
    lists[list].pairs += 1
    var plain = TransportTree.Settings()
    plain.depth = 0
    let coarse = TransportTree(voxel: Float(probe.voxel), settings: plain)(
      source: probe.features.source, target: probe.features.target
    ).coarse
    var evidence: [(name: String, evidence: TreeEvidence)] = []
    for (k, variant) in AblationVariant.all.enumerated() {
      let found = TreeEvidence(variant.settings, probe, coarse: coarse)
      let result = try Registrar(settings: variant.settings)(source: source, target: target)
      rows[list][k].add(found, truth, result)
      if variant.settings.tree == .paper, let found { evidence.append((variant.name, found)) }
    }
    for (k, variant) in AblationVariant.withoutFreeSpace.enumerated() {
      blind[list][k].add(nil, truth, try Registrar(settings: variant.settings)(source: source, target: target))
    }
    let shown = [evidence.first, evidence.last].compactMap(\.self)
    for (k, order) in HypothesisTally.orders(probe, coarse: coarse, evidence: shown).enumerated() {
      if orders[list].count <= k { orders[list].append((order.name, HypothesisTally())) }
      orders[list][k].tally.add(order.poses, truth, probe)
    }
  }

  /// The tables of a list of pairs.
  private func place(of name: String) -> Int {
    if let known = lists.firstIndex(where: { $0.name == name }) { return known }
    lists.append((name, 0))
    rows.append(AblationVariant.all.map { _ in AblationTally() })
    blind.append(AblationVariant.withoutFreeSpace.map { _ in AblationTally() })
    orders.append([])
    return lists.count - 1
  }

  /// A scan, prepared once for the pairs of its scene.
  private func scan(_ reference: CloudReference, _ item: PairItem) throws -> PreparedScan {
    let scene = "\(item.list)/\(item.scene)"
    if scans.scene != scene { scans = (scene, [:]) }
    if let kept = scans.kept[reference] { return kept }
    let scan = try PreparedScan(try reference.read(with: CloudReader()), name: reference.path)
    // Lists without scenes never come back to a scan often enough to keep all of them.
    if scans.kept.count >= 64 { scans.kept = [:] }
    scans.kept[reference] = scan
    return scan
  }

  private func report(_ k: Int, _ list: (name: String, pairs: Int)) {
    print("\(list.name), \(list.pairs) pairs\n")
    table(
      ["variant"] + AblationTally.columns,
      zip(AblationVariant.all, rows[k]).map { [$0.name] + $1.row(relativeTo: rows[k][AblationVariant.standard]) })
    table(["right pose among the first"] + HypothesisTally.columns, orders[k].map { [$0.name] + $0.tally.row })
    table(
      ["variant", "RR", "RR without free space"],
      AblationVariant.withoutFreeSpace.indices.map {
        [AblationVariant.all[$0].name, rows[k][$0].recall, blind[k][$0].recall]
      })
  }

  private func table(_ head: [String], _ rows: [[String]]) {
    for (k, row) in ([head] + rows).enumerated() {
      print("| \(row.joined(separator: " | ")) |")
      if k == 0 { print("|\(String(repeating: "---|", count: head.count))") }
    }
    print()
  }
}
