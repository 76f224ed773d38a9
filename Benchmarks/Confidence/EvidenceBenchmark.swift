import Evaluation
import Geometry
import PointClouds
import Registration

/// Registers the pairs of benchmark folders and lists, and pairs of scans from different scenes, and prints the evidence for
/// every pose found with whether it is right: what ``ConfidenceBenchmark`` reads.
final class EvidenceBenchmark {
  private let paths: [String]
  private let unrelated: Int
  private let every: Int

  init(_ arguments: Arguments) {
    paths = Array(arguments.positional.dropFirst())
    if paths.isEmpty { fail(usage) }
    unrelated = max(0, arguments.integer("unrelated", 0))
    every = max(1, arguments.integer("every", 1))
  }

  func run() {
    print(EvidenceRow.header)
    for path in paths {
      let all = PairItem.all(in: path)
      let items = all.indices.filter { $0 % every == 0 }.map { all[$0] }
      for item in items { measure(item, isRelated: true) }
      for item in Self.unrelated(items, count: unrelated) { measure(item, isRelated: false) }
    }
  }

  /// Sources with targets of other scenes of their list, each at most once; of objects, with other objects. Lists without
  /// scenes or diameters say nothing of what is unrelated.
  private static func unrelated(_ items: [PairItem], count: Int) -> [PairItem] {
    var (found, seen): ([PairItem], Set<String>) = ([], [])
    for turn in 1...max(1, items.count) {
      for (k, own) in items.enumerated() where found.count < count {
        let other = items[(k + 7 * turn) % items.count]
        let isElsewhere = own.scene.isEmpty ? own.diameter != nil && other.id != own.id : other.scene != own.scene
        guard own.list == other.list, isElsewhere, seen.insert("\(own.source.path) \(other.target.path)").inserted
        else {
          continue
        }
        var item = own
        (item.id, item.target, item.truth) = ("\(own.id)x\(other.id)", other.target, nil)
        found.append(item)
      }
    }
    return found
  }

  private func measure(_ item: PairItem, isRelated: Bool) {
    do {
      let cloud = try item.source.read(with: CloudReader())
      let target = try item.target.read(with: CloudReader())
      let result = try Registrar()(source: cloud, target: target)
      guard let evidence = result.evidence else { return }
      let isRight = isRelated && item.confirms(result.targetFromSource, center: cloud.positions.mean)
      print(
        EvidenceRow(
          list: item.list, isRelated: isRelated, isRight: isRight, verdict: result.verdict, evidence: evidence))
    } catch {
      fail("\(item.id): \(error)")
    }
  }
}

extension PairItem {
  /// The pairs of a benchmark folder or a list.
  static func all(in path: String) -> [PairItem] {
    var reader = BenchmarkReader()
    reader.allowsOutside = true
    do {
      guard case .pairs(let items) = try reader(path).work else { fail("\(path): no pairs of clouds") }
      return items
    } catch {
      fail("\(error)")
    }
  }

  /// Whether a pose is right: the RMSE of 3DMatch at most 0.2 m where the benchmark has the matrix for it; else a rotation within
  /// 5 degrees and a displacement of the source's centre within 5 % of an object's diameter, or 0.6 m.
  func confirms(_ pose: RigidTransform, center: Point3) -> Bool {
    guard let truth else { fail("\(id): has no true pose") }
    let error = truth.inverse * pose
    if let information {
      return information.rootMeanSquareError(of: error, .published).map { $0 <= 0.2 } ?? false
    }
    return error.rotation.angleDegrees < 5 && (error(center) - center).length < (diameter.map { 0.05 * $0 } ?? 0.6)
  }
}
