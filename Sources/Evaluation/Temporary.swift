// Stand-ins for what sibling branches build; this file is deleted when they are merged.
import Geometry
import PointClouds
import Registration
import Rendering

public struct BenchmarkError: Error, CustomStringConvertible, Sendable {
  public let description: String
  public init(_ description: String) { self.description = description }
}

public struct BenchmarkReader: Sendable {
  public init(layout: Layout? = nil, allowsOutside: Bool = false) {}
  public func callAsFunction(_ path: String) throws -> Benchmark {
    let records = try TextRecords(path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var items: [PairItem] = []
    for line in records.lines {
      guard line.words.count == 18 else { throw records.error(line, "\(line.words.count) columns, 18 expected") }
      let truth: RigidTransform
      do { truth = try RigidTransform(rowMajor: records.finiteNumbers(line, from: 2)) } catch let error
        as NotARigidMotion
      {
        throw records.error(line, error.description)
      }
      items.append(
        PairItem(
          id: "pairs/\(line.number)", list: "pairs", scene: "", numbers: (line.number, line.number),
          source: CloudReference(path: folder + line.words[0]), target: CloudReference(path: folder + line.words[1]),
          place: "\(path) line \(line.number)", truth: truth))
    }
    return Benchmark(layout: .pairs, root: path, reason: "a list of pairs", work: .pairs(items))
  }
}

public struct PairRun: Sendable {
  public var outcome: PairScore.Outcome
  public var score: PairScore
  public var inputHashes: [String]
  public var seconds: Double
  public var stages: [StageReport]
}

public struct PairRunner: Sendable {
  let settings: Registrar.Settings
  let reader: CloudReader
  public init(settings: Registrar.Settings, reader: CloudReader, memoryBudget: Int) {
    (self.settings, self.reader) = (settings, reader)
  }
  public func inputHashes(of item: PairItem) -> [String] {
    [item.source, item.target].map {
      (try? SmallFile.read($0.path, limit: 1 << 30)).map { bytes in
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
      } ?? "-"
    }
  }
  public func callAsFunction(_ item: PairItem) -> PairRun {
    let start = ContinuousClock.now
    var outcome = PairScore.Outcome.missing
    var stages: [StageReport] = []
    do {
      let (a, b) = (try reader(item.source.path), try reader(item.target.path))
      let result = try Registrar(settings: settings)(source: a.cloud, target: b.cloud)
      stages = result.stages
      outcome = .estimated(.init(pose: result.targetFromSource, verdict: result.verdict, reasons: result.reasons))
    } catch let error as CloudFileError {
      outcome = .failed(status: 66, message: error.description)
    } catch {
      outcome = .failed(status: 65, message: "\(error)")
    }
    var score = PairScore(
      id: item.id, list: item.list, scene: item.scene, first: item.numbers.first, second: item.numbers.second,
      outcome: outcome)
    if let truth = item.truth, let pose = score.estimate?.pose {
      score.rotationErrorDegrees = (pose.rotation.inverse * truth.rotation).angleDegrees
      score.translationError = (pose.translation - truth.translation).length
    }
    return PairRun(
      outcome: outcome, score: score, inputHashes: inputHashes(of: item),
      seconds: Double((ContinuousClock.now - start).components.attoseconds) * 1e-18, stages: stages)
  }
}

public enum PairProtocol: String, Sendable, CaseIterable { case plain }

public struct PairEvaluation: Sendable {
  public let scores: [PairScore]
  public init(_ scores: [PairScore]) { self.scores = scores }
  public var tables: [ScoreTable] {
    let right = scores.count { ($0.rotationErrorDegrees ?? 180) < 15 && ($0.translationError ?? 9) < 0.3 }
    return [
      ScoreTable(
        title: "pairs, 15 degrees and 0.3 m", columns: ["list", "pairs", "right"],
        rows: [.init(name: "all", cells: [.count(scores.count), .count(right)], isSummary: true)])
    ]
  }
}

extension ScoreTable {
  public var text: String {
    title + "\n" + columns.joined(separator: "  ") + "\n"
      + rows.map { $0.name + $0.cells.map { "  \($0)" }.joined() + "\n" }.joined()
  }
  public var csv: String { columns.joined(separator: ",") + "\n" }
  package var json: JSONValue { .members(["title": .string(title)]) }
}

public struct EstimateReader: Sendable {
  public init() {}
  public func callAsFunction(_ path: String, for benchmark: Benchmark) throws -> [PairScore] { [] }
}
