// Stand-ins for what sibling branches build; this file is deleted when they are merged.
import Geometry
import PointClouds
import Registration
import Rendering

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
    let score = PairScore(item: item, outcome: outcome)
    return PairRun(
      outcome: outcome, score: score, inputHashes: inputHashes(of: item),
      seconds: Double((ContinuousClock.now - start).components.attoseconds) * 1e-18, stages: stages)
  }
}
