import Evaluation
import Foundation
import Geometry
import Registration

/// Scores, records and folders for the tests of batches.
enum Batches {
  static let settings = EvaluationSettings()
  static let version = "1.2.3"
  static let key = ResultKey(version: version, settings: settings)

  /// A pair with a pose drawn from its number; every fifth has no truth, overlap and the like.
  static func item(_ k: Int, folder: String = "/nowhere") -> PairItem {
    let x = Double(k) / 7
    let pose = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(1 / (x + 1), x.truncatingRemainder(dividingBy: 2), -x / 9)),
      translation: Point3(x / 3, -1 / 3, 0.1 + x))
    return PairItem(
      id: "list/scene \(k % 3)/\(k)-\(k + 7)", list: "list", scene: "scene \(k % 3)", numbers: (k, k + 7),
      source: CloudReference(path: "\(folder)/\(k).ply"), target: CloudReference(path: "\(folder)/\(k + 7).ply"),
      truth: k % 5 == 0 ? nil : pose, overlap: k % 5 == 0 ? nil : 0.1 + Double(k % 7) / 10)
  }

  /// A benchmark of pairs.
  static func benchmark(_ count: Int, root: String = "/nowhere") -> Benchmark {
    Benchmark(layout: .pairs, root: root, reason: "a test", work: .pairs((0..<count).map { item($0, folder: root) }))
  }

  /// The score of a pair: most are estimated, one of eleven failed.
  static func score(_ k: Int) -> PairScore {
    let item = item(k)
    let outcome: PairScore.Outcome
    if k % 11 == 3 {
      outcome = .failed(status: 65, message: "\(k).ply: \"broken\" \\ é\nsecond line")
    } else {
      let verdict: Verdict? = k % 4 == 0 ? nil : Verdict.allCases[k % 3]
      outcome = .estimated(
        .init(pose: item.truth ?? .identity, verdict: verdict, reasons: k % 3 == 0 ? [] : ["a", "b"]))
    }
    var score = PairScore(
      id: item.id, list: item.list, scene: item.scene, first: item.numbers.first, second: item.numbers.second,
      outcome: outcome)
    score.hasTruth = item.truth != nil
    if item.truth != nil {
      score.rotationErrorDegrees = Double(k) / 3
      score.translationError = 1 / Double(k + 3)
      (score.eulerErrorDegrees, score.modifiedChamfer) = (Point3(1, Double(k) / 7, -3), 1e-7 * Double(k))
      (score.translationDifference, score.inlierRatio) = (Point3(0.1, 0.2, Double(k)), Double(k) / 97)
      (score.matches, score.overlap) = (k, item.overlap)
    }
    return score
  }

  /// The record of a pair.
  static func record(_ k: Int, host: String = "here", inputs: [String] = ["a", "b"]) -> BatchRecord {
    BatchRecord(
      key: key(ItemFacts(item(k)), inputs: inputs), settingsHash: key.settingsHash, result: .pair(score(k)),
      run: BatchRecord.Run(host: host, seconds: 0.1 + Double(k), stages: [.init(name: "read", seconds: 0.05)]))
  }

  /// The manifest of so many pairs.
  static func manifest(_ count: Int, shards: Int = 1, protocolName: String? = nil) -> BatchManifest {
    BatchManifest(
      benchmark(count), settings: settings, version: version, protocolName: protocolName, shards: shards)
  }

  /// A fresh folder, removed afterwards.
  static func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let path = NSTemporaryDirectory() + "/plumb-batches-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// The merged document of a folder as text.
  static func merged(_ folder: String) throws -> String {
    var text = ""
    try EvaluationDocument(MergedResults(ResultsFolder(folder))).pieces { text += $0 }
    return text
  }
}
